/** What is simulated. Times in milliseconds from the start of a replication. Plain data, for it goes to worker threads. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { Entering, Key, LastTalk, Routing } from './decider.ts';
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
  /** Hung up while waiting; else no more is known than that the patience was longer than the wait. */
  readonly gaveUp: boolean;
  /** Absent: as long as the queue gives. */
  readonly wrapUpMs?: number;
  /** Whom the caller had talked to last; absent: nobody asked. */
  readonly last?: LastTalk | null;
}

/** What a flow asked of a queue, and what became of it. */
export interface Asked {
  readonly into: Entering;
  /** Pressed after so long there. */
  readonly key?: { readonly key: Key; readonly afterMs: number };
  /** Where the flow led so long after the caller was turned away there or had left it. */
  readonly next?: { readonly afterMs: number; readonly asked: Asked };
}

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
  /** It ends with a break for this reason; absent: with the work. */
  readonly pause?: string;
}

export interface Phones {
  /** From the order to the ringing. */
  readonly ring: Distribution;
  /** From the ringing to the answer. */
  readonly answer: Distribution;
  /** Of the calls to a phone, those that nobody answers, and after how long its agent is ready again. */
  readonly missedShare: number;
  readonly back: Distribution;
}
