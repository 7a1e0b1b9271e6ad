/** What is simulated. Times in milliseconds from the start of a replication. Plain data, for it goes to worker threads. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { Act, Entering, Key, LastTalk, LegEnd, Routing } from './decider.ts';
import type { Distribution } from './distribution.ts';

export interface Scenario {
  readonly seed: string;
  readonly replications: number;
  /** The counted part of each replication is cut into so many, each a sample of its own. */
  readonly batches: number;
  /** Of the half-widths. */
  readonly confidence: number;
  /** Played, and not counted. */
  readonly warmUpMs: number;
  /** Counted: callers who come in this time, and what agents do in it. */
  readonly lengthMs: number;
  /** How much longer those who came in it may wait for their answer. */
  readonly drainMs: number;
  /** Callers are also counted by the interval they come in, where one is given. */
  readonly intervalMs?: number;
  readonly routing: Routing;
  readonly classes: readonly CallClass[];
  /** When each agent is there, day by day: each replication plays the next one. Without days, everyone always is. */
  readonly duties: readonly ReadonlyMap<AgentId, readonly Duty[]>[];
  readonly phones: Phones;
  /** What agents and supervisors did at which moment of each day, beside their duties. */
  readonly acts?: readonly (readonly Act[])[];
  /** When each day began, for days that were once; else the time of day is nobody's business. */
  readonly startsAt?: readonly number[];
}

/** Callers of a kind. */
export interface CallClass {
  readonly name: string;
  readonly queue: QueueId;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly arrivals: Arrivals;
  /** From the answer to the hang-up. */
  readonly talk: Distribution;
  /** Absent: the queue's own, to its end. */
  readonly wrapUp?: Distribution;
  /** From entering the queue to giving up; absent: never. */
  readonly patience?: Distribution;
  readonly redial?: Redial;
  /** 熟客: of the callers, those who have talked to an agent of the queue lately. */
  readonly knownShare?: number;
}

export type Arrivals =
  /** A Poisson process: so many calls in each interval, one after the other, on average. */
  | { readonly type: 'random'; readonly everyMs: number; readonly calls: readonly number[] }
  /** Days as they were; each replication plays the next one. */
  | { readonly type: 'recorded'; readonly days: readonly (readonly RecordedCall[])[]; readonly leaving: Survival };

export interface RecordedCall {
  readonly at: number;
  readonly ani: string;
  readonly priority: number;
  /** Absent where the caller was not answered: then it is drawn. */
  readonly talkMs?: number;
  readonly waitMs: number;
  /** What only a record of our own knows. */
  readonly own?: OwnCall;
}

export interface OwnCall {
  readonly contact: ContactId;
  readonly asked: Asked;
  /** The times on the phone without an agent, one after the other: from the arrival, after each talk that was handed on, after a callback. */
  readonly holds: readonly Hold[];
  readonly talks: readonly OwnTalk[];
  /** By agent, what became of each ring for this contact. */
  readonly rings: Readonly<Record<AgentId, readonly OwnRing[]>>;
  /** What became of each attempt to call back. */
  readonly dialled: readonly LegFate[];
  /** Whom the caller had talked to last; absent: nobody asked. */
  readonly last?: LastTalk | null;
}

export interface Hold {
  readonly waitMs: number;
  /** Hung up while waiting; else no more is known than that the patience was longer than the wait. */
  readonly gaveUp: boolean;
}

export interface OwnTalk {
  readonly ms: number;
  /** `lost`: the agent's phone was. */
  readonly end: 'caller' | 'agent' | 'escalated' | 'lost';
  /** Absent: as long as the queue gives. */
  readonly wrapUpMs?: number;
}

/** What is known of a leg that was rung. What is not did not happen while anybody looked. */
export interface LegFate {
  readonly rangMs?: number;
  /** From the order. */
  readonly over?: { readonly afterMs: number; readonly as: 'up' | LegEnd };
  /** From the answer, where something was said to whoever answered: to its end, to a key, or to the hang-up. */
  readonly said?: { readonly afterMs: number; readonly as: 'finished' | Key | LegEnd };
}

export interface OwnRing extends LegFate {
  /** The agent who did not take it was ready again after so long. */
  readonly backMs?: number;
}

/** What a flow asked of a queue, and what became of it. */
export interface Asked extends Stay {
  readonly into: Entering;
}

/** A callback that was promised, and what the caller did once he was on the line again. */
export interface Promised extends Stay {
  readonly number: string;
  readonly queue: QueueId;
  /** He left the phone so long after it, or the flow put it down. */
  readonly leaves: { readonly afterMs: number; readonly by: 'caller' | 'flow' };
}

interface Stay {
  /** Pressed after so long there. */
  readonly key?: { readonly key: Key; readonly afterMs: number };
  /** What followed so long after the caller was turned away there or had left it. */
  readonly next?: Onward;
}
export type Onward = { readonly afterMs: number } & ({ readonly asked: Asked } | { readonly promised: Promised } | { readonly over: 'caller' | 'flow' });

/** Which share of callers still waits after a time: a staircase that goes down at each time; `timesMs` grow. */
export interface Survival {
  readonly timesMs: readonly number[];
  readonly shares: readonly number[];
}

/** Of those who gave up, this share calls again after a while, each at most so many times. */
export interface Redial {
  readonly share: number;
  readonly after: Distribution;
  readonly timesMax: number;
}

export interface Duty {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Phones {
  /** From the order to the ringing. */
  readonly ring: Distribution;
  /** From the ringing to the answer. */
  readonly answer: Distribution;
  /** Of the calls to a phone, those that nobody answers, and after how long its agent is ready again. */
  readonly missedShare: number;
  readonly back: Distribution;
  /** What became of calls back, for those of which no record knows; absent: nobody answers. */
  readonly dialled?: readonly LegFate[];
}
