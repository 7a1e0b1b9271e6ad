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
export type Figures<Name extends string, As = Estimate> = { readonly [Of in Name]: As };

export type CallerFigure = keyof typeof counts | keyof typeof ratios | keyof typeof quantiles;
export type WorkFigure = 'occupancy' | 'answered';

export interface Results<As = Estimate> {
  readonly all: Figures<CallerFigure | 'occupancy', As>;
  readonly queues: Readonly<Record<string, Figures<CallerFigure, As>>>;
  readonly classes: Readonly<Record<string, Figures<CallerFigure, As>>>;
  readonly tags: Readonly<Record<string, Figures<CallerFigure, As>>>;
  /** By the interval's beginning, in milliseconds from the start of a replication. */
  readonly intervals: Readonly<Record<string, Figures<CallerFigure, As>>>;
  readonly groups: Readonly<Record<string, Figures<WorkFigure, As>>>;
  readonly agents: Readonly<Record<AgentId, Figures<WorkFigure, As>>>;
}

/** Of two plays of the same callers. The change is surer than either: what chance did to both is not in it. */
export interface Compared {
  readonly before: Estimate;
  readonly after: Estimate;
  readonly change: Estimate;
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

export function figuresOf(scenario: Scenario, samples: readonly Sample[]): Results {
  const t = tOf(scenario, samples.length);
  return mapped(foundIn(scenario, samples), (found) => estimateOf(found, t));
}

/** Sample by sample the same callers, under another configuration. */
export function compareFigures(scenario: Scenario, before: readonly Sample[], other: Scenario, after: readonly Sample[]): Results<Compared> {
  const t = tOf(scenario, before.length);
  return paired(foundIn(scenario, before), foundIn(other, after), (one, then) => ({ before: estimateOf(one, t), after: estimateOf(then, t), change: estimateOf(less(then, one), t) }));
}

/** How many standard deviations a half-width is. */
const tOf = ({ confidence }: Scenario, samples: number): number => studentT(confidence, Math.max(1, samples - 1));

/** A figure, and how far each sample is from it: null where there was nothing to divide by. */
interface Found {
  readonly mean: number | null;
  readonly residuals: readonly number[];
}

function foundIn({ routing }: Scenario, samples: readonly Sample[]): Results<Found> {
  const by = (scope: Scope) => {
    const names = [...new Set(samples.flatMap(({ callers }) => Object.keys(callers[scope])))];
    return Object.fromEntries(names.sort(inOrder).map((name) => [name, callerFigures(samples.map(({ callers }) => callers[scope][name] ?? nobody))]));
  };
  const works = (agents: readonly AgentId[]) => samples.map((sample) => together(agents.map((id) => sample.agents[id] ?? idle)));
  const everyone = [...routing.agents.values()].filter(({ queues }) => queues.length > 0);
  const teams = Map.groupBy(everyone, ({ team }) => team || '-');
  return {
    all: { ...callerFigures(samples.map(({ callers }) => callers.all['all'] ?? nobody)), occupancy: occupancy(works(everyone.map(({ id }) => id))) },
    queues: by('queue'),
    classes: by('class'),
    tags: by('tag'),
    intervals: by('interval'),
    groups: Object.fromEntries([...teams].map(([team, agents]) => [team, workFigures(works(agents.map(({ id }) => id)))])),
    agents: Object.fromEntries(everyone.map(({ id }) => [id, workFigures(works([id]))])),
  };
}

function callerFigures(samples: readonly Counts[]): Figures<CallerFigure, Found> {
  const figures: Partial<Record<CallerFigure, Found>> = {};
  for (const [name, of] of Object.entries(counts)) figures[name as keyof typeof counts] = average(samples.map(of));
  for (const [name, of] of Object.entries(ratios)) figures[name as keyof typeof ratios] = ratio(samples.map(of));
  for (const [name, of] of Object.entries(quantiles)) figures[name as keyof typeof quantiles] = average(samples.map(of).filter((value) => value !== null));
  // The three tables have every name between them; TypeScript does not see that the loops reach all.
  return figures as Figures<CallerFigure, Found>;
}

const occupancy = (works: readonly Work[]): Found => ratio(works.map(({ busyMs, readyMs }) => [busyMs, busyMs + readyMs] as const));
const workFigures = (works: readonly Work[]): Figures<WorkFigure, Found> => ({ occupancy: occupancy(works), answered: average(works.map(({ answered }) => answered)) });

const together = (works: readonly Work[]): Work => works.reduce((sum, { busyMs, readyMs, answered }) => ({ busyMs: sum.busyMs + busyMs, readyMs: sum.readyMs + readyMs, answered: sum.answered + answered }), idle);
const idle: Work = { busyMs: 0, readyMs: 0, answered: 0 };
const nobody: Counts = { offered: 0, answered: 0, inTime: 0, abandoned: 0, turnedAway: 0, waiting: 0, waitMs: 0, answeredWaitMs: 0, talkMs: 0, medianMs: null, p90Ms: null, longestMs: null };

/** Intervals by their time, names as they are. */
const inOrder = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : 1);

