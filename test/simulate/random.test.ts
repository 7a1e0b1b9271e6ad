import { describe, expect, test } from 'vitest';
import { draw } from '../../src/simulate/distribution.ts';
import type { Distribution } from '../../src/simulate/distribution.ts';
import { stream } from '../../src/simulate/random.ts';

const many = 100_000;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [ma, mb] = [mean(a), mean(b)];
  const spread = (values: readonly number[], m: number): number => Math.sqrt(mean(values.map((value) => (value - m) ** 2)));
  return mean(a.map((value, index) => (value - ma) * ((b[index] ?? 0) - mb))) / spread(a, ma) / spread(b, mb);
};
const taken = (random: () => number, count = many): number[] => Array.from({ length: count }, random);

describe('a stream', () => {
  test('is found again by its name', () => {
    expect(taken(stream('talk', 'billing', 1), 10)).toEqual(taken(stream('talk', 'billing', 1), 10));
    expect(taken(stream('ab', 'c'), 10)).not.toEqual(taken(stream('a', 'bc'), 10));
  });

  test('fills every hundredth alike: chi-square of 99 degrees of freedom, 99.99 %', () => {
    const counts = new Array<number>(100).fill(0);
    for (const value of taken(stream('even'))) counts[Math.floor(value * 100)] = (counts[Math.floor(value * 100)] ?? 0) + 1;
    expect(counts.reduce((sum, count) => sum + (count - many / 100) ** 2 / (many / 100), 0)).toBeLessThan(161);
  });

  /** 1/√n is one standard deviation of the correlation of independent numbers; four of them are 1 in 16,000. */
  test('follows neither itself nor its neighbours', () => {
    const first = taken(stream('seed', 1, 'talk'));
    const limit = 4 / Math.sqrt(many);
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(limit);
    for (const neighbour of [stream('seed', 2, 'talk'), stream('seed', 1, 'talj'), stream('seed', 1, 'talk', '')]) {
      expect(Math.abs(correlation(first, taken(neighbour)))).toBeLessThan(limit);
    }
  });

  test('first numbers of a thousand neighbours are as even as one stream’s', () => {
    const firsts = Array.from({ length: 1_000 }, (_, index) => stream('caller', index)());
    expect(mean(firsts)).toBeCloseTo(0.5, 1);
    expect(Math.abs(correlation(firsts.slice(1), firsts.slice(0, -1)))).toBeLessThan(4 / Math.sqrt(1_000));
  });
});

describe('a distribution has the mean and the spread that its name promises', () => {
  const cases: readonly [Distribution, number][] = [
    [{ type: 'fixed', meanMs: 20_000 }, 0],
    [{ type: 'exponential', meanMs: 180_000 }, 1],
    [{ type: 'lognormal', meanMs: 240_000, cv: 1.2 }, 1.2],
    [{ type: 'lognormal', meanMs: 240_000, cv: 0.5 }, 0.5],
    [{ type: 'erlang', meanMs: 180_000, stages: 4 }, 0.5],
    [{ type: 'erlang', meanMs: 180_000, stages: 1 }, 1],
  ];
  test.each(cases)('%o', (distribution, cv) => {
    const random = stream('spread', JSON.stringify(distribution));
    const values = Array.from({ length: many }, () => draw(distribution, random));
    const average = mean(values);
    const wanted = 'meanMs' in distribution ? distribution.meanMs : 0;
    // Four standard deviations of the mean.
    expect(Math.abs(average - wanted)).toBeLessThanOrEqual((4 * cv * wanted) / Math.sqrt(many));
    expect(Math.sqrt(mean(values.map((value) => (value - average) ** 2))) / average).toBeCloseTo(cv, 1);
  });

  test('the median of a log-normal time is below its mean by √(1 + cv²)', () => {
    const random = stream('median');
    const values = Array.from({ length: many }, () => draw({ type: 'lognormal', meanMs: 1_000, cv: 1 }, random)).sort((a, b) => a - b);
    expect((values[many / 2] ?? 0) / (1_000 / Math.SQRT2)).toBeCloseTo(1, 1);
  });

  test('seen values come as often as they were seen', () => {
    const random = stream('seen');
    const values = Array.from({ length: many }, () => draw({ type: 'seen', valuesMs: [1, 1, 5] }, random));
    expect(values.filter((value) => value === 5).length / many).toBeCloseTo(1 / 3, 2);
    expect(new Set(values)).toEqual(new Set([1, 5]));
  });
});
