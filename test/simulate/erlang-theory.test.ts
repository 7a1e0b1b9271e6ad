/**
 * The router against Erlang C and Erlang A, in two steps that leave nothing to chance in between. First, over a grid of
 * loads and sizes, every caller whom the simulator (and so the production decider) serves waits exactly as long, to the
 * millisecond, as a first-come-first-served line says by bare arithmetic on the same arrivals, talks and patience.
 * Then that arithmetic, run over millions of callers where the decider could not go in a test's time, is held against
 * the formulas: the whole 99 % confidence interval lies within 0.5 percentage points of the service level and within
 * 2 % of the mean wait.
 */
import { describe, expect, test } from 'vitest';
import { callsOf } from '../../src/simulate/callers.ts';
import { erlangA, erlangServiceLevel, erlangWaitSeconds } from '../../src/simulate/erlang.ts';
import { figuresOf } from '../../src/simulate/figures.ts';
import { stream } from '../../src/simulate/random.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { adjusted } from './control-variates.ts';
import type { Adjusted } from './control-variates.ts';
import { inMilliseconds, oneLine } from './one-line.ts';
import { scenarioOf } from './scenario.ts';

const handle = 180;
const within = 20;
/** Of the waits for one fast agent, these shares of all callers are controls: how many wait longer than that. */
const longerThan = [0, within / 2, within, 3 * within];

interface Point {
  readonly agents: number;
  /** Offered load over agents. */
  readonly load: number;
  /** Mean, in seconds; absent: nobody gives up. */
  readonly patience?: number;
  /** What the half-width needs. */
  readonly callers: number;
}

const erlangCGrid: readonly Point[] = [
  { agents: 1, load: 0.7, callers: 500_000 },
  { agents: 5, load: 0.7, callers: 1_000_000 },
  { agents: 5, load: 0.9, callers: 1_000_000 },
  { agents: 10, load: 0.8, callers: 1_500_000 },
  { agents: 20, load: 0.9, callers: 1_500_000 },
  { agents: 20, load: 0.95, callers: 1_500_000 },
  { agents: 50, load: 0.95, callers: 3_000_000 },
];
const erlangAGrid: readonly Point[] = [
  { agents: 5, load: 0.9, patience: 60, callers: 500_000 },
  { agents: 5, load: 1.2, patience: 180, callers: 500_000 },
  { agents: 20, load: 0.9, patience: 60, callers: 1_000_000 },
  { agents: 20, load: 1, patience: 180, callers: 1_200_000 },
  { agents: 20, load: 1.2, patience: 180, callers: 1_000_000 },
  { agents: 100, load: 1.05, patience: 60, callers: 1_500_000 },
  { agents: 100, load: 1.2, patience: 60, callers: 700_000 },
];
const named = (points: readonly Point[]) => points.map((point) => [`${point.agents} agents at a load of ${point.load}${point.patience === undefined ? '' : `, patience ${point.patience} s`}`, point] as const);

function scenario({ agents, load, patience }: Point, callers: number, more: object = {}): Scenario {
  const perHour = (agents * load * 3_600) / handle;
  return scenarioOf({
    length: `${Math.round((callers / perHour) * 3_600)}s`, drain: '1000h',
    agents: { all: { count: agents } },
    classes: { calls: { needs: 'true', serviceLevel: `${within}s`, arrivals: { perHour }, handle: { exponential: `${handle}s` }, ...(patience === undefined ? {} : { patience: { exponential: `${patience}s` } }) } },
    ...more,
  });
}

describe('every caller waits as one line, first come, first served, says', () => {
  test.each(named([...erlangCGrid, { agents: 100, load: 0.95, callers: 0 }, ...erlangAGrid]))('%s', (_, point) => {
    const played = scenario(point, 2_000, { seed: 'each' });
    const next = callsOf(played, 0, 0);
    const line = oneLine(point.agents);
    const waits: number[] = [];
    const counts = { offered: 0, answered: 0, inTime: 0, abandoned: 0, waitMs: 0 };
    for (let call = next(); call !== undefined; call = next()) {
      const { wait, answered } = line(inMilliseconds(call));
      waits.push(wait);
      counts.offered += 1;
      counts[answered ? 'answered' : 'abandoned'] += 1;
      counts.waitMs += wait;
      if (answered && wait <= within * 1_000) counts.inTime += 1;
    }
    waits.sort((a, b) => a - b);
    expect(counts.offered).toBeGreaterThan(1_700);
    expect(replicate(played, 0).samples[0]?.callers.all['all']).toMatchObject({ ...counts, medianMs: waits[Math.ceil(waits.length / 2) - 1], p90Ms: waits[Math.ceil(waits.length * 0.9) - 1], longestMs: waits.at(-1) });
  });
});