const nothing: Found = { mean: null, residuals: [] };

function average(values: readonly number[]): Found {
  if (values.length === 0) return nothing;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, residuals: values.map((value) => value - mean) };
}

/** The classical ratio estimate: what is left of each sample's upper part when the common ratio is taken out of it. */
function ratio(pairs: readonly (readonly [number, number])[]): Found {
  const [above, below] = pairs.reduce(([a, b], [upper, lower]) => [a + upper, b + lower], [0, 0]);
  if (below === 0) return nothing;
  const mean = above / below;
  return { mean, residuals: pairs.map(([upper, lower]) => (upper - mean * lower) / (below / pairs.length)) };
}

function estimateOf({ mean, residuals }: Found, t: number): Estimate {
  const many = residuals.length;
  return { mean, halfWidth: mean === null || many < 2 ? null : t * Math.sqrt(residuals.reduce((sum, value) => sum + value ** 2, 0) / (many - 1) / many) };
}

/** Where a sample of one has no partner, nothing is said of how sure the difference is. */
function less(one: Found, other: Found): Found {
  if (one.mean === null || other.mean === null) return nothing;
  const residuals = one.residuals.length === other.residuals.length ? one.residuals.map((value, index) => value - (other.residuals[index] ?? 0)) : [];
  return { mean: one.mean - other.mean, residuals };
}

const mapped = (results: Results<Found>, each: (found: Found) => Estimate): Results => paired(results, results, each);

/** What one of the two has not is a figure of nobody there. */
function paired<As>(one: Results<Found>, other: Results<Found>, each: (one: Found, other: Found) => As): Results<As> {
  const figures = <Name extends string>(mine: Figures<Name, Found> | undefined, theirs: Figures<Name, Found> | undefined): Figures<Name, As> => {
    const names = Object.keys(mine ?? theirs ?? {}) as Name[];
    // Every name of the one that is there.
    return Object.fromEntries(names.map((name) => [name, each(mine?.[name] ?? nothing, theirs?.[name] ?? nothing)])) as Figures<Name, As>;
  };
  const named = <Name extends string>(mine: Readonly<Record<string, Figures<Name, Found>>>, theirs: Readonly<Record<string, Figures<Name, Found>>>): Record<string, Figures<Name, As>> =>
    Object.fromEntries([...new Set([...Object.keys(mine), ...Object.keys(theirs)])].map((name) => [name, figures(mine[name], theirs[name])]));
  return {
    all: figures(one.all, other.all),
    queues: named(one.queues, other.queues),
    classes: named(one.classes, other.classes),
    tags: named(one.tags, other.tags),
    intervals: named(one.intervals, other.intervals),
    groups: named(one.groups, other.groups),
    agents: named(one.agents, other.agents),
  };
}
