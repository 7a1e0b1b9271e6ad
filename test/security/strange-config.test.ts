// A configuration that somebody else wrote: what Asterisk would be told of it is refused before anything starts.

import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { editedConfig } from '../../stage/edited-config.ts';
import { loadCentre } from '../../src/config/load.ts';
import { hostile } from './support/hostile.ts';

test('a configuration with a stranger’s value where Asterisk would be told it is refused', async () => {
  const flowOf: Readonly<Record<string, (value: string) => string>> = {
    number: (value) => `start: there\nnodes:\n  there: { transfer: ${value} }\n`,
    trunk: (value) => `start: there\nnodes:\n  there: { transfer: "10086", trunk: ${value} }\n`,
    prompt: (value) => `start: there\nnodes:\n  there: { play: ${value}, next: over }\n  over: { hangup: true }\n`,
    queue: (value) => `start: there\nnodes:\n  there: { queue: ${value} }\n`,
  };
  const flows = Object.fromEntries(Object.entries(flowOf).flatMap(([place, written]) => hostile.map((value, n) => [`${place}-${n}`, written(JSON.stringify(value.toWellFormed()))] as const)));
  const queues = Object.fromEntries(hostile.map((value, n) => [`music-${n}`, { name: { zh: '音', en: 'Music' }, whileWaiting: { music: value.toWellFormed() } }]));
  const folder = await editedConfig([{ 'queues.yaml': queues }], flows);
  const loaded = loadCentre(folder);
  await rm(folder, { recursive: true, force: true });
  const errors = loaded.ok ? [] : loaded.problems.filter(({ severity }) => severity === 'error');
  const refused = new Set(errors.map(({ file }) => file));
  expect(Object.keys(flows).filter((name) => !refused.has(`flows/${name}.yaml`))).toEqual([]);
  expect(new Set(errors.filter(({ file }) => file === 'queues.yaml').map(({ line }) => line)).size).toBe(hostile.length);
});
