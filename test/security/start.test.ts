// What a start is refused for, in the settings alone and as the process does it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dangersOf, type AgentSecrets, type Exposed } from '../../src/config/dangers.ts';
import { readSettings } from '../../src/config/env.ts';
import { isPrivate, readNetworks } from '../../src/config/private-networks.ts';
import { weaknessOf } from '../../src/config/weak-secrets.ts';
import { patientMs } from '../support/patient.ts';

const strong = 'kX7p2Qw9Zr4Lm8Vt';
const key = (letter: string): string => `${letter}h4Tq9Wz2Lx7Rn5Bv8Kc3Yd6Mf1Js0Gp`;
const good = {
  DATABASE_URL: 'postgres://rexian@127.0.0.1/rexian', REDIS_URL: 'redis://127.0.0.1:6379',
  ASTERISK_ARI_URL: `http://rexian:${strong}@127.0.0.1:8089`, ASTERISK_AMI_URL: `tcp://rexian:${strong}@127.0.0.1:5038`,
  REXIAN_SESSION_SECRET: key('a'), REXIAN_STORE_KEY: key('b'), REXIAN_SOUNDS: '/sounds', REXIAN_RECORDINGS: '/recordings',
};

function settingsOf(more: Record<string, string>): Exposed {
  const read = readSettings({ ...good, ...more });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

/** Names that a test needs no network for. */
const addresses = async (host: string): Promise<readonly string[]> => {
  const known: Record<string, readonly string[]> = { localhost: ['127.0.0.1', '::1'], asterisk: ['172.20.0.3'], far: ['203.0.113.7'], both: ['127.0.0.1', '203.0.113.7'], '0.0.0.0': ['127.0.0.1', '172.20.0.2'], '::': ['::1', 'fe80::1', '203.0.113.9'] };
  const found = known[host.replace(/^\[|\]$/g, '')];
  if (found === undefined && /^[\d.:[\]]+$/.test(host)) return [host.replace(/^\[|\]$/g, '')];
  if (found === undefined) throw new Error(`no such host ${host}`);
  return found;
};
const found = async (more: Record<string, string>, agents: AgentSecrets = {}): Promise<string[]> => (await dangersOf(settingsOf(more), agents, addresses)).map(({ name }) => name);
const ariAt = (url: string) => ({ ASTERISK_ARI_URL: url.replace('//', `//rexian:${strong}@`) });
const amiAt = (url: string) => ({ ASTERISK_AMI_URL: url.replace('//', `//rexian:${strong}@`) });
const network = { REXIAN_PRIVATE_NETWORKS: '172.20.0.0/16' };
const certificate = { REXIAN_ARI_CERT: 'cert.pem', REXIAN_ARI_KEY: 'key.pem' };

describe('a door to Asterisk', () => {
  test.each([
    ['loopback', {}, []],
    ['loopback by name', { ...ariAt('http://localhost:8089'), ...amiAt('tcp://localhost') }, []],
    ['the whole of 127.0.0.0/8 and ::1', { ...ariAt('http://127.9.9.9:8089'), ...amiAt('tcp://[::1]:5038') }, []],
    ['ARI beyond loopback', ariAt('http://203.0.113.7:8089'), ['ASTERISK_ARI_URL']],
    ['AMI beyond loopback', amiAt('tcp://203.0.113.7:5038'), ['ASTERISK_AMI_URL']],
    ['AMI at a name of which one address is beyond', amiAt('tcp://both'), ['ASTERISK_AMI_URL']],
    ['AMI at a name that nobody knows', amiAt('tcp://nowhere'), ['ASTERISK_AMI_URL']],
    ['ARI on all of this machine’s addresses', ariAt('http://0.0.0.0:8089'), ['ASTERISK_ARI_URL']],
    ['the same, in a network of our own', { ...ariAt('http://0.0.0.0:8089'), ...amiAt('tcp://asterisk'), ...network }, []],
    ['all addresses, one of them outside that network', { ...ariAt('http://[::]:8089'), ...network }, ['ASTERISK_ARI_URL']],
    ['both with TLS', { ...ariAt('https://0.0.0.0:8089'), ...amiAt('tls://far'), ...certificate }, []],
    ['ARI dialled by us, in the clear', { ...ariAt('http://far:8088'), REXIAN_ARI_MODE: 'websocket' }, ['ASTERISK_ARI_URL']],
    ['ARI dialled by us, with TLS', { ...ariAt('https://far:8089'), REXIAN_ARI_MODE: 'classic' }, []],
  ] as const)('%s', async (_, more, expected) => {
    expect(await found(more)).toEqual(expected);
  });

  test('the message says in both languages what to do, and no password', async () => {
    const [danger] = await dangersOf(settingsOf(amiAt('tcp://far')), {}, addresses);
    expect(danger?.text.en).toMatch(/tls:\/\/.*tunnel.*REXIAN_PRIVATE_NETWORKS/);
    expect(danger?.text.zh).toMatch(/tls:\/\/.*隧道.*REXIAN_PRIVATE_NETWORKS/);
    expect(JSON.stringify(danger)).not.toContain(strong);
  });

  test('listening with TLS without a certificate is told by name', () => {
    expect(readSettings({ ...good, ...ariAt('https://0.0.0.0:8089') })).toMatchObject({ ok: false, problems: [{ name: 'REXIAN_ARI_CERT' }, { name: 'REXIAN_ARI_KEY' }] });
  });

  test.each(['172.20.0.0/33', '172.20.0/16', 'everywhere', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1'])('%s is no network', (text) => {
    expect(readNetworks(text)).toBeUndefined();
    expect(readSettings({ ...good, REXIAN_PRIVATE_NETWORKS: text })).toMatchObject({ ok: false, problems: [{ name: 'REXIAN_PRIVATE_NETWORKS' }] });
  });

  test('a network may be written by any of its addresses', async () => {
    const networks = readNetworks('172.20.0.2/16, fd00:1::5/64, 10.1.2.3') ?? expect.fail('unread');
    const inside = (address: string) => isPrivate(address, networks);
    expect(await Promise.all(['172.20.255.1', 'fd00:1::ffff', '10.1.2.3', '172.21.0.1', 'fd00:2::1', '10.1.2.4'].map(inside))).toEqual([true, true, true, false, false, false]);
  });
});

describe('a secret', () => {
  test.each(['asterisk', 'amp111', 'Password123!', 'change-me', 'changeme2026', 'secret', 'mySecret', 'rexian', 'rexian-rexian', '1234567890123', 'abcdefghijklm', 'aaaaaaaaaaaaaaaa', 'abcabcabcabcabcabc', 'short1X', 'admin12345678', ''])('%j is none', (secret) => {
    expect(weaknessOf(secret, { user: 'rexian', least: 12 })).toBeDefined();
  });

  test.each([strong, 'correct horse battery staple', key('c'), '6f1ed002ab5595859014ebf0951522d9', '工单系统的密码很长很长很长'])('%j will do', (secret) => {
    expect(weaknessOf(secret, { user: 'rexian', least: 12 })).toBeUndefined();
  });

  test('of every kind is looked at', async () => {
    expect(await found({ ASTERISK_ARI_URL: 'http://asterisk:asterisk@127.0.0.1' })).toEqual(['ASTERISK_ARI_URL']);
    expect(await found({ ASTERISK_AMI_URL: 'tcp://admin:amp111@127.0.0.1' })).toEqual(['ASTERISK_AMI_URL']);
    expect(await found({ REXIAN_SESSION_SECRET: 'x'.repeat(40), REXIAN_STORE_KEY: 'changeme'.repeat(5) })).toEqual(['REXIAN_SESSION_SECRET', 'REXIAN_STORE_KEY']);
    expect(await found({}, { 1001: { sip: strong, web: strong }, 1002: { sip: '1002', web: strong }, 1003: { sip: strong, web: '12345678' } })).toEqual(['secrets.json']);
    const [danger] = await dangersOf(settingsOf({}), { 1001: { web: strong }, 1002: { sip: '1002' } }, addresses);
    expect(danger?.text.en).toMatch(/: 1002;/);
  });
});

describe('the process', () => {
  let stateDir: string;
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'rexian-start-'));
    await writeFile(join(stateDir, 'secrets.json'), JSON.stringify({ agents: { 1001: { sip: '1001', web: 'kX7p2Qw9Zr4L' } } }));
  });
  afterAll(() => rm(stateDir, { recursive: true, force: true }));

  async function start(more: Record<string, string>): Promise<{ code: number | null; output: string; log: string }> {
    const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../src/main.ts')], {
      env: { ...good, REXIAN_STATE: stateDir, REXIAN_CONFIG: join(stateDir, 'no-such-folder'), ...more }, stdio: ['ignore', 'pipe', 'pipe'], timeout: patientMs, killSignal: 'SIGKILL',
    });
    // What is said on both may come in any order.
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (said[name] += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output: said.stdout + said.stderr, log: said.stdout };
  }

  test('ends with every danger at once, in both languages, and says how to go on all the same', async () => {
    const { code, output } = await start(amiAt('tcp://203.0.113.7'));
    expect(code).toBe(1);
    expect(output).toMatch(/ASTERISK_AMI_URL: AMI 在本机之外[\s\S]*ASTERISK_AMI_URL: AMI goes beyond this machine[\s\S]*secrets\.json: 以下座席[\s\S]*secrets\.json: the web or phone password[\s\S]*REXIAN_INSECURE=warn/);
    expect(output).not.toContain(strong);
  });

  test('warns of them and goes on when told to', async () => {
    const { code, output, log } = await start({ ...amiAt('tcp://203.0.113.7'), REXIAN_INSECURE: 'warn' });
    const warnings = log.split('\n').filter((line) => line.includes('"insecure"')).map((line) => JSON.parse(line) as { level: number; setting: string });
    // The end of the process may overtake a line that is being written.
    expect(warnings.toSorted((a, b) => a.setting.localeCompare(b.setting))).toMatchObject([{ level: 50, setting: 'ASTERISK_AMI_URL' }, { level: 50, setting: 'secrets.json' }]);
    // It went on to read the configuration, which this test does not have.
    expect([code, output]).toEqual([1, expect.stringContaining('no-such-folder')]);
  });
});
