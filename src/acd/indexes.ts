/** What can be found again from contacts and agents alone, kept so that nobody searches: lines, free agents, legs, deadlines. */
import type { QueueId } from '../base/ids.ts';
import { noteShut } from './callback-rule.ts';
import { callsAt, hasLeft, keyOf } from './open-callbacks.ts';
import { push } from './heap.ts';
import type { Agent } from './agent.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { indexFree, indexTurns } from './floor.ts';
import { indexPlace, standingIn } from './lines.ts';
import { inLine } from './ranking.ts';
import { noteStaff } from './staffed.ts';
import { widensAt } from './rings.ts';
import { nextOf } from './wait-deadline.ts';

/** Call after the contact was set (or removed: `after` undefined). */
export function indexContact(centre: Centre, before: Contact | undefined, after: Contact | undefined): void {
  indexPlace(centre, before, after);
  indexLegs(centre, before, after);
  indexHold(centre, before, after);
  indexCallback(centre, before, after);
  if (after === undefined) return;
  const { state } = after;
  const next = nextOf(centre, after);
  if (next !== undefined && next !== nextOf(centre, before)) push(centre.deadlines, { at: next, kind: 'waiting', contact: after.id });
  indexWidening(centre, before, after);
  if (state.status === 'closing' && before?.state.status !== 'closing') push(centre.deadlines, { at: state.until, kind: 'closing', contact: after.id });
  if (state.status === 'transferring') push(centre.deadlines, { at: state.until, kind: 'transfer', contact: after.id });
}

/** Call after a queue was opened again: who could not overflow into it may now. */
export function indexOverflows(centre: Centre, to: QueueId): void {
  for (const { id, overflow } of centre.routing.queues.values()) {
    if (overflow?.to !== to) continue;
    for (const contact of standingIn(centre, id)) {
      const next = nextOf(centre, centre.contacts.get(contact));
      if (next !== undefined) push(centre.deadlines, { at: next, kind: 'waiting', contact });
    }
  }
}

/** Once for each step, whether or not a phone rings meanwhile. */
function indexWidening(centre: Centre, before: Contact | undefined, after: Contact): void {
  const was = inLine(before)?.state;
  const is = inLine(after)?.state;
  if (is === undefined || (was !== undefined && was.queue === is.queue && was.enteredAt === is.enteredAt && was.queuedAt === is.queuedAt && was.widened === is.widened)) return;
  const at = widensAt(centre, is);
  if (at !== undefined) push(centre.deadlines, { at, kind: 'widen', contact: after.id });
}

/** Of those who are to be called back by agents, who may be rung for depends on whether the queue is open. */
export function indexShut(centre: Centre, queue: QueueId): void {
  if (!noteShut(centre, queue)) return;
  for (const id of standingIn(centre, queue)) {
    const contact = centre.contacts.get(id);
    if (contact !== undefined && hasLeft(contact)) indexPlace(centre, contact, contact);
  }
}

function indexCallback({ callbacks, deadlines }: Centre, before: Contact | undefined, after: Contact | undefined): void {
  if (before?.callback === undefined && after?.callback === undefined) return;
  const [was, is] = [keyOf(before), keyOf(after)];
  if (was !== undefined && was !== is && callbacks.get(was) === before?.id) callbacks.delete(was);
  if (is !== undefined && after !== undefined) callbacks.set(is, after.id);
  const due = callsAt(after);
  if (after !== undefined && due !== undefined && due !== callsAt(before)) push(deadlines, { at: due, kind: 'callback', contact: after.id });
}

function indexHold({ held, deadlines }: Centre, before: Contact | undefined, after: Contact | undefined): void {
  if (before?.hold === after?.hold) return;
  const of = before?.hold?.for;
  const were = of === undefined || of === null ? undefined : held.get(of);
  if (before !== undefined && were?.delete(before.id) && were.size === 0 && of !== undefined && of !== null) held.delete(of);
  if (after?.hold === undefined) return;
  push(deadlines, { at: after.hold.until, kind: 'hold', contact: after.id });
  if (after.hold.for !== null) held.set(after.hold.for, (held.get(after.hold.for) ?? new Set()).add(after.id));
}

function indexLegs(centre: Centre, before: Contact | undefined, after: Contact | undefined): void {
  if (before !== undefined && after !== undefined && before.leg === after.leg && otherLegOf(before) === otherLegOf(after)) return;
  for (const leg of legsOf(before)) centre.legs.delete(leg);
  for (const leg of legsOf(after)) if (after !== undefined) centre.legs.set(leg, after.id);
}

/** The legs that the contact's own state names; an offer's leg is the offer's. */
export function legsOf(contact: Contact | undefined): Contact['leg'][] {
  if (contact === undefined) return [];
  const other = otherLegOf(contact);
  return other === undefined ? [contact.leg] : [contact.leg, other];
}

function otherLegOf({ state }: Contact): Contact['leg'] | undefined {
  if (state.status === 'connected') return state.agentLeg;
  if (state.status === 'dialling') return state.for?.leg;
  return state.status === 'transferring' || state.status === 'transferred' ? state.leg : undefined;
}

/** Call after the agent was set (or removed: `after` undefined). */
export function indexAgent(centre: Centre, before: Agent | undefined, after: Agent | undefined): void {
  const id = after?.id ?? before?.id;
  if (id !== undefined) indexFree(centre, id);
  if (after !== undefined) noteStaff(centre, after);
  if (after?.work !== undefined && before?.work !== after.work) indexTurns(centre, after);
  if (before?.presence !== after?.presence) {
    const longestMs = after?.presence.status === 'paused' ? centre.routing.centre.breaks.get(after.presence.reason)?.longestMs : undefined;
    if (after !== undefined && longestMs !== undefined) push(centre.deadlines, { at: after.presence.since + longestMs, kind: 'break', agent: after.id });
    if (after?.presence.status === 'wrap-up' && after.presence.until !== undefined) push(centre.deadlines, { at: after.presence.until, kind: 'wrap-up', agent: after.id });
  }
  if (after !== undefined && after.restUntil !== 0 && before?.restUntil !== after.restUntil) push(centre.deadlines, { at: after.restUntil, kind: 'rest', agent: after.id });
}
