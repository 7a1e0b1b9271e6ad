import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('../../rexian', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-launcher-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Outcome = { code: number; out: string; err: string };

function launch(file: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env } }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

/** A program that stands before the real one on PATH. */
async function pretend(name: string, script: string): Promise<Record<string, string>> {
  const bin = await mkdtemp(join(folder, 'bin-'));
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

test('works through a symlink from any folder, in both languages', async () => {
  const link = join(folder, 'link');
  await symlink(launcher, link);
  const [english, chinese, byLocale] = await Promise.all([
    launch(link, ['help']), launch(link, ['--lang', 'zh', 'help']), launch(link, ['help'], { LANG: 'zh_CN.UTF-8' }),
  ]);
  expect(english).toMatchObject({ code: 0, err: '' });
  expect(english.out).toContain('Usage: ./rexian COMMAND');
  expect(chinese.out).toContain('用法：./rexian 命令');
  expect(byLocale.out).toBe(chinese.out);
});

test('an unknown command or option is exit code 2 and says where to look', async () => {
  expect(await launch(launcher, ['fly'])).toMatchObject({ code: 2, err: 'rexian: there is no command "fly". ./rexian help lists them all.\n' });
  expect(await launch(launcher, ['runtime', '--nonsense'])).toMatchObject({ code: 2 });
  expect(await launch(launcher, ['help', '--lang', 'fr'])).toMatchObject({ code: 2 });
});

test.each([['uname', 'echo Darwin'], ['uname', '[ "$1" = -m ] && echo aarch64 || echo Linux'], ['getconf', 'exit 1']])(
  'on another machine (%s: %s) it names Docker', async (name, script) => {
    const { code, err } = await launch(launcher, ['help'], await pretend(name, script));
    expect(code).toBe(1);
    expect(err).toContain('docker compose -f docker/compose.yaml up');
  });

test('a Node that is too old is refused', async () => {
  const { code, err } = await launch(launcher, ['help'], await pretend('node', '[ "$1" = --version ] && echo v18.19.0 && exit; exit 1'));
  expect(code).toBe(1);
  expect(err).toContain('Node.js v18.19.0 is too old: 20 or newer is needed.');
});
