import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepRunning } from '../../runtime/keep-running.ts';
import { startProcess } from '../../runtime/process.ts';
import { until } from '../../runtime/until.ts';
import { patientMs } from '../support/patient.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'rexian-keep-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const sleeper = (seconds = '60') => startProcess({ name: 'sleep', command: '/usr/bin/sleep', args: [seconds], logFile: join(folder, 'log'), ready: () => true });
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH is what was asked.
    return false;
  }
};

test('one that is killed is started again and told of, one that is stopped is not', async () => {
  const deaths: string[] = [];
  const kept = await keepRunning(sleeper, (why) => deaths.push(why));
  const first = kept.pid;
  process.kill(first, 'SIGKILL');
  const second = await until(() => (kept.pid !== first ? kept.pid : undefined), { limitMs: patientMs, what: 'another one' });
  expect([alive(first), alive(second), deaths]).toEqual([false, true, ['SIGKILL']]);
  await kept.stop();
  expect([alive(second), deaths]).toEqual([false, ['SIGKILL']]);
});

test('one that cannot be started again is tried until it can', async () => {
  const deaths: string[] = [];
  let starts = 0;
  const kept = await keepRunning(async () => {
    starts += 1;
    if (starts === 2) throw new Error('no room');
    return sleeper();
  }, (why) => deaths.push(why));
  const first = kept.pid;
  process.kill(first, 'SIGKILL');
  await until(() => (kept.pid !== first ? true : undefined), { limitMs: patientMs, what: 'another one' });
  expect([starts, deaths]).toEqual([3, ['SIGKILL', 'no room']]);
  await kept.stop();
});
