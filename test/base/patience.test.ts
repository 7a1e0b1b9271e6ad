import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patience } from '../../src/base/patience.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('is over after its time, and not when it was ended', () => {
  const over: string[] = [];
  patience(10, () => over.push('one'));
  patience(10, () => over.push('two')).end();
  vi.advanceTimersByTime(9);
  expect(over).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(over).toEqual(['one']);
});

test('the time in which the process stood still does not count: what came meanwhile is read first', () => {
  const over: string[] = [];
  const one = patience(50, () => over.push('one'));
  patience(50, () => over.push('another'));
  // No timer ran and no socket was read. The timers that are late run now, before anything that waits in a socket.
  const still = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 400);
  vi.advanceTimersByTime(50);
  still.mockRestore();
  expect(over).toEqual([]);
  one.end();
  vi.advanceTimersByTime(1_000);
  expect(over).toEqual(['another']);
});
