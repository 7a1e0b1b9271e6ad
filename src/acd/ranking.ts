/**
 * Who waits in front of whom: the rule of docs/routing.md, and nothing else ranks.
 *
 *   effective priority = the contact's own + that of its tier + that of its queue
 *   with ageing:         queuedAt − effective priority × ageing, smaller first
 *   without:             effective priority, larger first, then queuedAt
 *   then, of equals:     the age, then the id
 *
 * A rank never changes while its contact waits as it is, so that lines stay sorted by themselves.
 */
import type { ContactId, QueueId } from '../base/ids.ts';
import { countBefore, itemAt } from '../base/sorted.ts';
import type { Sorted } from '../base/sorted.ts';
import type { Contact, Place, Seat } from './contact.ts';
import type { Centre, Routing } from './model.ts';

export interface Rank {
  readonly id: ContactId;
  readonly queue: QueueId;
  /** The effective priority. */
  readonly points: number;
  /** Compared first: 0 for all where priorities age. */
  readonly strict: number;
  readonly key: number;
  readonly since: number;
  /** The contact's own, or of the one it stands in front of by request. */
  readonly tie: ContactId;
  readonly seat: number;
}

export function rankOf(routing: Routing, { id, state }: InLine): Rank {
  const { seat, queue } = state;
  const like = seat?.like ?? { id, queuedAt: state.queuedAt };
  const { ageingMs } = routing.centre.order;
  const points = effectivePriority(routing, state);
  const ranked = seat === undefined ? points : effectivePriority(routing, { ...seat.like, queue });
  return {
    id, queue, points, since: like.queuedAt, tie: like.id, seat: seat?.at ?? 0,
    strict: ageingMs === undefined ? -ranked : 0,
    key: ageingMs === undefined ? like.queuedAt : like.queuedAt - ranked * ageingMs,
  };
}

export function effectivePriority({ centre, queues }: Routing, { priority, tier, queue }: Pick<Place, 'priority' | 'tier' | 'queue'>): number {
  return priority + (tier === 'vip' ? centre.order.vip : 0) + (queues.get(queue)?.priority ?? 0);
}

/** Who comes first in one queue. */
export function beforeInLine(a: Rank, b: Rank): number {
  return a.strict - b.strict || a.key - b.key || a.since - b.since || byId(a.tie, b.tie) || a.seat - b.seat || byId(a.id, b.id);
}

/** Who is served first by an agent of several queues, of the first of each; in one queue the line is the order. */
export function beforeAcrossQueues({ routing }: Centre, a: Rank, b: Rank): number {
  return (routing.centre.order.acrossQueues === 'longest-waiting' && a.queue !== b.queue ? a.since - b.since : 0) || beforeInLine(a, b);
}

/**
 * The place that was asked for, 1 the first: taken as far as nobody of higher priority is overtaken, and no later than
 * it would be anyway. Undefined where that is its own place.
 */
export function seatAt(line: Sorted<Rank>, own: Rank, position: number, likeOf: (rank: Rank) => Seat['like'] | undefined): Seat | undefined {
  const natural = countBefore(line, own);
  let wanted = position - 1;
  for (let index = wanted; index < natural; index += 1) if ((itemAt(line, index)?.points ?? 0) > own.points) wanted = index + 1;
  const next = wanted < natural ? itemAt(line, wanted) : undefined;
  const like = next && likeOf(next);
  if (next === undefined || like === undefined) return undefined;
  const before = wanted > 0 ? itemAt(line, wanted - 1) : undefined;
  return { like, at: before?.tie === next.tie ? (before.seat + next.seat) / 2 : next.seat - 1 };
}

const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The rank as one growing number, for the sorted sets that others read; a place by request is that of the one behind it.
 * Exact while priorities are within ±100: a millisecond date needs 41 bits.
 */
export const lineScore = ({ strict, key }: Rank): number => key + strict * 1e13;

export type InLine = Contact & { state: Place };

export function inLine(contact: Contact | undefined): InLine | undefined {
  if (contact === undefined) return undefined;
  // The statuses that stand in a line all hold a Place; TypeScript does not narrow the contact by its state.
  return standing.has(contact.state.status) ? (contact as InLine) : undefined;
}

const standing: ReadonlySet<Contact['state']['status']> = new Set(['waiting', 'offered', 'callback', 'dialling']);
