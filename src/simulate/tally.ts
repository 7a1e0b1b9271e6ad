/** What came of a replication, counted as the service's own reports count (src/reports/intervals.ts). */
import type { AgentId } from '../base/ids.ts';
import type { Scenario } from './scenario.ts';

/** The counted part of a replication, or one batch of it. */
export interface Sample {
  readonly callers: { readonly [By in Scope]: Readonly<Record<string, Counts>> };
  readonly agents: Readonly<Record<AgentId, Work>>;
}

/** `queue`: in which the caller was answered or left; an overflow moves it, with its age. */
export const scopes = ['all', 'queue', 'class', 'tag', 'interval'] as const;
export type Scope = (typeof scopes)[number];

export interface Counts {
  /** Callers who came to a queue, those too whom it would not take. */
  readonly offered: number;
  readonly answered: number;
  /** Of the answered, those who waited no longer than their queue's service level. */
  readonly inTime: number;
  readonly abandoned: number;
  /** By a full queue, or by the limits of admission. */
  readonly turnedAway: number;
  /** Still waiting when the replication ended. */
  readonly waiting: number;
  /** Of all the offered, from queueing to the answer or the end. */
  readonly waitMs: number;
  readonly answeredWaitMs: number;
  readonly talkMs: number;
  /** Of the waits of all the offered: the smallest that half of them, or nine in ten, do not exceed, and the longest. */
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
  readonly longestMs: number | null;
}

export interface Work {
  /** Rung, talking and wrapping up. */
  readonly busyMs: number;
  readonly readyMs: number;
  readonly answered: number;
}

export interface Outcome {
  readonly end: 'answered' | 'abandoned' | 'turned-away' | 'waiting';
  /** When the caller came to the queue. */
  readonly at: number;
  readonly class: string;
  readonly tags: readonly string[];
  readonly queue: string;
  readonly waitMs: number;
  readonly inTime: boolean;
  readonly talkMs: number;
}

export interface Tally {
  readonly scenario: Pick<Scenario, 'warmUpMs' | 'lengthMs' | 'batches' | 'intervalMs'>;
  readonly samples: readonly { readonly callers: { readonly [By in Scope]: Map<string, Filling> }; readonly agents: Map<AgentId, Writable<Work>> }[];
}
type Writable<Fields> = { -readonly [Field in keyof Fields]: Fields[Field] };
type Filling = Writable<Omit<Counts, 'medianMs' | 'p90Ms' | 'longestMs'>> & { readonly waits: number[] };

export function newTally(scenario: Scenario): Tally {
  const samples = Array.from({ length: scenario.batches }, () => ({
    callers: { all: new Map(), queue: new Map(), class: new Map(), tag: new Map(), interval: new Map() },
    // Who serves no queue only lent a hand.
    agents: new Map([...scenario.routing.agents.values()].flatMap(({ id, queues }) => (queues.length > 0 ? [[id, { busyMs: 0, readyMs: 0, answered: 0 }] as const] : []))),
  }));
  return { scenario, samples };
}

/** Whether who came or what happened then is counted. */
export const isCounted = ({ scenario: { warmUpMs, lengthMs } }: Tally, at: number): boolean => at >= warmUpMs && at < warmUpMs + lengthMs;

export function countCaller(tally: Tally, outcome: Outcome): void {
  if (!isCounted(tally, outcome.at)) return;
  const callers = tally.samples[batchOf(tally, outcome.at)]?.callers;
  if (callers === undefined) return;
  add(callers.all, 'all', outcome);
  add(callers.queue, outcome.queue, outcome);
  add(callers.class, outcome.class, outcome);
  for (const tag of outcome.tags) add(callers.tag, tag, outcome);
  const { intervalMs } = tally.scenario;
  if (intervalMs !== undefined) add(callers.interval, String(Math.floor(outcome.at / intervalMs) * intervalMs), outcome);
}

export function countAnswer(tally: Tally, agent: AgentId, at: number): void {
  const work = isCounted(tally, at) ? tally.samples[batchOf(tally, at)]?.agents.get(agent) : undefined;
  if (work !== undefined) work.answered += 1;
}

/** The agent was busy or ready for this time; what lies outside the counted part is cut off. */
export function countWork(tally: Tally, agent: AgentId, kind: 'busyMs' | 'readyMs', from: number, to: number): void {
  const { warmUpMs, lengthMs, batches } = tally.scenario;
  const start = Math.max(from, warmUpMs);
  const end = Math.min(to, warmUpMs + lengthMs);
  if (start >= end) return;
  const last = Math.min(batches - 1, batchOf(tally, end));
  for (let batch = batchOf(tally, start); batch <= last; batch += 1) {
    const work = tally.samples[batch]?.agents.get(agent);
    const begins = warmUpMs + (batch * lengthMs) / batches;
    if (work !== undefined) work[kind] += Math.max(0, Math.min(end, begins + lengthMs / batches) - Math.max(start, begins));
  }
}

export const samplesOf = ({ samples }: Tally): Sample[] =>
  samples.map(({ callers, agents }) => ({
    callers: { all: closed(callers.all), queue: closed(callers.queue), class: closed(callers.class), tag: closed(callers.tag), interval: closed(callers.interval) },
    agents: Object.fromEntries(agents),
  }));

const batchOf = ({ scenario: { warmUpMs, lengthMs, batches } }: Tally, at: number): number => Math.floor(((at - warmUpMs) * batches) / lengthMs);

function add(into: Map<string, Filling>, name: string, { end, waitMs, inTime, talkMs }: Outcome): void {
  let counts = into.get(name);
  if (counts === undefined) {
    counts = { offered: 0, answered: 0, inTime: 0, abandoned: 0, turnedAway: 0, waiting: 0, waitMs: 0, answeredWaitMs: 0, talkMs: 0, waits: [] };
    into.set(name, counts);
  }
  counts.offered += 1;
  counts.waitMs += waitMs;
  counts.waits.push(waitMs);
  if (end === 'answered') {
    counts.answered += 1;
    counts.answeredWaitMs += waitMs;
    counts.talkMs += talkMs;
    if (inTime) counts.inTime += 1;
  } else if (end === 'abandoned') counts.abandoned += 1;
  else if (end === 'turned-away') counts.turnedAway += 1;
  else counts.waiting += 1;
}

function closed(filling: ReadonlyMap<string, Filling>): Record<string, Counts> {
  return Object.fromEntries(
    [...filling].map(([name, { waits, ...counts }]) => {
      const sorted = Float64Array.from(waits).sort();
      const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
      return [name, { ...counts, medianMs: at(0.5), p90Ms: at(0.9), longestMs: at(1) }];
    }),
  );
}
