// `up` beside servers of one's own: none is started, the service connects to that Asterisk, a call goes through.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../cli/options.ts';
import { startRuntime, type Runtime } from '../../runtime/centre.ts';
import { startPhone } from '../../runtime/phone.ts';
import { openDesktop } from '../../runtime/desktop.ts';
import { until } from '../../runtime/until.ts';
import { childrenOf } from '../support/process-tree.ts';

let folder = '';
let own: Runtime;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-own-'));
  own = await startRuntime({ stateDir: join(folder, 'own'), agents: ['1001'], durable: false });
});

afterAll(async () => {
  await own.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(['websocket', 'classic'])('the servers that are named are used as they are, over a %s connection', async (mode) => {
  const up = startUp(join(folder, mode), {
    REXIAN_ARI_MODE: mode,
    DATABASE_URL: own.databaseUrl,
    REDIS_URL: own.redisUrl,
    ASTERISK_ARI_URL: own.ari.url.replace('://', `://${own.ari.user}:${own.ari.password}@`),
    ASTERISK_AMI_URL: `ami://${own.ami.user}:${own.ami.password}@${own.ami.host}:${own.ami.port}`,
  });
  try {
    const said = await until(() => (/http:\/\/[\d.]+:\d+/.test(up.said()) ? up.said() : undefined), { limitMs: 60_000, what: 'up says where it is' });
    expect(said).toContain('your own Asterisk');
    const [url = ''] = /http:\/\/[\d.]+:\d+/.exec(said) ?? [];
    const [, password = ''] = /^\s+2001\s+supervisor\s+(\S+)/m.exec(said) ?? [];
    const commands = await Promise.all((await childrenOf(up.process.pid ?? 0)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    expect(commands.filter((command) => /asterisk|redis|postgres/.test(command))).toEqual([]);

    const supervisor = await openDesktop(url, '2001', password);
    const caller = await startPhone({ programs: own.programs, folder: join(folder, `${mode}-caller`), user: '13900000001', server: { host: own.sipHost, port: own.sipPort } });
    await caller.dial('4000');
    await caller.waitFor('established');
    const { message } = await supervisor.waitFor('contact-changed', ({ contact }) => contact.ani === '13900000001' && contact.status === 'in-flow');
    await caller.hangUp();
    await supervisor.waitFor('contact-ended', ({ contact }) => contact === message.contact.contact);
    await Promise.all([caller.stop(), supervisor.close()]);
  } finally {
    up.process.kill('SIGINT');
    await up.ended;
  }
  expect(up.process.exitCode).toBe(0);
}, 120_000);

function startUp(stateDir: string, env: Record<string, string>): { process: ChildProcess; said: () => string; ended: Promise<void> } {
  const child = spawn(process.execPath, [join(root, 'cli/main.ts'), 'up', '--lang', 'en', '--state', stateDir], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (text) => (said += String(text)));
  child.stderr.on('data', (text) => (said += String(text)));
  return { process: child, said: () => said, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}
