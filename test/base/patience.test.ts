import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { patience } from '../../src/base/patience.ts';

test('is over after its time, and not when it was ended', async () => {
  const over: string[] = [];
  patience(10, () => over.push('one'));
  patience(10, () => over.push('two')).end();
  await wait(30);
  expect(over).toEqual(['one']);
});

test('the time in which the process stood still does not count: what came meanwhile is read first', async () => {
  const over: string[] = [];
  const one = patience(50, () => over.push('one'));
  const until = performance.now() + 400;
  while (performance.now() < until);
  // The timers that are late run now, before anything that waits in a socket.
  await wait(1);
  await wait(20);
  one.end();
  await wait(20);
  expect(over).toEqual([]);
});
