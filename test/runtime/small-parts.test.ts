import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../src/telephony/asterisk-version.ts';
import { langFrom, readEnvironment } from '../../runtime/environment.ts';
import { lockFile } from '../../runtime/file-lock.ts';
import { netstring, netstringReader } from '../../runtime/netstring.ts';
import { claimPort, freeSipPort, freeTcpPort } from '../../runtime/ports.ts';
import { loadSecrets } from '../../runtime/secrets.ts';
import { SetupError } from '../../runtime/setup-error.ts';
import { counts } from '../../runtime/sipp.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-parts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('secrets', () => {
  test('are made once, kept, private to the user, and grow with the agents', async () => {
    const first = await loadSecrets(folder, ['1001']);
    const second = await loadSecrets(folder, ['1001', '1002']);
    expect(second.ari).toBe(first.ari);
    expect(second.agents['1001']).toEqual(first.agents['1001']);
    expect(second.agents['1002']?.sip).toMatch(/^[A-Za-z0-9]{16}$/);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toContain(second.sessionSigning);
  });

  test('never look like a number to a phone, which 0x would', async () => {
    const { agents } = await loadSecrets(join(folder, 'many'), Array.from({ length: 3_000 }, (_, index) => String(index)));
    expect(Object.values(agents).filter(({ sip }) => !/^[A-Za-z][A-Za-z0-9]{15}$/.test(sip))).toEqual([]);
  });

  test('in a damaged file are reported and not replaced', async () => {
    const file = join(folder, 'damaged');
    await loadSecrets(file, []);
    await writeFile(join(file, 'secrets.json'), '{"ari":');
    await expect(loadSecrets(file, [])).rejects.toThrow(SetupError);
    expect(await readFile(join(file, 'secrets.json'), 'utf8')).toBe('{"ari":');
  });
});

test('a lock is one holder at a time, and is free again when released', async () => {
  const path = join(folder, 'lock');
  const first = await lockFile(path, false);
  expect(await lockFile(path, false)).toBeUndefined();
  const second = lockFile(path, true);
  first?.release();
  (await second)?.release();
});

test('a port in use is named together with the option that changes it', async () => {
  const port = await freeTcpPort();
  const server = createServer().listen(port, '127.0.0.1');
  await expect(claimPort(port, 'tcp', '--http-port')).rejects.toThrow(`TCP port ${port} is in use by another program. Choose another one with --http-port.`);
  server.close();
});

test('the same port is never handed out twice', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freeTcpPort));
  expect(new Set(ports).size).toBe(50);
});

test('nor by two processes at once', async () => {
  const ours: number[] = [];
  while (ours.length < 150) ours.push(await freeSipPort());
  const asks = `const { freeSipPort } = await import(${JSON.stringify(new URL('../../runtime/ports.ts', import.meta.url).href)}); for (let n = 0; n < 900; n += 1) console.log(await freeSipPort());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', asks]);
  const theirs = stdout.trim().split('\n').map(Number);
  expect(theirs).toHaveLength(900);
  expect(theirs.filter((port) => ours.includes(port))).toEqual([]);
});

test.each([
  ['22.10.1+dfsg', 'safe'], ['22.11.0', 'safe'], ['23.0.0', 'safe'], ['22.10.0', 'unsafe'], ['20.14.0', 'unsafe'],
  ['18.26.0', 'too-old'], ['certified-20.7-cert1', 'unsafe'], ['certified/20.7-cert1', 'unsafe'], ['GIT-22-abcdef', 'unsafe'], ['', 'unknown'],
])('Asterisk %s is %s', (version, verdict) => {
  expect(judge(version)).toBe(verdict);
});

test('an hour of phones does not use up the ports: those of the first are given again', async () => {
  const ports: number[] = [];
  while (ports.length < 2_600) ports.push(await freeSipPort());
  expect(new Set(ports.slice(-1_000)).size).toBe(1_000);
});

test('netstrings survive any cut, in UTF-8 too', () => {
  const bytes = Buffer.from(netstring('{"a":1}') + netstring('坐席'));
  const read = netstringReader();
  expect([...bytes].flatMap((byte) => read(Buffer.from([byte])))).toEqual(['{"a":1}', '坐席']);
});

test('SIPp’s last line counts', () => {
  expect(counts('A;SuccessfulCall(C);FailedCall(C)\n1;2;0\n1;19;1\n')).toEqual({ successful: 19, failed: 1 });
  expect(counts('')).toEqual({ successful: 0, failed: 0 });
});

test('the environment names the cache, by default below the home', () => {
  expect(readEnvironment({ HOME: '/home/a' }).cacheDir).toBe('/home/a/.cache/rexian');
  expect(readEnvironment({ HOME: '/home/a', XDG_CACHE_HOME: '/x' }).cacheDir).toBe('/x/rexian');
  expect(readEnvironment({ REXIAN_CACHE: '/c' }).cacheDir).toBe('/c');
  expect([langFrom({ LANG: 'zh_CN.UTF-8' }), langFrom({ LANG: 'C.UTF-8' })]).toEqual(['zh', 'en']);
});
