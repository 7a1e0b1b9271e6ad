import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment, type Environment } from '../../runtime/environment.ts';
import { freeTcpPort } from '../../runtime/ports.ts';
import { ensurePrefix, prefixFolder } from '../../runtime/prefix.ts';
import { program } from '../../runtime/program.ts';
import { silent } from '../../runtime/progress.ts';
import { SetupError } from '../../runtime/setup-error.ts';

let environment: Environment;
beforeEach(async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'rexian-prefix-'));
  environment = { ...readEnvironment(), cacheDir, debianMirror: `http://127.0.0.1:${await freeTcpPort()}/debian` };
});
afterEach(() => rm(environment.cacheDir, { recursive: true, force: true }));

test('a finished prefix needs no network', async () => {
  await mkdir(prefixFolder(environment), { recursive: true });
  expect(await ensurePrefix(environment, silent)).toBe(prefixFolder(environment));
});

test('without a mirror set-up fails with apt’s reason, leaves nothing that looks finished, and can be run again', async () => {
  await mkdir(`${prefixFolder(environment)}.half`, { recursive: true });
  await writeFile(join(`${prefixFolder(environment)}.half`, 'left-over'), '');
  for (const attempt of [1, 2]) {
    const failure = await ensurePrefix(environment, silent).catch((error: unknown) => error);
    expect(failure, `attempt ${attempt}`).toBeInstanceOf(SetupError);
    expect((failure as SetupError).message).toMatch(/apt-get update failed[\s\S]*Run the same command again[\s\S]*127\.0\.0\.1/);
  }
  expect((await readdir(environment.cacheDir)).filter((name) => name === prefixFolder(environment).split('/').at(-1))).toEqual([]);
});

test('a mirror that would add a line to the sources is refused', async () => {
  await expect(ensurePrefix({ ...environment, debianMirror: 'http://a/\ndeb http://b x y' }, silent)).rejects.toThrow('not an http address');
});

test('a cache folder that cannot be made is named together with its variable', async () => {
  await writeFile(join(environment.cacheDir, 'file'), '');
  await expect(ensurePrefix({ ...environment, cacheDir: join(environment.cacheDir, 'file/cache') }, silent)).rejects.toThrow('REXIAN_CACHE');
});

test('programs of the prefix run through the prefix’s own loader', () => {
  const { command, args, env } = program({ kind: 'prefix', prefix: '/p' }, 'espeak-ng', ['-q']);
  expect(command).toBe('/p/usr/lib64/ld-linux-x86-64.so.2');
  expect(args.slice(-2)).toEqual(['/p/usr/bin/espeak-ng', '-q']);
  expect(env['ESPEAK_DATA_PATH']).toBe('/p/usr/lib/x86_64-linux-gnu');
});
