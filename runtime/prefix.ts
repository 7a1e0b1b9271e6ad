// The prefix: Debian packages unpacked into a folder of the user's, without root and without installing them.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { downloadPackages } from './apt.ts';
import type { Environment } from './environment.ts';
import { lockFile } from './file-lock.ts';
import { keyring, neededBytes, notUnpacked, packages, prefixVersion, suite } from './packages.ts';
import type { Progress } from './progress.ts';
import { SetupError } from './setup-error.ts';

const run = promisify(execFile);

export function prefixFolder(environment: Environment): string {
  const recipe = JSON.stringify([prefixVersion, suite, packages, notUnpacked.source]);
  return join(environment.cacheDir, `prefix-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
}

/** Builds the prefix unless it is there already, and resolves to its folder. */
export async function ensurePrefix(environment: Environment, progress: Progress): Promise<string> {
  const prefix = prefixFolder(environment);
  // The folder gets its name only when complete, so its existence is the whole check.
  if (await exists(prefix)) return prefix;
  await checkTools();
  await openCache(environment.cacheDir);
  const lockPath = `${prefix}.lock`;
  let lock = await lockFile(lockPath, false);
  if (!lock) {
    progress.step({ en: 'Waiting for another set-up that is already running', zh: '等待另一个正在进行的安装' });
    lock = await lockFile(lockPath, true);
    progress.done();
  }
  try {
    if (!(await exists(prefix))) await build(prefix, environment, progress);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw noSpace(environment.cacheDir);
    throw error;
  } finally {
    lock?.release();
  }
  return prefix;
}

async function build(prefix: string, environment: Environment, progress: Progress): Promise<void> {
  // Downloads of a build that stopped half-way are kept and taken up by apt; unpacked files are not.
  const downloads = `${prefix}.downloads`;
  const half = `${prefix}.half`;
  await rm(half, { recursive: true, force: true });
  const archives = await downloadPackages(downloads, packages, environment, progress);
  await mkdir(half);
  await unpack(archives.filter((file) => !notUnpacked.test(basename(file))), half, progress);
  await writeFile(join(half, 'packages.txt'), archives.map((file) => basename(file)).sort().join('\n') + '\n');
  await rename(half, prefix);
  await rm(downloads, { recursive: true, force: true });
}

async function unpack(archives: string[], folder: string, progress: Progress): Promise<void> {
  progress.step({ en: `Unpacking ${archives.length} packages`, zh: `解开 ${archives.length} 个软件包` });
  const waiting = [...archives];
  const worker = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      await run('dpkg-deb', ['--extract', file, folder]);
      progress.fraction(1 - waiting.length / archives.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  progress.done();
}

async function checkTools(): Promise<void> {
  for (const tool of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb', keyring]) {
    if (await exists(tool)) continue;
    throw new SetupError({
      en: `${tool} is missing: the built-in servers need a Debian-like system. Use Docker instead: docker compose -f docker/compose.yaml up`,
      zh: `缺少 ${tool}：内置服务需要 Debian 类系统。请改用 Docker：docker compose -f docker/compose.yaml up`,
    });
  }
}

async function openCache(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).then(() => access(folder, constants.W_OK)).catch((cause: Error) => {
    throw new SetupError({
      en: `${folder} cannot be written (${cause.message}). Name another folder with REXIAN_CACHE.`,
      zh: `无法写入 ${folder}（${cause.message}）。可用 REXIAN_CACHE 指定其他目录。`,
    }, { cause });
  });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < neededBytes) throw noSpace(folder);
}

function noSpace(folder: string): SetupError {
  const megabytes = Math.round(neededBytes / 1024 / 1024);
  return new SetupError({
    en: `Not enough disk space: ${folder} needs ${megabytes} MB. Free some, or name another folder with REXIAN_CACHE.`,
    zh: `磁盘空间不足：${folder} 需要 ${megabytes} MB。请清理，或用 REXIAN_CACHE 指定其他目录。`,
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

