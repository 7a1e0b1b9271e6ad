// The machine's clock for one process, to be set while it runs: libfaketime, from Debian as the servers are.

import { execFile } from 'node:child_process';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment } from '../../runtime/environment.ts';
import type { Text } from '../../runtime/progress.ts';

export interface FakeClock {
  /** For the process that is to have it. */
  readonly env: Readonly<Record<string, string>>;
  /** Against the true time; it is noticed within a second. */
  set(bySeconds: number): Promise<void>;
}

const run = promisify(execFile);

export async function fakeClock(folder: string): Promise<FakeClock> {
  const library = await faketime();
  if (library === undefined) throw new Error('libfaketime is not here');
  const stamp = join(folder, 'clock');
  const set = async (bySeconds: number): Promise<void> => {
    // Renamed, because it may be read at any moment.
    await writeFile(`${stamp}.new`, `${bySeconds < 0 ? '' : '+'}${bySeconds}\n`);
    await rename(`${stamp}.new`, stamp);
  };
  await set(0);
  return {
    env: { ...preloaded(library), FAKETIME_TIMESTAMP_FILE: stamp, FAKETIME_CACHE_DURATION: '1' },
    set,
  };
}

/** For a process whose clock is to begin at this moment whenever it starts, and then to run; undefined where there is no such clock. */
export async function clockBeginsAt(at: number): Promise<Readonly<Record<string, string>> | undefined> {
  const library = await faketime();
  if (library === undefined) return undefined;
  const begins = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return { ...preloaded(library), FAKETIME: `@${begins}`, TZ: 'UTC' };
}

/** The monotonic clock stays the kernel's, as it does when somebody sets a machine's clock. */
const preloaded = (library: string) => ({ LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' });

/** Why a case with such a clock cannot be played here. */
export async function cannotFakeClock(): Promise<Text | undefined> {
  if ((await faketime()) !== undefined) return undefined;
  return { en: 'libfaketime is neither installed nor to be had by apt-get download', zh: '未安装 libfaketime，也无法用 apt-get download 取得' };
}

/** That of the system, or the system's own package unpacked beside the prefix: it must fit the system's C library. */
async function faketime(): Promise<string | undefined> {
  const own = join(readEnvironment().cacheDir, 'faketime');
  for (const root of ['/', own]) {
    const library = join(root, 'usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1');
    if (await access(library).then(() => true, () => false)) return library;
    if (root === '/') await download(own).catch(notToBeHad);
  }
  return undefined;
}

async function download(folder: string): Promise<void> {
  if (await access(folder).then(() => true, () => false)) return;
  const half = `${folder}.${process.pid}`;
  await mkdir(half, { recursive: true });
  try {
    await run('apt-get', ['download', 'libfaketime'], { cwd: half });
    const [archive = ''] = (await readdir(half)).filter((name) => name.endsWith('.deb'));
    await run('dpkg-deb', ['--extract', join(half, archive), half]);
    await rename(half, folder);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

function notToBeHad(): void {
  // No Debian, or no way to it: the case is skipped and says so.
}
