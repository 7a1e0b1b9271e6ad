import { expect, test } from 'vitest';
import { backOff } from '../../src/telephony/back-off.ts';

test('waits twice as long each time up to its limit, and from the start after a success', () => {
  const pause = backOff({ firstMs: 100, limitMs: 1_000, random: () => 1 });
  expect([1, 2, 3, 4, 5, 6].map(() => pause.nextMs())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  pause.reset();
  expect(pause.nextMs()).toBe(100);
});

test('half of the wait is chance', () => {
  expect(backOff({ firstMs: 100, random: () => 0 }).nextMs()).toBe(50);
});
