/** The orders in which contacts wait and agents are chosen. Everything that ranks, ranks by these. */
import type { AgentId, ContactId } from '../base/ids.ts';
import type { Agent, Centre, Contact, Place } from './model.ts';

/** Who comes first in one queue: higher priority, then older, then the id, so that no two are equal. */
export function beforeInLine(a: Contact & { state: Place }, b: Contact & { state: Place }): number {
  return b.state.priority - a.state.priority || a.state.queuedAt - b.state.queuedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Who is served first by an agent of several queues: the queue's priority counts too. */
export function beforeAcrossQueues(centre: Centre, a: Contact & { state: Place }, b: Contact & { state: Place }): number {
  return effectivePriority(centre, b.state) - effectivePriority(centre, a.state) || a.state.queuedAt - b.state.queuedAt || (a.id < b.id ? -1 : 1);
}

export function effectivePriority(centre: Centre, place: Place): number {
  return place.priority + (centre.routing.queues.get(place.queue)?.priority ?? 0);
}

/** Longest idle first. */
export function longestIdle(a: Agent, b: Agent): number {
  return idleSince(a) - idleSince(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function idleSince(agent: Agent): number {
  return 'idleSince' in agent.presence ? agent.presence.idleSince : Number.POSITIVE_INFINITY;
}

/**
 * The place in line as one growing number, for the sorted sets that others read. Priorities are within ±100 and a
 * millisecond date needs 41 bits, so the sum is exact in a double.
 */
export const lineScore = (place: Place): number => place.queuedAt - place.priority * 1e13;

export type InLine = Contact & { state: Place };

export function inLine(contact: Contact | undefined): InLine | undefined {
  if (contact === undefined) return undefined;
  // The two statuses that stand in a line both hold a Place; TypeScript does not narrow the contact by its state.
  return contact.state.status === 'waiting' || contact.state.status === 'offered' ? (contact as InLine) : undefined;
}

/** Inserts into a list kept in order; the list's own members are looked up by id. */
export function insertSorted<Key extends AgentId | ContactId, Item>(list: Key[], key: Key, item: Item, of: (key: Key) => Item | undefined, order: (a: Item, b: Item) => number): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = list[middle];
    const other = there === undefined ? undefined : of(there);
    if (other !== undefined && order(other, item) < 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, key);
}
