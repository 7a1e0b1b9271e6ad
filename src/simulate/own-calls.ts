/**
 * A day of our own records as calls that can be played again: what each caller's flow asked, how long the caller would
 * have waited as far as that is known, how long the talk and the wrap-up took.
 */
import type { ContactId, QueueId } from '../base/ids.ts';
import type { Entering, Event, EventOf, LastTalk } from './decider.ts';
import type { Asked } from './scenario.ts';

/** Of one contact that came to a queue and is over. Times in epoch milliseconds. */
export interface OwnVisit {
  readonly contact: ContactId;
  readonly ani: string;
  readonly at: number;
  readonly asked: Asked;
  readonly last?: LastTalk | null;
  /** From coming to the first queue to the answer or the end. */
  readonly waitMs: number;
  readonly gaveUp: boolean;
  readonly answer?: { readonly queue: QueueId; readonly ringMs: number; readonly talkMs: number };
}

/** The types of events that are needed, beside the data that a flow collected. */
export const visitEvents = ['contact-arrived', 'flow-moved', 'contact-queued', 'contact-turned-away', 'contact-left-queue', 'caller-known', 'contact-connected', 'contact-ended'] as const;
type VisitEvent = EventOf<(typeof visitEvents)[number]>;

export function ownVisits(events: readonly Event[]): readonly OwnVisit[] {
  const byContact = Map.groupBy(events.filter(isVisitEvent), ({ contact }) => contact);
  return [...byContact].flatMap(([contact, own]) => visitOf(contact, own) ?? []);
}

const isVisitEvent = (event: Event): event is VisitEvent => (visitEvents as readonly string[]).includes(event.type);

/** One queue that the flow led to. */
interface Stay {
  readonly at: number;
  readonly into: Entering;
  key?: NonNullable<Asked['key']>;
  backAt?: number;
}

function visitOf(contact: ContactId, events: readonly VisitEvent[]): OwnVisit | undefined {
  const stays: Stay[] = [];
  let data: Readonly<Record<string, string>> = {};
  let ani: string | undefined;
  let last: LastTalk | null | undefined;
  let connected: EventOf<'contact-connected'> | undefined;
  let ended: EventOf<'contact-ended'> | undefined;
  for (const event of events) {
    const stay = stays.at(-1);
    switch (event.type) {
      case 'contact-arrived':
        ani = event.ani;
        break;
      case 'flow-moved':
        data = { ...data, ...event.data };
        break;
      case 'caller-known':
        last = event.last;
        break;
      case 'contact-queued':
        // Taken up again after a restart it is where it was.
        if (!event.restored) stays.push({ at: event.at, into: enteringOf(event, data) });
        break;
      case 'contact-turned-away':
        // With which priority it came is not said: that of the queue before it, or none.
        stays.push({ at: event.at, into: { queue: event.queue, priority: stay?.into.priority ?? 0, data }, backAt: event.at });
        break;
      case 'contact-left-queue':
        if (stay === undefined) break;
        stay.backAt = event.at;
        if (event.key !== undefined) stay.key = { key: event.key, afterMs: event.at - stay.at };
        break;
      case 'contact-connected':
        connected ??= event;
        break;
      case 'contact-ended':
        ended = event;
        break;
    }
  }
  const [first] = stays;
  if (ani === undefined || first === undefined || ended === undefined) return undefined;
  return {
    contact, ani, at: first.at, asked: askedOf(first, stays.slice(1)),
    ...(last === undefined ? {} : { last }),
    waitMs: (connected?.at ?? ended.at) - first.at,
    gaveUp: connected === undefined && ended.reason === 'caller-hung-up' && ended.during === 'queue',
    ...(connected && { answer: { queue: connected.queue, ringMs: connected.ringMs, talkMs: ended.at - connected.at } }),
  };
}

function enteringOf({ queue, priority, tier, keys, asks, hold, seat, position, at }: EventOf<'contact-queued'>, data: Entering['data'] & {}): Entering {
  return {
    queue, priority, data,
    ...(tier && { tier }), ...(keys && { keys }), ...(asks && { asks }),
    // Only a place that was given is known, which is the one to ask for.
    ...(seat && { position }),
    ...(hold?.why === 'direct' && hold.for !== null && { agent: { id: hold.for, waitMs: hold.until - at } }),
  };
}

function askedOf({ into, key, backAt }: Stay, [next, ...rest]: readonly Stay[]): Asked {
  return { into, ...(key && { key }), ...(next && backAt !== undefined && { next: { afterMs: next.at - backAt, asked: askedOf(next, rest) } }) };
}
