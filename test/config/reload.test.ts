import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CentreConfig } from '../../src/config/centre-config.ts';
import { loadCentre } from '../../src/config/load.ts';
import { makeReload } from '../../src/config/reload.ts';
import type { ReloadParts } from '../../src/config/reload.ts';
import { brief, sampleFile, sampleWith } from './sample.ts';

/** A service that holds the sample, in a folder that can be changed. */
function service(parts: Partial<ReloadParts> = {}) {
  const dir = sampleWith();
  const loaded = loadCentre(dir);
  if (!loaded.ok) throw new Error('the sample is not good');
  const done: string[] = [];
  let holds: CentreConfig = loaded.config;
  const reload = makeReload({
    now: () => holds,
    read: () => loadCentre(dir),
    prepare: async ({ version }) => {
      done.push(`prepare ${version}`);
      return [];
    },
    take: async (config) => {
      done.push(`take ${config.version}`);
      holds = config;
      return undefined;
    },
    ...parts,
  });
  return { reload, done, first: holds, holds: () => holds, write: (file: string, text: string) => writeFileSync(join(dir, file), text), dir };
}

const faster = sampleFile('queues.yaml', 'ring: 20s', 'ring: 10s');

test('what is new is prepared, then taken', async () => {
  const { reload, done, holds, write } = service();
  write('queues.yaml', faster);
  const reloaded = await reload();
  expect(reloaded).toMatchObject({ ok: true, changed: true, warnings: [] });
  expect(done).toEqual([`prepare ${holds().version}`, `take ${holds().version}`]);
  expect(await reload()).toMatchObject({ ok: true, changed: false, version: holds().version });
  expect(done).toHaveLength(2);
});

test('a faulty file is refused with its place and the nearest right name, and nothing is prepared', async () => {
  const { reload, done, first, holds, write } = service();
  write('queues.yaml', sampleFile('queues.yaml', 'after: 2m, to: general', 'after: 2m, to: genral'));
  const reloaded = await reload();
  expect(reloaded.ok ? [] : reloaded.problems.map(brief)).toEqual(['queues.yaml:16:30 unknown-queue "general"']);
  expect([done, holds()]).toEqual([[], first]);
});

test('a prompt that cannot be made, a decider that refuses: the one before holds', async () => {
  const text = { zh: '无', en: 'no' };
  const unmade = service({ prepare: async () => [text] });
  unmade.write('queues.yaml', faster);
  expect(await unmade.reload()).toEqual({ ok: false, problems: [], reasons: [text] });
  expect(unmade.done).toEqual([]);
  const refused = service({ take: async () => text });
  refused.write('queues.yaml', faster);
  expect(await refused.reload()).toEqual({ ok: false, problems: [], reasons: [text] });
  expect(refused.holds()).toBe(refused.first);
});

test('another centre is not taken', async () => {
  const { reload, done, write } = service();
  write('centre.yaml', sampleFile('centre.yaml', 'id: demo', 'id: other'));
  expect(await reload()).toMatchObject({ ok: false, reasons: [{ en: expect.stringContaining('another centre') }] });
  expect(done).toEqual([]);
});

test('a file that cannot be read is a fault of its own', async () => {
  const { reload } = service({
    read: () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES', path: 'config/queues.yaml' });
    },
  });
  expect(await reload()).toMatchObject({ ok: false, problems: [{ file: 'config/queues.yaml', code: 'unreadable' }] });
});

test('asked twice at once, the second sees what the first left', async () => {
  const { reload, done, write, dir } = service();
  write('queues.yaml', faster);
  const [first, second] = await Promise.all([reload(), reload()]);
  expect([first, second]).toMatchObject([{ ok: true, changed: true }, { ok: true, changed: false }]);
  expect(done).toHaveLength(2);
  rmSync(dir, { recursive: true });
});
