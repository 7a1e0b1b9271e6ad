// The folder for recordings is read-only, and then gone.

import { rename, rm, writeFile } from 'node:fs/promises';
import type { Case } from '../case.ts';
import { cannotMount, smallDisk } from '../actors/small-disk.ts';
import { warned } from '../actors/supervisor.ts';
import { count, gather } from '../crowd.ts';

export const resourcesFolder: Case = {
  name: 'resources-folder',
  says: { en: 'the folder for recordings cannot be written, and then is not there', zh: '录音目录先无法写入，后不存在' },
  stage: { agents: 10 },
  cannot: cannotMount,
  async run({ stage, size }) {
    const { recordingsDir } = stage.runtime;
    const supervisor = await stage.desktop('2001');
    const crowd = await gather(stage, { talking: 4, waiting: 0, talkMs: 500 });
    await crowd.until('nobody talks', ({ contacts }) => contacts.length === 0);

    // Over the folder, so that what was recorded before comes back with it.
    const releases: (() => Promise<unknown>)[] = [];
    const disk = await smallDisk(recordingsDir, 10, (release) => releases.push(release));
    await disk.readOnly(true);
    await warned(supervisor, 'recordings-unwritable', 'raised');
    await crowd.call({ calls: size === 'short' ? 4 : 40, callsPerSecond: 4 });
    await crowd.served();
    await disk.readOnly(false);
    await warned(supervisor, 'recordings-unwritable', 'cleared');
    for (const release of releases) await release();

    const away = `${recordingsDir}-away`;
    await rename(recordingsDir, away);
    await writeFile(recordingsDir, '');
    await warned(supervisor, 'recordings-missing', 'raised');
    await crowd.call({ calls: size === 'short' ? 4 : 40, callsPerSecond: 4 });
    await crowd.served();
    await rm(recordingsDir);
    await rename(away, recordingsDir);
    await warned(supervisor, 'recordings-missing', 'cleared');

    await crowd.call({ calls: 2 });
    await crowd.until('somebody talks again', (seen) => count(seen, 'connected') > 0);
    await crowd.served();
    await supervisor.close();
    await crowd.leave();
    return { placed: crowd.placed(), recordingsMayFail: true };
  },
};
