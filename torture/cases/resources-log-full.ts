// The disk of the log is full. Nobody hears of it but the log's readers.

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { until } from '../../runtime/until.ts';
import type { Case } from '../case.ts';
import { cannotMount, smallDisk } from '../actors/small-disk.ts';
import { gather } from '../crowd.ts';

const blockBytes = 4_096;

export const resourcesLogFull: Case = {
  name: 'resources-log-full',
  says: { en: 'the disk of the log is full', zh: '日志磁盘写满' },
  stage: { agents: 10 },
  cannot: cannotMount,
  async run({ stage, size }) {
    const before = stage.service.logFile;
    await stage.service.stop();
    const disk = await smallDisk(dirname(before), 1, stage.releaseLater);
    await stage.startAgain({ name: 'service-small-log', httpPort: 0 });
    await disk.fill();
    const log = (): Promise<string> => readFile(stage.service.logFile, 'utf8');
    const full = await log();

    const crowd = await gather(stage, { talking: 4, waiting: 2, talkMs: 1_000 });
    await crowd.call({ calls: size === 'short' ? 10 : 200, callsPerSecond: 5 });
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    // Its last block had room for a little more.
    if ((await log()).length - full.length > blockBytes) throw new Error('the log was not full');

    await disk.free();
    // What was kept meanwhile comes late and whole: the agents' sign-outs are among the last requests.
    const lines = await until(async () => {
      const since = (await log()).slice(full.lastIndexOf('\n') + 1);
      const found = since.trimEnd().split('\n');
      return since.endsWith('\n') && found.length > 20 ? found : undefined;
    }, { limitMs: 10_000, what: 'the log, late' });
    const torn = lines.filter((line) => !isJson(line));
    if (torn.length > 0) throw new Error(`${torn.length} lines of the log are torn: ${torn[0]?.slice(0, 200)}`);
    return { placed: crowd.placed(), figures: { lateLines: lines.length } };
  },
};

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    // Torn: the caller shows it.
    return false;
  }
}
