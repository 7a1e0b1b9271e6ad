import { expect, test } from 'vitest';
import { figuresOf } from '../../src/simulate/figures.ts';
import { stream } from '../../src/simulate/random.ts';
import type { Counts, Sample } from '../../src/simulate/tally.ts';
import { scenarioOf } from './scenario.ts';

const scenario = scenarioOf({ agents: { first: { count: 2 } }, classes: { a: { needs: 'true', arrivals: { perHour: 1 }, handle: { fixed: '1s' } } } });
const nobody: Counts = { offered: 0, answered: 0, inTime: 0, abandoned: 0, turnedAway: 0, waiting: 0, waitMs: 0, answeredWaitMs: 0, talkMs: 0, medianMs: null, p90Ms: null, longestMs: null };

function sample(counts: Partial<Counts>, busy: readonly [number, number] = [0, 0]): Sample {
  const all = { ...nobody, ...counts };
  const [first, second] = [...scenario.routing.agents.keys()];
  return {
    callers: { all: { all }, queue: {}, class: { a: all }, tag: {}, interval: { 3600000: all, 0: all } },
    agents: { [first ?? '']: { busyMs: busy[0], readyMs: 100 - busy[0], answered: 1 }, [second ?? '']: { busyMs: busy[1], readyMs: 100 - busy[1], answered: 3 } },
  };
}

test('a count is the mean of the samples, a rate the sum over the sum', () => {
  const { all, agents, groups } = figuresOf(scenario, [sample({ offered: 10, inTime: 9, waitMs: 100, p90Ms: 10 }, [20, 40]), sample({ offered: 30, inTime: 15, waitMs: 900, p90Ms: null }, [40, 60])]);
  expect([all.offered.mean, all.serviceLevel.mean, all.meanWaitMs.mean, all.p90WaitMs.mean]).toEqual([20, 24 / 40, 1_000 / 40, 10]);
  expect([all.occupancy.mean, groups['first']?.occupancy.mean, Object.values(agents)[0]?.occupancy.mean]).toEqual([0.4, 0.4, 0.3]);
  expect(groups['first']?.answered).toEqual({ mean: 4, halfWidth: 0 });
  // t of one degree of freedom times the deviation 10·√2 over √2.
  expect(all.offered.halfWidth).toBeCloseTo(127.06, 1);
});

test('one sample has no half-width, and nobody no rate', () => {
  const { all } = figuresOf(scenario, [sample({})]);
  expect([all.offered, all.serviceLevel, all.medianWaitMs]).toEqual([{ mean: 0, halfWidth: null }, { mean: null, halfWidth: null }, { mean: null, halfWidth: null }]);
});

test('intervals come in the order of time', () => {
  expect(Object.keys(figuresOf(scenario, [sample({})]).intervals)).toEqual(['0', '3600000']);
});

/** Each sample is some twenty callers with exponential waits of mean 7, of whom 1 − 1/e wait at most 7. */
test('of a thousand intervals of 95 % about 950 hold the truth', () => {
  const random = stream('coverage');
  const hits = { meanWaitMs: 0, serviceLevel: 0, offered: 0 };
  const truth = { meanWaitMs: 7, serviceLevel: 1 - 1 / Math.E, offered: 20 };
  for (let experiment = 0; experiment < 1_000; experiment += 1) {
    const samples = Array.from({ length: 12 }, () => {
      const waits = Array.from({ length: 10 + Math.floor(random() * 21) }, () => -7 * Math.log(random()));
      return sample({ offered: waits.length, waitMs: waits.reduce((sum, wait) => sum + wait, 0), inTime: waits.filter((wait) => wait <= 7).length });
    });
    const { all } = figuresOf(scenario, samples);
    for (const figure of ['meanWaitMs', 'serviceLevel', 'offered'] as const) if (Math.abs((all[figure].mean ?? 0) - truth[figure]) <= (all[figure].halfWidth ?? 0)) hits[figure] += 1;
  }
  // Four standard deviations of a count of 950 are 28; a ratio of so few samples holds a little less often.
  for (const held of Object.values(hits)) expect(Math.abs(held - 950)).toBeLessThan(33);
});
