/**
 * A day of our own records as calls that can be played again: what each caller's flow asked, how long the caller would
 * have waited as far as that is known, how long the talks and the wrap-ups took, what became of each phone that rang.
 */
import type { ContactId, QueueId } from '../base/ids.ts';
import type { Entering, Event, EventOf, LastTalk } from './decider.ts';
import { dialledIn, ringsIn, talksIn, wrapUpsIn } from './own-legs.ts';
import type { WrapUps } from './own-legs.ts';
import type { Asked, Hold, Onward, OwnCall, Promised } from './scenario.ts';

/** Of one contact that came to a queue and is over. Times in epoch milliseconds. */
export interface OwnVisit extends Omit<OwnCall, 'last'> {
  readonly ani: string;
  readonly at: number;
  readonly last?: LastTalk | null;
  readonly answers: readonly { readonly queue: QueueId; readonly ringMs: number }[];
}

/** The types of events that are needed, beside the data that a flow collected. */
export const visitEvents = [
  'contact-arrived', 'flow-moved', 'contact-queued', 'contact-turned-away', 'contact-left-queue', 'caller-known', 'offer-made', 'offer-rang', 'offer-answered', 'offer-ended', 'contact-connected', 'contact-escalated',
  'contact-requeued', 'callback-asked', 'callback-waiting', 'callback-attempted', 'callback-answered', 'callback-missed', 'callback-connected', 'contact-re-prioritised', 'contact-ended',
] as const;
export type VisitEvent = EventOf<(typeof visitEvents)[number]>;

export function ownVisits(events: readonly Event[]): readonly OwnVisit[] {
  const wrapUps = wrapUpsIn(events);
  const byContact = Map.groupBy(events.filter(isVisitEvent), ({ contact }) => contact);
  return [...byContact].flatMap(([contact, own]) => visitOf(contact, own, wrapUps) ?? []);
}

const isVisitEvent = (event: Event): event is VisitEvent => (visitEvents as readonly string[]).includes(event.type);

/** A queue that the flow led to, or a callback that it promised. */
interface Stay {
  readonly at: number;
  readonly into: Entering | Pick<Promised, 'number' | 'queue'>;
  /** When its keys began to count. */
  from: number;
  key?: NonNullable<Asked['key']>;
  leaves?: Promised['leaves'];
  backAt?: number;
}

function visitOf(contact: ContactId, events: readonly VisitEvent[], wrapUps: WrapUps): OwnVisit | undefined {
  const stays: Stay[] = [];
  let data: Readonly<Record<string, string>> = {};
  let ani: string | undefined;
  let last: LastTalk | null | undefined;
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
        if (!event.restored) stays.push({ at: event.at, from: event.at, into: enteringOf(event, data) });
        break;
      case 'contact-turned-away':
        // With which priority it came is not said: that of the queue before it, or none.
        stays.push({ at: event.at, from: event.at, into: { queue: event.queue, priority: stay !== undefined && 'priority' in stay.into ? stay.into.priority : 0, data }, backAt: event.at });
        break;
      case 'contact-left-queue':
        if (stay === undefined) break;
        stay.backAt = event.at;
        if (event.key !== undefined) stay.key = { key: event.key, afterMs: event.at - stay.from };
        break;
      case 'callback-asked':
        stays.push({ at: event.at, from: event.at, into: { number: event.number, queue: event.queue } });
        break;
      case 'callback-waiting':
        if (stay !== undefined) stay.leaves = { afterMs: event.at - stay.at, by: event.reason === 'caller-hung-up' ? 'caller' : 'flow' };
        break;
      case 'callback-connected':
        if (stay !== undefined) stay.from = event.at;
        break;
      case 'contact-ended':
        ended = event;
        break;
    }
  }
  const [first] = stays;
  // Who never came to a queue is nobody of whom anything is decided; so is, for now, who asked to be called back without.
  if (ani === undefined || first === undefined || !('priority' in first.into) || ended === undefined) return undefined;
  return {
    contact, ani, at: first.at, asked: { ...stayOf(first, stays.slice(1), ended), into: first.into },
    ...(last === undefined ? {} : { last }),
    holds: holdsIn(events, first.at), talks: talksIn(events, wrapUps), rings: ringsIn(events, wrapUps), dialled: dialledIn(events),
    answers: events.flatMap((event) => (event.type === 'contact-connected' ? [{ queue: event.queue, ringMs: event.ringMs }] : [])),
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

function stayOf({ key, backAt }: Stay, rest: readonly Stay[], ended: EventOf<'contact-ended'>): Pick<Asked, 'key' | 'next'> {
  const next = backAt === undefined ? undefined : onward(backAt, rest, ended);
  return { ...(key && { key }), ...(next && { next }) };
}

function onward(backAt: number, [next, ...rest]: readonly Stay[], ended: EventOf<'contact-ended'>): Onward | undefined {
  if (next === undefined) return { afterMs: ended.at - backAt, over: ended.reason === 'caller-hung-up' ? 'caller' : 'flow' };
  const afterMs = next.at - backAt;
  const { into } = next;
  if ('priority' in into) return { afterMs, asked: { ...stayOf(next, rest, ended), into } };
  // He who was told so and then let the phone down before anything came of it.
  return { afterMs, promised: { ...into, leaves: next.leaves ?? { afterMs: ended.at - next.at, by: 'caller' }, ...stayOf(next, rest, ended) } };
}

function holdsIn(events: readonly VisitEvent[], firstAt: number): readonly Hold[] {
  const holds: Hold[] = [];
  let since: number | undefined = firstAt;
  const over = (at: number, gaveUp: boolean): void => {
    if (since !== undefined) holds.push({ waitMs: at - since, gaveUp });
    since = undefined;
  };
  for (const event of events) {
    if (event.type === 'contact-connected' || event.type === 'callback-waiting') over(event.at, false);
    else if (event.type === 'contact-ended') over(event.at, event.reason === 'caller-hung-up' && event.during === 'queue');
    else if (event.type === 'contact-escalated' || event.type === 'contact-requeued' || event.type === 'callback-connected') since = event.at;
  }
  return holds;
}
