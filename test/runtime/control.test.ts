import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askControl, openControl } from '../../runtime/control.ts';
import type { Reloaded } from '../../src/config/reload.ts';

const reloaded: Reloaded = { ok: true, version: 'abc', changed: true, warnings: [] };
let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'rexian-control-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

test('the running centre answers, and only its own user may ask', async () => {
  const control = await openControl(state, { reload: async () => reloaded });
  expect(await askControl(state, { type: 'reload' })).toEqual(reloaded);
  expect((await stat(join(state, 'control'))).mode & 0o777).toBe(0o600);
  await control.close();
  expect(await askControl(state, { type: 'reload' })).toBeUndefined();
});

test('a deep state folder has its socket elsewhere', async () => {
  const deep = join(state, 'd'.repeat(120));
  const control = await openControl(deep, { reload: async () => reloaded });
  expect(await askControl(deep, { type: 'reload' })).toEqual(reloaded);
  await control.close();
});

test('one that ends over it has not answered', async () => {
  const control = await openControl(state, {
    reload: async () => {
      throw new Error('gone');
    },
  });
  expect(await askControl(state, { type: 'reload' })).toBeUndefined();
  await control.close();
});
