import { expect, test } from 'vitest';
import { stream } from '../../src/simulate/random.ts';
import { fate } from '../../stage/fate.ts';

const many = 20_000;
const bad = { lost: 0.05, twice: 0.02, lateMs: 200 };
const drawn = (seed: number) => {
  const random = stream('fate', seed);
  return Array.from({ length: many }, () => fate(bad, random));
};

test('of many datagrams about as many are lost and come twice as was asked for', () => {
  const fates = drawn(1);
  const share = (copies: number): number => fates.filter(({ length }) => length === copies).length / many;
  expect(share(0)).toBeCloseTo(0.05, 2);
  expect(share(2)).toBeCloseTo(0.02 * 0.95, 2);
});

test('each comes late, and a second copy behind the first, by at most as much again', () => {
  const fates = drawn(2).filter(({ length }) => length > 0);
  expect(new Set(fates.map(([first]) => first))).toEqual(new Set([200]));
  const second = fates.flatMap(([, copy]) => copy ?? []);
  expect(Math.min(...second)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...second)).toBeLessThan(400);
});

test('the same seed draws the same, another seed something else', () => {
  expect(drawn(3)).toEqual(drawn(3));
  expect(drawn(3)).not.toEqual(drawn(4));
});

test('what becomes of one moves nothing of what becomes of the next', () => {
  const after = (lost: number): readonly number[] => {
    const random = stream('fate', 5);
    fate({ ...bad, lost }, random);
    return fate({ ...bad, twice: 1, lost: 0 }, random);
  };
  expect(after(1)).toEqual(after(0));
});
