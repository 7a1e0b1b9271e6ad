/**
 * How long a caller will wait, from how fast callers of the queue were lately taken while others waited.
 *
 * While somebody waits, callers leave the line at the rate at which agents become free. Seen k of them in the time T, the
 * wait of the p-th in line is T × Beta′(p, k): the p-th arrival of a Poisson stream whose rate is only known from those k.
 * What was seen longer ago counts less, so that the estimate follows the day. docs/queues.md has the measured hit rates.
 */
import type { ContactId, QueueId } from '../base/ids.ts';
import { countBefore } from '../base/sorted.ts';
import type { Event } from './messages.ts';
import type { Centre } from './model.ts';

export interface Estimate {
  /** As likely shorter as longer. */
  readonly p50Ms: number;
  /** Nine of ten wait less. */
  readonly p90Ms: number;
}

/** What was seen of a queue. All but `at` and `answerMs` are sums in which what is older weighs less. */
export interface Flowing {
  readonly at: number;
  /** Time with somebody waiting. */
  readonly busyMs: number;
  readonly taken: number;
  /** Of the squares of the weights: how many sightings the sums are worth. */
  readonly squares: number;
  /** From the offer to the answer. */
  readonly answerMs: number;
}

/** Undefined while too little was seen to say anything that is of use. */
export function estimateOf(centre: Centre, contact: ContactId): Estimate | undefined {
  const standing = centre.standings.get(contact);
  if (standing === undefined) return undefined;
  let ahead = 0;
  for (const { waiting, ringing } of standing.line.lanes.values()) if (!ringing) ahead += countBefore(waiting, standing.rank);
  return estimateAt(centre, standing.place.queue, ahead + 1);
}

/** For one who came now and stood behind all. */
export const estimateOfNext = (centre: Centre, queue: QueueId): Estimate | undefined => estimateAt(centre, queue, waitingIn(centre, queue) + 1);

/** For whoever would be the p-th of those who wait. */
function estimateAt(centre: Centre, queue: QueueId, p: number): Estimate | undefined {
  const seen = centre.flowing.get(queue);
  if (seen === undefined) return undefined;
  const { busyMs, taken, squares, answerMs } = passed(seen, centre.at, waitingIn(centre, queue) > 0);
  const worth = squares === 0 ? 0 : taken ** 2 / squares;
  if (worth < worthMin || taken === 0) return undefined;
  const eachMs = busyMs / taken;
  const p50Ms = p * eachMs * ratio(p, worth, 0) + answerMs;
  const p90Ms = p * eachMs * ratio(p, worth, z90) + answerMs;
  return p90Ms > p50Ms * vagueFrom || p50Ms > longestMs ? undefined : { p50Ms: Math.round(p50Ms), p90Ms: Math.round(p90Ms) };
}

/** Fewer sightings than these say nothing. */
const worthMin = 5;
/** Nine in ten within more than this many times the median is no answer. */
const vagueFrom = 4;
/** Nobody is told of hours. */
const longestMs = 3_600_000;
const z90 = 1.281_551_6;
/** The weight of what was seen halves in 7 minutes. */
const fadeMs = 600_000;

/**
 * The quantile of F(2p, 2k) at z of the normal: Paulson's, by the cube roots of Wilson and Hilferty. Against the exact
 * values for p = 1, k = 5 it is 1.1 % high at the median and 0.5 % low at 90 %, and closer for more.
 */
function ratio(p: number, k: number, z: number): number {
  const [a, b] = [1 / (9 * p), 1 / (9 * k)];
  const [u, v] = [1 - b, 1 - a];
  const divisor = u * u - z * z * b;
  return ((u * v + Math.sign(z) * Math.sqrt(Math.max(0, (u * v) ** 2 - divisor * (v * v - z * z * a)))) / divisor) ** 3;
}

/** Part of `apply`, before the event's own effect: somebody waits no longer. */
export function seeFlow(centre: Centre, event: Event): void {
  switch (event.type) {
    case 'contact-queued':
      return see(centre, event.queue, event.at, 0);
    case 'offer-made':
      // Further phones of those that ring at once.
      if (centre.contacts.get(event.contact)?.state.status === 'offered') return;
      return see(centre, event.queue, event.at, isNew(centre, event.contact, event.at) ? 0 : 1);
    case 'contact-left-queue':
      return see(centre, event.queue, event.at, isNew(centre, event.contact, event.at) ? 0 : 1);
    case 'contact-overflowed':
      see(centre, event.from, event.at, 1);
      return see(centre, event.queue, event.at, 0);
    // Back to those who wait: nobody was taken after all.
    case 'offer-ended':
      // Others of those that ring at once ring on.
      if (event.leg !== undefined) return;
      return see(centre, event.queue, event.at, event.outcome === 'accepted' ? 0 : -1, event.outcome === 'accepted' ? event.ringMs : undefined);
    case 'contact-requeued':
      return see(centre, event.queue, event.at, 0);
    case 'contact-ended':
      return event.during === 'queue' && event.queue !== undefined ? see(centre, event.queue, event.at, 1) : undefined;
    default:
      return;
  }
}

/** One whom a free agent takes at once has not waited, and tells nothing of how fast those go who do. */
const isNew = ({ contacts }: Centre, id: ContactId, at: number): boolean => {
  const state = contacts.get(id)?.state;
  return state !== undefined && 'enteredAt' in state && state.enteredAt >= at;
};

function see(centre: Centre, queue: QueueId, at: number, taken: number, ringMs?: number): void {
  const was = centre.flowing.get(queue) ?? { at, busyMs: 0, taken: 0, squares: 0, answerMs: 0 };
  const now = passed(was, at, waitingIn(centre, queue) > 0);
  centre.flowing.set(queue, {
    ...now,
    taken: Math.max(0, now.taken + taken),
    squares: Math.max(0, now.squares + taken),
    answerMs: ringMs === undefined ? now.answerMs : now.answerMs + (ringMs - now.answerMs) / 8,
  });
}

function passed(was: Flowing, until: number, busy: boolean): Flowing {
  const ms = Math.max(0, until - was.at);
  const left = Math.exp(-ms / fadeMs);
  return { ...was, at: until, busyMs: was.busyMs * left + (busy ? fadeMs * (1 - left) : 0), taken: was.taken * left, squares: was.squares * left * left };
}

function waitingIn({ lines }: Centre, queue: QueueId): number {
  let waiting = 0;
  for (const lane of lines.get(queue)?.lanes.values() ?? []) if (!lane.ringing) waiting += lane.waiting.size;
  return waiting;
}
