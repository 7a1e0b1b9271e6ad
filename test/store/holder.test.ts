import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../runtime/until.ts';
import { end, fateOf, isNeighbour, ownName } from '../../src/store/holder.ts';
import { patientMs } from '../support/patient.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const module = new URL('../../src/store/holder.ts', import.meta.url).href;

/** Another process, and the name it gives itself. */
async function neighbour(): Promise<{ child: ChildProcess; name: string }> {
  const child = spawn(execPath, ['--input-type=module', '-e', `process.stdout.write((await import(${JSON.stringify(module)})).ownName()); setInterval(() => {}, 1e6);`], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [name] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, name: String(name) };
}
const becomes = (name: string, fate: string): Promise<true> => until(() => fateOf(name) === fate || undefined, { limitMs: patientMs, everyMs: 5, what: `${name} ${fate}` });

test('a process of this machine is seen to live, to be stopped, to live again and to be dead', async () => {
  const { child, name } = await neighbour();
  expect(isNeighbour(name)).toBe(true);
  expect(fateOf(name)).toBe('alive');
  child.kill('SIGSTOP');
  await becomes(name, 'stopped');
  child.kill('SIGCONT');
  await becomes(name, 'alive');
  child.kill('SIGKILL');
  await becomes(name, 'dead');
});

test('a neighbour is ended even when it is stopped', async () => {
  const { child, name } = await neighbour();
  child.kill('SIGSTOP');
  await becomes(name, 'stopped');
  end(name);
  await becomes(name, 'dead');
  // Once more does nothing.
  end(name);
});

test('a process id that was given out again is another process', async () => {
  const { name } = await neighbour();
  const [host, pid, startedAt, machine] = name.split(':');
  const before = [host, pid, Number(startedAt) - 1, machine].join(':');
  expect(fateOf(before)).toBe('dead');
  end(before);
  expect(fateOf(name)).toBe('alive');
});

test('nothing is known of a holder on another machine, of an unreadable name, or of ourselves', () => {
  const [host, pid, startedAt] = ownName().split(':');
  for (const name of [[host, pid, startedAt, '0123456789ab'].join(':'), 'somebody', '', ownName()]) {
    expect(isNeighbour(name)).toBe(false);
    expect(fateOf(name)).toBe('unknown');
  }
});
