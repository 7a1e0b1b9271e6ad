import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { statusOf, unfinishedRecordings } from '../store/recordings.ts';
import { isPart } from './finalize.ts';
import type { FinalizeOptions } from './finalize.ts';

export interface Swept {
  /** To be finalised: their job was lost, or they failed for want of a file that is there now. */
  readonly unfinished: readonly string[];
  /** Raw files that no row knows for an hour. They are somebody's words, so they are reported and never removed. */
  readonly orphans: readonly string[];
}

const orphanAfterMs = 3_600_000;
const extension = '.raw';

/** Compares the folder with the rows, and clears away the halves that a crash left. */
export async function sweepRecordings({ db, centre, recordingsDir }: FinalizeOptions, now: Date): Promise<Swept> {
  const unfinished = new Set(await unfinishedRecordings(db, centre, now));
  const names = await readdir(recordingsDir);
  const raws = names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length));
  const status = await statusOf(db, centre, raws);
  const orphans: string[] = [];
  for (const id of raws) {
    const known = status.get(id);
    const file = `${id}${extension}`;
    if (known === undefined && (await isOlderThan(join(recordingsDir, file), orphanAfterMs, now))) orphans.push(file);
    // A finalised one whose raw file is still there died before the last step.
    if (known === 'failed' || known === 'finalised' || known === 'partial') unfinished.add(id);
  }
  for (const name of names.filter(isPart)) {
    const file = join(recordingsDir, name);
    if (await isOlderThan(file, orphanAfterMs, now)) await rm(file, { force: true });
  }
  return { unfinished: [...unfinished], orphans };
}

async function isOlderThan(file: string, ms: number, now: Date): Promise<boolean> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found !== null && now.getTime() - found.mtimeMs > ms;
}