describe('that line is Erlang’s, within 0.5 percentage points and 2 %, at 99 % confidence', () => {
  test.each(named(erlangCGrid))('Erlang C: %s', (_, point) => {
    const load = { agents: point.agents, callsPerSecond: (point.agents * point.load) / handle, handleSeconds: handle };
    meets(measured(point), erlangServiceLevel(load, within), erlangWaitSeconds(load));
  });

  test.each(named(erlangAGrid))('Erlang A: %s', (_, point) => {
    const theory = erlangA({ agents: point.agents, callsPerSecond: (point.agents * point.load) / handle, handleSeconds: handle, patienceSeconds: point.patience ?? 0 });
    meets(measured(point), theory.serviceLevel(within), theory.waitSeconds);
  });
});

function meets({ level, wait }: { readonly level: Adjusted; readonly wait: Adjusted }, levelInTheory: number, waitInTheory: number): void {
  expect(Math.abs(level.mean - levelInTheory) + level.halfWidth).toBeLessThan(0.005);
  expect(Math.abs(wait.mean - waitInTheory) + wait.halfWidth).toBeLessThan(0.02 * waitInTheory);
}

/**
 * The controls are what each batch's callers brought (their gaps, handle times and patience) and, where the load is less
 * than the agents, what one agent would have made of them who is as fast as all of them together: M/M/1, known exactly.
 */
function measured({ agents, load, patience = Number.POSITIVE_INFINITY, callers }: Point): { readonly level: Adjusted; readonly wait: Adjusted } {
  const batches = 100;
  const gap = handle / agents / load;
  const [gaps, handles, patiences] = ['gap', 'handle', 'patience'].map((purpose) => stream('theory', purpose, agents, load, patience));
  const line = oneLine(agents);
  const [levels, waits, controls]: [number[], number[], number[][]] = [[], [], []];
  let at = 0;
  let fast = 0;
  for (let batch = -1; batch < batches; batch += 1) {
    const sums = { wait: 0, inTime: 0, gap: 0, handle: 0, patience: 0, fast: 0 };
    const longer = longerThan.map(() => 0);
    // The batch before the first fills the empty centre.
    const size = batch < 0 ? 20_000 : callers / batches;
    for (let caller = 0; caller < size; caller += 1) {
      const [thisGap, thisHandle, thisPatience] = [-gap * Math.log(gaps?.() ?? 1), -handle * Math.log(handles?.() ?? 1), patience === Number.POSITIVE_INFINITY ? patience : -patience * Math.log(patiences?.() ?? 1)];
      at += thisGap;
      fast = Math.max(0, fast - thisGap);
      const { wait, answered } = line({ at, handle: thisHandle, patience: thisPatience });
      sums.wait += wait;
      if (answered && wait <= within) sums.inTime += 1;
      sums.gap += thisGap;
      sums.handle += thisHandle;
      sums.patience += thisPatience;
      sums.fast += fast;
      for (let index = 0; index < longer.length; index += 1) if (fast > (longerThan[index] ?? 0)) longer[index] = (longer[index] ?? 0) + 1;
      fast += thisHandle / agents;
    }
    if (batch < 0) continue;
    levels.push(sums.inTime / size);
    waits.push(sums.wait / size);
    const brought = [sums.gap, sums.handle];
    controls.push((patience === Number.POSITIVE_INFINITY ? [...brought, sums.fast, ...longer] : [...brought, sums.patience]).map((sum) => sum / size));
  }
  const freeing = agents / handle - 1 / gap;
  const expected = patience === Number.POSITIVE_INFINITY ? [gap, handle, load / freeing, ...longerThan.map((time) => load * Math.exp(-freeing * time))] : [gap, handle, patience];
  return { level: adjusted(levels, controls, expected, 0.99), wait: adjusted(waits, controls, expected, 0.99) };
}

/** What a person who runs `./rexian simulate` sees: the formula within the interval that is printed. */
describe('the simulator’s own confidence interval holds the formula', () => {
  test.each(named([{ agents: 5, load: 0.8, callers: 0 }, { agents: 20, load: 1, patience: 120, callers: 0 }]))('%s, at 99.9 %%', (...[, point]) => {
    const played = scenario(point, 1_500, { warmUp: '2h', replications: 10, confidence: 0.999 });
    const { all } = figuresOf(played, Array.from({ length: played.replications }, (_, index) => replicate(played, index)).flatMap(({ samples }) => samples));
    const load = { agents: point.agents, callsPerSecond: (point.agents * point.load) / handle, handleSeconds: handle };
    const patient = point.patience === undefined ? undefined : erlangA({ ...load, patienceSeconds: point.patience });
    const inTheory = {
      serviceLevel: patient?.serviceLevel(within) ?? erlangServiceLevel(load, within),
      meanWaitMs: 1_000 * (patient?.waitSeconds ?? erlangWaitSeconds(load)),
      abandonRate: patient?.abandoned ?? 0,
      occupancy: point.load * (1 - (patient?.abandoned ?? 0)),
    };
    for (const [figure, theory] of Object.entries(inTheory)) {
      // The names are those of the figures; Object.entries forgets it.
      const { mean, halfWidth } = all[figure as keyof typeof inTheory];
      expect(Math.abs((mean ?? 0) - theory), figure).toBeLessThanOrEqual(halfWidth ?? 0);
    }
    expect(all.serviceLevel.halfWidth).toBeLessThan(0.12);
  });
});
