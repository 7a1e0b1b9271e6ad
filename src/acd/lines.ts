/**
 * The waiting lines. Each queue has its whole line in the callers' order, those being offered among them; and, of those
 * who may be rung for, one lane for each need in force, because an agent may have the first of one lane and of another nobody.
 * Those who left the phone stand in no lane where no agent is rung for them before they are on the line.
 */
import type { ContactId, QueueId } from '../base/ids.ts';
import { countBefore, each, insert, newSorted, remove } from '../base/sorted.ts';
import type { Sorted } from '../base/sorted.ts';
import { beginWant, endWant } from './pools.ts';
import { isDialledFirst } from './callback-rule.ts';
import type { Contact, Place } from './contact.ts';
import type { Centre } from './model.ts';
import { hasLeft } from './open-callbacks.ts';
import { beforeInLine, inLine, rankOf } from './ranking.ts';
import type { InLine, Rank } from './ranking.ts';
import { levelFor, takesAnother } from './ring-all.ts';
import { wantOf } from './wants.ts';
import type { Want } from './wants.ts';

export interface Line {
  readonly all: Sorted<Rank>;
  /** By need and level; none is empty. */
  readonly lanes: Map<string, Lane>;
  /** Who is to be called back and may be dialled, and who is being dialled. */
  readonly callable: Sorted<Rank>;
  readonly dialling: Sorted<Rank>;
  /** Who left the phone and is not being dialled. */
  readonly away: Set<ContactId>;
}

export interface Lane {
  readonly key: string;
  readonly want: Want;
  /** Agents of a higher level are not for them yet. */
  readonly level: number;
  /** Phones ring for them already, and others may. */
  readonly ringing: boolean;
  readonly waiting: Sorted<Rank>;
}

/** Where a contact stands, so that it is found again without a search. */
export interface Standing {
  readonly line: Line;
  readonly rank: Rank;
  place: Place;
  lane: Lane | undefined;
  /** Of the line, where it is to be called back. */
  called: Sorted<Rank> | undefined;
}

/** In the callers' order. */
export const standingIn = ({ lines }: Centre, queue: QueueId): ContactId[] => [...each(lines.get(queue)?.all ?? none)].map(({ id }) => id);
const none = newSorted(beforeInLine);

export const lengthOf = ({ lines }: Centre, queue: QueueId): number => lines.get(queue)?.all.size ?? 0;

/** Without those who left the phone: they hold nobody up, and have a limit of their own. */
export function callersIn({ lines }: Centre, queue: QueueId): number {
  const line = lines.get(queue);
  return line === undefined ? 0 : line.all.size - line.away.size;
}

/** 1 for who is next. */
export function positionOf(centre: Centre, contact: InLine): number {
  return countBefore(lineOf(centre, contact.state.queue).all, rankOf(centre.routing, contact)) + 1;
}

/** Call after the contact was set (or removed: `after` undefined). */
export function indexPlace(centre: Centre, before: Contact | undefined, after: Contact | undefined): void {
  const is = inLine(after);
  const id = after?.id ?? before?.id;
  if (id === undefined) return;
  const stands = centre.standings.get(id);
  if (stands !== undefined && (is === undefined || !isSamePlace(stands.place, is.state))) leave(centre, id, stands);
  if (is === undefined) return;
  const standing = centre.standings.get(id) ?? enter(centre, is);
  // Who is kept for one agent is found by that agent, and by nobody else.
  const waits = is.hold === undefined && takesAnother(centre, is);
  if (standing.lane !== undefined && (!waits || standing.place.widened !== is.state.widened || isOfAnother(centre, standing.lane, is))) leaveLane(centre, standing, standing.lane);
  standing.place = is.state;
  indexCalled(centre, is, standing);
  if (waits && standing.lane === undefined) enterLane(centre, is, standing);
}

export function lineOf({ lines }: Centre, queue: QueueId): Line {
  const line = lines.get(queue) ?? { all: newSorted(beforeInLine), lanes: new Map(), callable: newSorted(beforeInLine), dialling: newSorted(beforeInLine), away: new Set() };
  lines.set(queue, line);
  return line;
}

function enter(centre: Centre, contact: InLine): Standing {
  const line = lineOf(centre, contact.state.queue);
  const standing: Standing = { line, rank: rankOf(centre.routing, contact), place: contact.state, lane: undefined, called: undefined };
  insert(line.all, standing.rank);
  centre.standings.set(contact.id, standing);
  return standing;
}

function enterLane(centre: Centre, contact: InLine, standing: Standing): void {
  const { lanes } = standing.line;
  const want = wantOf(centre, contact);
  const level = levelFor(centre, contact);
  const ringing = contact.state.status === 'offered';
  const key = level === Number.POSITIVE_INFINITY && !ringing ? want.key : `${want.key} @${level}${ringing ? ' ringing' : ''}`;
  const lane = lanes.get(key) ?? openLane(centre, contact.state.queue, { key, want, level, ringing, waiting: newSorted(beforeInLine) });
  lanes.set(key, lane);
  insert(lane.waiting, standing.rank);
  standing.lane = lane;
}

/** It began to ring or ceased to, or rings at another level. */
const isOfAnother = (centre: Centre, { ringing, level }: Lane, contact: InLine): boolean =>
  ringing !== (contact.state.status === 'offered') || (ringing && level !== levelFor(centre, contact));

function openLane(centre: Centre, queue: QueueId, lane: Lane): Lane {
  beginWant(centre, queue, lane.want);
  return lane;
}

function indexCalled(centre: Centre, contact: Contact & InLine, standing: Standing): void {
  const { state } = contact;
  const { line, called, rank } = standing;
  if (isAway(contact)) line.away.add(contact.id);
  else line.away.delete(contact.id);
  const list = state.status === 'dialling' ? line.dialling : isDialledFirst(centre, contact) ? line.callable : undefined;
  if (list === called) return;
  if (called !== undefined) remove(called, rank);
  if (list !== undefined) insert(list, rank);
  standing.called = list;
  if (line.callable.size > 0) centre.callable.add(rank.queue);
  else centre.callable.delete(rank.queue);
}

export const isAway = (contact: Contact): boolean => hasLeft(contact) && contact.state.status !== 'dialling';

function leave(centre: Centre, id: ContactId, standing: Standing): void {
  standing.line.away.delete(id);
  if (standing.called !== undefined) remove(standing.called, standing.rank);
  if (standing.line.callable.size === 0) centre.callable.delete(standing.rank.queue);
  if (standing.lane !== undefined) leaveLane(centre, standing, standing.lane);
  remove(standing.line.all, standing.rank);
  centre.standings.delete(id);
}

function leaveLane(centre: Centre, standing: Standing, lane: Lane): void {
  remove(lane.waiting, standing.rank);
  if (lane.waiting.size === 0) {
    standing.line.lanes.delete(lane.key);
    endWant(centre, standing.place.queue, lane.want);
  }
  standing.lane = undefined;
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.queue === b.queue && a.queuedAt === b.queuedAt && a.enteredAt === b.enteredAt && a.priority === b.priority && a.tier === b.tier && a.seat === b.seat && a.asks === b.asks;
}
