// apt-get as an ordinary user: its lists, cache and status live in a folder of ours, so that nothing of the
// system is read but its keyring and its way out to the network.

import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Environment } from './environment.ts';
import { keyring, suite } from './packages.ts';
import type { Progress } from './progress.ts';
import { SetupError } from './setup-error.ts';

const run = promisify(execFile);

/** Downloads the packages with all they depend on, signatures checked; resolves to the .deb files. */
export async function downloadPackages(
  folder: string, names: readonly string[], environment: Environment, progress: Progress,
): Promise<string[]> {
  const env = await prepare(folder, environment);
  progress.step({ en: 'Reading the list of Debian packages', zh: '读取 Debian 软件包列表' });
  await aptGet(['update'], env, progress);
  progress.done();
  progress.step({ en: 'Downloading Asterisk, Redis and the test phones from Debian', zh: '从 Debian 下载 Asterisk、Redis 和测试话机' });
  await aptGet(['install', '--download-only', '--no-install-recommends', ...names], env, progress);
  progress.done();
  const archives = join(folder, 'cache/archives');
  return (await readdir(archives)).filter((name) => name.endsWith('.deb')).map((name) => join(archives, name));
}

async function prepare(folder: string, environment: Environment): Promise<Record<string, string>> {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'etc']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'state/status'), '');
  const mirror = environment.debianMirror ?? (await systemMirror()) ?? 'http://deb.debian.org/debian';
  if (!/^https?:\/\/[^\s"\]]+$/.test(mirror)) {
    throw new SetupError({ en: `REXIAN_DEBIAN_MIRROR is not an http address: ${mirror}`, zh: `REXIAN_DEBIAN_MIRROR 不是 http 地址：${mirror}` });
  }
  await writeFile(join(folder, 'etc/sources.list'), `deb [arch=amd64 signed-by=${keyring}] ${mirror} ${suite} main\n`);
  const configuration = join(folder, 'etc/apt.conf');
  await writeFile(configuration, [
    // The system's own configuration is left out because its hooks are written for root.
    'Dir::Etc::parts "/dev/null";',
    'Dir::Etc::main "/dev/null";',
    `Dir::Etc::sourcelist "${folder}/etc/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/state/status";`,
    `Dir::Cache "${folder}/cache";`,
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    'APT::Get::Assume-Yes "true";',
    // Testing moves on and a mirror may lag; signatures and hashes are still checked.
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'APT::Sandbox::User "";',
    ...(await systemProxies()),
    '',
  ].join('\n'));
  return { ...environment.inherited, APT_CONFIG: configuration, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
}

/** A machine that reaches Debian through a mirror of its own says so in its sources. */
async function systemMirror(): Promise<string | undefined> {
  const parts = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...(await readdir(parts).catch(() => [])).map((name) => join(parts, name))];
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name))) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = /^\s*(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(https?:\/\/\S+?\/debian)\/?(?:\s|$)/m.exec(text);
    if (found) return found[1];
  }
  return undefined;
}

async function systemProxies(): Promise<string[]> {
  const { stdout } = await run('apt-config', ['dump']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => /^Acquire::(https?|ftp)::\S+ "[^"]+";$/.test(line));
}

async function aptGet(args: string[], env: Record<string, string>, progress: Progress): Promise<void> {
  const child = spawn('apt-get', ['-o', 'APT::Status-Fd=3', ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const said: string[] = [];
  const keep = (line: string): void => {
    if (/^[EW]:/.test(line)) said.push(line);
  };
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', keep);
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', keep);
  createInterface({ input: child.stdio[3] as NodeJS.ReadableStream }).on('line', (line) => {
    const found = /^dlstatus:[^:]*:([\d.]+):/.exec(line);
    if (found) progress.fraction(Number(found[1]) / 100);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve(status ?? 1));
  });
  // `update` answers 0 when a list could not be had; without a list the install that follows would only
  // say that the packages do not exist.
  const broken = said.filter((line) => line.startsWith('E:') || /Failed to fetch|Some index files failed/.test(line));
  if (code !== 0 || broken.length > 0) {
    throw new SetupError({
      en: `apt-get ${args[0]} failed (${code}). Run the same command again to continue.\n${said.join('\n')}`,
      zh: `apt-get ${args[0]} 失败（${code}）。重新执行同一命令即可继续。\n${said.join('\n')}`,
    });
  }
}
