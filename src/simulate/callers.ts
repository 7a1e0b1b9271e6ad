/** Who calls when, wants what, and for how long waits. */
import { assertNever } from '../base/assert.ts';
import { draw } from './distribution.ts';
import { patienceBeyond } from './patience.ts';
import { stream } from './random.ts';
import type { Stream } from './random.ts';
import type { CallClass, OwnCall, Scenario } from './scenario.ts';

/** One caller's call. Everything about it is drawn before the centre does anything, so that any centre meets the same. */
export interface Call {
  readonly class: CallClass;
  /** Which caller of the class, from 0. */
  readonly caller: number;
  readonly ani: string;
  readonly at: number;
  readonly priority: number;
  readonly talkMs: number;
  readonly wrapUpMs: number | undefined;
  readonly patienceMs: number;
  /** How often this caller called before. */
  readonly again: number;
  /** Has talked to an agent lately: to which is drawn with this, between 0 and 1. */
  readonly known: number | undefined;
  readonly own?: OwnCall;
}

/** The calls of a class in order of time, one at a time. */
export function callsOf(scenario: Scenario, replication: number, index: number): () => Call | undefined {
  const callClass = scenario.classes[index];
  if (callClass === undefined) return () => undefined;
  const { arrivals } = callClass;
  switch (arrivals.type) {
    case 'random':
      return randomCalls(scenario, replication, callClass, index, arrivals);
    case 'recorded':
      return recordedCalls(scenario, replication, callClass, arrivals);
    default:
      return assertNever(arrivals);
  }
}

/** The same caller again, after giving up; undefined where this one does not. */
export function redialOf({ seed }: Scenario, replication: number, call: Call, at: number): Call | undefined {
  const { redial, patience, name } = call.class;
  if (redial === undefined || call.again >= redial.timesMax) return undefined;
  const random = stream(seed, replication, 'redial', name, call.caller, call.again);
  if (random() >= redial.share) return undefined;
  return {
    ...call,
    at: at + draw(redial.after, random),
    again: call.again + 1,
    patienceMs: patience === undefined ? Number.POSITIVE_INFINITY : draw(patience, random),
  };
}

type Of<Type> = Extract<CallClass['arrivals'], { type: Type }>;

function randomCalls({ seed, warmUpMs, lengthMs }: Scenario, replication: number, callClass: CallClass, index: number, { everyMs, calls }: Of<'random'>): () => Call | undefined {
  const of = (purpose: string) => stream(seed, replication, purpose, callClass.name);
  const [gaps, talks, wrapUps, patiences, knowns] = [of('arrival'), of('talk'), of('wrap-up'), of('patience'), of('known')];
  let caller = -1;
  let interval = 0;
  /** How far into the interval, in calls that it is to have on average. */
  let into = 0;
  return () => {
    into -= Math.log(gaps());
    while (interval < calls.length && into >= (calls[interval] ?? 0)) {
      into -= calls[interval] ?? 0;
      interval += 1;
    }
    const at = (interval + into / (calls[interval] ?? 1)) * everyMs;
    if (interval >= calls.length || at >= warmUpMs + lengthMs) return undefined;
    caller += 1;
    return {
      class: callClass, caller, at, again: 0, priority: callClass.priority, known: knownTo(callClass, knowns),
      ani: `1${String(index % 1_000).padStart(3, '0')}${String(caller % 10_000_000).padStart(7, '0')}`,
      talkMs: draw(callClass.talk, talks),
      wrapUpMs: callClass.wrapUp === undefined ? undefined : draw(callClass.wrapUp, wrapUps),
      patienceMs: callClass.patience === undefined ? Number.POSITIVE_INFINITY : draw(callClass.patience, patiences),
    };
  };
}

/**
 * Callers who gave up had the patience they showed. Of those who were answered only the least is known: beyond it, it
 * is drawn from what all callers of the class showed.
 */
function recordedCalls({ seed }: Scenario, replication: number, callClass: CallClass, { days, leaving }: Of<'recorded'>): () => Call | undefined {
  const of = (purpose: string) => stream(seed, replication, purpose, callClass.name);
  const [talks, wrapUps, patiences, knowns] = [of('talk'), of('wrap-up'), of('patience'), of('known')];
  const day = days[replication % Math.max(1, days.length)] ?? [];
  let caller = -1;
  return () => {
    caller += 1;
    const call = day[caller];
    if (call === undefined) return undefined;
    const [talkMs, chance] = [draw(callClass.talk, talks), patiences()];
    return {
      class: callClass, caller, at: call.at, again: 0, ani: call.ani, priority: call.priority, known: knownTo(callClass, knowns),
      talkMs: call.talkMs ?? talkMs,
      wrapUpMs: call.own !== undefined || callClass.wrapUp === undefined ? undefined : draw(callClass.wrapUp, wrapUps),
      patienceMs: (call.own === undefined ? call.talkMs === undefined : call.own.holds[0]?.gaveUp === true) ? call.waitMs : patienceBeyond(leaving, call.waitMs, chance),
      ...(call.own && { own: call.own }),
    };
  };
}

function knownTo({ knownShare = 0 }: CallClass, random: Stream): number | undefined {
  const [is, which] = [random() < knownShare, random()];
  return is ? which : undefined;
}
