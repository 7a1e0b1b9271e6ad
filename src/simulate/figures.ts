/** What the samples say together: each figure with its mean and how far the truth may be from it. */
import type { AgentId } from '../base/ids.ts';
import type { Scenario } from './scenario.ts';
import { studentT } from './student.ts';
import type { Counts, Sample, Scope, Work } from './tally.ts';

export interface Estimate {
  /** Null where there was nothing to divide by. */
  readonly mean: number | null;
  /** The truth is within mean ± halfWidth with the scenario's confidence; null with one sample, which says nothing of that. */
  readonly halfWidth: number | null;
}
export type Figures<Name extends string> = { readonly [Of in Name]: Estimate };

export type CallerFigure = keyof typeof counts | keyof typeof ratios | keyof typeof quantiles;
export type WorkFigure = 'occupancy' | 'answered';

export interface Results {
  readonly all: Figures<CallerFigure | 'occupancy'>;
  readonly queues: Readonly<Record<string, Figures<CallerFigure>>>;
  readonly classes: Readonly<Record<string, Figures<CallerFigure>>>;
  readonly tags: Readonly<Record<string, Figures<CallerFigure>>>;
  /** By the interval's beginning, in milliseconds from the start of a replication. */
  readonly intervals: Readonly<Record<string, Figures<CallerFigure>>>;
  readonly groups: Readonly<Record<string, Figures<WorkFigure>>>;
  readonly agents: Readonly<Record<AgentId, Figures<WorkFigure>>>;
}

const counts = {
  offered: (of: Counts) => of.offered,
  answered: (of: Counts) => of.answered,
  abandoned: (of: Counts) => of.abandoned,
  turnedAway: (of: Counts) => of.turnedAway,
  stillWaiting: (of: Counts) => of.waiting,
};

/** Each over the sums of all samples, so that a busy hour counts for as many callers as it had. */
const ratios = {
  /** 服务水平: answered within the threshold, over all offered. */
  serviceLevel: (of: Counts) => [of.inTime, of.offered] as const,
  /** 接通率 */
  answerRate: (of: Counts) => [of.answered, of.offered] as const,
  /** 放弃率 */
  abandonRate: (of: Counts) => [of.abandoned, of.offered] as const,
  /** 平均等待: of all offered, however the wait ended. */
  meanWaitMs: (of: Counts) => [of.waitMs, of.offered] as const,
  /** 平均应答速度 (ASA): of the answered. */
  meanAnswerMs: (of: Counts) => [of.answeredWaitMs, of.answered] as const,
  meanTalkMs: (of: Counts) => [of.talkMs, of.answered] as const,
};

const quantiles = {
  medianWaitMs: (of: Counts) => of.medianMs,
  p90WaitMs: (of: Counts) => of.p90Ms,
  longestWaitMs: (of: Counts) => of.longestMs,
};

export function figuresOf({ confidence, routing }: Scenario, samples: readonly Sample[]): Results {
  const sure: Sure = { t: studentT(confidence, Math.max(1, samples.length - 1)) };
  const by = (scope: Scope) => {
    const names = [...new Set(samples.flatMap(({ callers }) => Object.keys(callers[scope])))];
    return Object.fromEntries(names.sort(inOrder).map((name) => [name, callerFigures(samples.map(({ callers }) => callers[scope][name] ?? nobody), sure)]));
  };
  const works = (agents: readonly AgentId[]) => samples.map((sample) => together(agents.map((id) => sample.agents[id] ?? idle)));
  const everyone = [...routing.agents.values()];
  const teams = Map.groupBy(everyone, ({ team }) => team || '-');
  return {
    all: { ...callerFigures(samples.map(({ callers }) => callers.all['all'] ?? nobody), sure), occupancy: occupancy(works(everyone.map(({ id }) => id)), sure) },
    queues: by('queue'),
    classes: by('class'),
    tags: by('tag'),
    intervals: by('interval'),
    groups: Object.fromEntries([...teams].map(([team, agents]) => [team, workFigures(works(agents.map(({ id }) => id)), sure)])),
    agents: Object.fromEntries(everyone.map(({ id }) => [id, workFigures(works([id]), sure)])),
  };
}

/** How many standard deviations a half-width is. */
interface Sure {
  readonly t: number;
}

function callerFigures(samples: readonly Counts[], sure: Sure): Figures<CallerFigure> {
  const figures: Partial<Record<CallerFigure, Estimate>> = {};
  for (const [name, of] of Object.entries(counts)) figures[name as keyof typeof counts] = average(samples.map(of), sure);
  for (const [name, of] of Object.entries(ratios)) figures[name as keyof typeof ratios] = ratio(samples.map(of), sure);
  for (const [name, of] of Object.entries(quantiles)) figures[name as keyof typeof quantiles] = average(samples.map(of).filter((value) => value !== null), sure);
  // The three tables have every name between them; TypeScript does not see that the loops reach all.
  return figures as Figures<CallerFigure>;
}

const occupancy = (works: readonly Work[], sure: Sure): Estimate => ratio(works.map(({ busyMs, readyMs }) => [busyMs, busyMs + readyMs] as const), sure);
const workFigures = (works: readonly Work[], sure: Sure): Figures<WorkFigure> => ({ occupancy: occupancy(works, sure), answered: average(works.map(({ answered }) => answered), sure) });

const together = (works: readonly Work[]): Work => works.reduce((sum, { busyMs, readyMs, answered }) => ({ busyMs: sum.busyMs + busyMs, readyMs: sum.readyMs + readyMs, answered: sum.answered + answered }), idle);
const idle: Work = { busyMs: 0, readyMs: 0, answered: 0 };
const nobody: Counts = { offered: 0, answered: 0, inTime: 0, abandoned: 0, turnedAway: 0, waiting: 0, waitMs: 0, answeredWaitMs: 0, talkMs: 0, medianMs: null, p90Ms: null, longestMs: null };

/** Intervals by their time, names as they are. */
const inOrder = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);

function average(values: readonly number[], { t }: Sure): Estimate {
  const many = values.length;
  if (many === 0) return { mean: null, halfWidth: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / many;
  return { mean, halfWidth: many < 2 ? null : t * Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (many - 1) / many) };
}

/** The classical ratio estimate: what is left of each sample's upper part when the common ratio is taken out of it. */
function ratio(pairs: readonly (readonly [number, number])[], { t }: Sure): Estimate {
  const many = pairs.length;
  const [above, below] = pairs.reduce(([a, b], [upper, lower]) => [a + upper, b + lower], [0, 0]);
  if (below === 0) return { mean: null, halfWidth: null };
  const mean = above / below;
  const spread = pairs.reduce((sum, [upper, lower]) => sum + (upper - mean * lower) ** 2, 0) / Math.max(1, many - 1);
  return { mean, halfWidth: many < 2 ? null : (t * Math.sqrt(spread / many)) / (below / many) };
}
