// A disk of a few megabytes in the place of a folder: filled, emptied, made read-only.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Text } from '../../runtime/progress.ts';

export interface SmallDisk {
  /** Nothing more can be written until `free`. */
  fill(): Promise<void>;
  free(): Promise<void>;
  readOnly(is: boolean): Promise<void>;
  /** In the folder's place stands a file; whoever has one of the disk's own open writes on. */
  away(is: boolean): Promise<void>;
}

const run = promisify(execFile);

/** Goes when the stage does, whoever still has it open. */
export async function smallDisk(folder: string, megabytes: number, releaseLater: (release: () => Promise<unknown>) => void): Promise<SmallDisk> {
  // As wide as a folder of ours is: Asterisk and the service are one user here, and it need not be the one who mounts.
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'rexian-torture', folder]);
  let mounted = folder;
  releaseLater(() => run('umount', ['-l', mounted]));
  const filler = join(folder, 'filler');
  const [aside, beneath] = [`${folder}-aside`, `${folder}-beneath`];
  return {
    fill: async () => {
      const { bavail, bsize } = await statfs(folder);
      // To the last block: what a file takes beside its bytes makes the first try too large.
      for (let bytes = bavail * bsize; bytes >= bsize; bytes = Math.floor(bytes / 2)) {
        await writeFile(filler, Buffer.alloc(bytes), { flag: 'a' }).catch(whenFull);
      }
    },
    free: () => rm(filler, { force: true }),
    away: async (is) => {
      if (is) {
        await mkdir(aside, { recursive: true });
        await run('mount', ['--bind', folder, aside]);
        mounted = aside;
        await run('umount', ['-l', folder]);
        await rename(folder, beneath);
        await writeFile(folder, '');
      } else {
        await rm(folder);
        await rename(beneath, folder);
        await run('mount', ['--bind', aside, folder]);
        mounted = folder;
        await run('umount', ['-l', aside]);
      }
    },
    readOnly: async (is) => void (await run('mount', ['-o', `remount,${is ? 'ro' : 'rw'}`, folder])),
  };
}

function whenFull(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC') throw error;
}

/** Why a case with a small disk cannot be played here. */
export async function cannotMount(): Promise<Text | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'rexian-mount-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'rexian-torture', folder]);
    await run('umount', [folder]);
    return undefined;
  } catch {
    const how = 'unshare -U --map-current-user --keep-caps -m ./rexian torture resources';
    return { en: `a small disk cannot be mounted; run it as root, or as: ${how}`, zh: `无法挂载小容量磁盘；请用 root 运行，或执行：${how}` };
  } finally {
    await rmdir(folder);
  }
}
