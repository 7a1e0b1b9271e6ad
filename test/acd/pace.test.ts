import { expect, test } from 'vitest';
import { afterBatch, quicker, usualPace, waitOf } from '../../src/acd/pace.ts';
import type { Pace } from '../../src/acd/pace.ts';
import { legId } from '../../src/base/ids.ts';

/** A batch each 100 ms, each as late as said. */
function batches(waits: readonly number[], from: Pace = usualPace, start = 1_000_000): Pace {
  return waits.reduce<Pace>((pace, waitedMs, index) => afterBatch(quicker(pace, start + index * 100), { at: start + index * 100, waitedMs, lateMs: 500 }), from);
}
const of = (waitedMs: number, count: number): number[] => Array.from({ length: count }, () => waitedMs);

test('one hang, however long, and a burst behind it change nothing', () => {
  expect(batches([30_000, ...of(20, 3)]).part).toBe(1);
  expect(batches([...of(700, 9), 10]).part).toBe(1);
});

test('lateness that stays halves the pace each second, down to a tenth', () => {
  expect(batches(of(700, 11)).part).toBe(0.5);
  expect(batches(of(700, 21)).part).toBe(0.25);
  expect(batches(of(700, 100)).part).toBe(0.1);
});

test('on time again, the usual pace is there within five seconds', () => {
  const slow = batches(of(700, 100));
  const end = 1_000_000 + 99 * 100;
  expect(batches(of(5, 20), slow, end + 100).part).toBeGreaterThan(0.3);
  expect(batches(of(5, 50), slow, end + 100).part).toBe(1);
});

test('a quiet night makes it whole without a single batch', () => {
  const once = afterBatch(batches(of(700, 11)), { at: 1_002_000, waitedMs: 1, lateMs: 500 });
  expect(quicker(once, 9_000_000).part).toBe(1);
});

test('lateness is the mailbox’s, or that of the youngest news of a call', () => {
  const news = (at: number, since: number) => ({ input: { type: 'leg-up', at, leg: legId('1.1') }, since }) as const;
  const other = (since: number) => ({ input: { type: 'tick', at: since }, since }) as const;
  expect(waitOf([other(900), other(990)], 1_000)).toBe(100);
  expect(waitOf([news(200, 990), news(300, 991), other(992)], 1_000)).toBe(700);
  // What piled up behind a hang of ours: the last of it is young.
  expect(waitOf([news(-29_000, 990), news(995, 999)], 1_000)).toBe(10);
});
