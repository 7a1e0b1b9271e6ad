// Starting and stopping as people do it, and what they are told when it cannot be.

import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findSound } from '../../runtime/likeness.ts';
import { startPhone, type Phone } from '../../runtime/phone.ts';
import { startService } from '../../runtime/service.ts';
import { until } from '../../runtime/until.ts';
import { decodeWav } from '../../runtime/wav.ts';
import type { Runtime } from '../../runtime/centre.ts';
import { launch, type Launched } from '../support/launched.ts';
import { childrenOf } from '../support/process-tree.ts';
import { localServers, startRuntime } from '../support/start-runtime.ts';
import { straightLines } from '../support/straight-lines.ts';

let folder: string;
let runtime: Runtime;
let configDir: string;
const running: Launched[] = [];
const phones: Phone[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-start-'));
  configDir = await straightLines();
  runtime = await startRuntime({ stateDir: join(folder, 'state'), agents: ['1001'], durable: false, servers: localServers });
});

afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  await Promise.all(running.splice(0).map((one) => one.kill()));
});

afterAll(async () => {
  await runtime?.stop();
  await Promise.all([folder, configDir].map((one) => rm(one, { recursive: true, force: true })));
});

function rexian(...args: string[]): Launched {
  const launched = launch(['--lang', 'en', ...args]);
  running.push(launched);
  return launched;
}

const up = (name: string, ...more: string[]): Launched => rexian('up', '--config', configDir, '--state', join(folder, name), ...more);

async function callTo(sipPort: number, from: string, number = '4000'): Promise<Phone> {
  const phone = await startPhone({ programs: runtime.programs, folder: join(folder, from), user: from, server: { host: '127.0.0.1', port: sipPort } });
  phones.push(phone);
  await phone.dial(number);
  await phone.waitFor('established', 15_000);
  return phone;
}

async function heard(phone: Phone, sound: string): Promise<number> {
  return findSound(decodeWav(await readFile(join(runtime.soundsDir, `${sound}.wav`))), await phone.receivedWav()).likeness;
}

describe('up', () => {
  test('two centres side by side; the first Ctrl-C lets the call end, new callers hear the apology, the second stops at once', async () => {
    const centres = [up('one'), up('other')] as const;
    const [one, other] = await Promise.all(centres.map(async (centre) => {
      const [sip, web] = [await centre.says(/^Dial .*sip:4000@127\.0\.0\.1:(\d+)/m), await centre.says(/^Web +(http:\S+)/m)];
      await centre.says(/Ctrl-C stops once the calls are over/);
      return { sip: Number(sip[0]), web: String(web[0]), said: centre.said() };
    })) as [Centre, Centre];
    for (const { said, sip } of [one, other]) {
      expect(said).toContain(`register at 127.0.0.1:${sip}`);
      for (const agent of ['1001 +agent', '2001 +supervisor', '9001 +admin']) expect(said).toMatch(new RegExp(`^ +${agent} +\\S{8,} +\\S{8,} `, 'm'));
    }
    expect(one.sip).not.toBe(other.sip);
    expect((await fetch(one.web)).status).toBe(200);

    const [caller, callerOfOther] = await Promise.all([callTo(one.sip, '13900000001', '5000'), callTo(other.sip, '13900000002', '5000')]);
    for (const centre of centres) centre.interrupt();
    await Promise.all(centres.map((centre) => centre.says(/Waiting for 1 call to end/)));
    const late = await callTo(one.sip, '13900000003', '5000');
    await callerOfOther.hangUp();
    expect(await centres[1].ended).toBe(0);
    expect(await centres[1].leftOver()).toEqual([]);

    // As long as the apology lasts, in both languages.
    const apologySeconds = (await Promise.all(['away-zh', 'away-en'].map(async (name) => decodeWav(await readFile(join(runtime.soundsDir, `${name}.wav`)))))).reduce((sum, { channels }) => sum + (channels[0]?.length ?? 0) / 8_000, 0);
    await until(async () => ((await late.receivedWav().catch(() => undefined))?.channels[0]?.length ?? 0) / 8_000 > apologySeconds || undefined, { limitMs: 30_000, everyMs: 250, what: 'the whole apology' });
    expect(await heard(late, 'away-zh')).toBeGreaterThan(0.7);
    expect(await heard(late, 'away-en')).toBeGreaterThan(0.7);
    expect(caller.pending('closed')).toBe(false);

    centres[0].interrupt();
    expect(await centres[0].ended).toBe(0);
    expect(await centres[0].leftOver()).toEqual([]);
  }, 120_000);

  test.each([['--http-port', 'tcp'], ['--sip-port', 'udp']] as const)('%s in use: says so and names the option', async (option, protocol) => {
    const taken = await takePort(protocol);
    const centre = up('taken', option, String(taken.port));
    expect(await centre.ended).toBe(1);
    expect(centre.said()).toContain(`${protocol.toUpperCase()} port ${taken.port} is in use by another program. Choose another one with ${option}.`);
    await taken.free();
  });

  test('an unknown option is refused by name', async () => {
    const centre = up('unknown', '--htp-port', '80');
    expect(await centre.ended).toBe(2);
    expect(centre.said()).toContain('--htp-port');
  });
});

test.each([
  ['malformed YAML', 'queues.yaml', 'billing: { name: [\n', /queues\.yaml:\d+:\d+/],
  ['a target that does not exist', 'flows/hotline.yaml', 'start: welcome\nnodes:\n  welcome: { play: welcome, next: menuu }\n  menu: { hangup: true }\n', /flows\/hotline\.yaml:3:\d+.*menuu/s],
] as const)('%s: file, line and column from check and from up, and nothing is started', async (_, file, text, place) => {
  const dir = await straightLines();
  await writeFile(join(dir, file), text);
  try {
    for (const command of [['check', '--config', dir], ['up', '--config', dir, '--state', join(folder, 'faulty')]]) {
      const refused = rexian(...command);
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toMatch(place);
    }
  } finally {
    await rm(dir, { recursive: true });
  }
});

describe('the service', () => {
  const start = (name: string, env: Record<string, string> = {}): ReturnType<typeof startService> => startService({ runtime, configDir, lang: 'en', supervise: false, name, env });
  // A weak one would be refused before anybody is asked.
  const strongAndWrong = 'mQ7xTzL4vB8nW3cR6yH1kD5p';
  const withWrongPassword = (url: string, user: string): string => url.replace('://', `://${user}:${strongAndWrong}@`);

  test('starts again on servers that are up', async () => {
    await (await start('first')).stop();
    const again = await start('again');
    console.log(`service start to ready: ${again.readyMs.toFixed(0)} ms`);
    expect((await fetch(`${again.url}/health/ready`)).status).toBe(200);
    await again.stop();
  });

  test('a wrong AMI password ends the start and names the setting', async () => {
    const wrong = withWrongPassword(`ami://${runtime.ami.host}:${runtime.ami.port}`, runtime.ami.user);
    await expect(start('wrong-ami', { ASTERISK_AMI_URL: wrong })).rejects.toThrow(/refused the password of user "rexian".*ASTERISK_AMI_URL/);
  });

  test.each(['websocket', 'classic'])('a wrong ARI password, over a %s connection of ours, ends the start and names the setting', async (mode) => {
    const wrong = withWrongPassword(runtime.ari.url, runtime.ari.user);
    await expect(start(`wrong-${mode}`, { REXIAN_ARI_MODE: mode, ASTERISK_ARI_URL: wrong })).rejects.toThrow(/refused the ARI password of user "rexian".*ASTERISK_ARI_URL/);
  });

  test('an Asterisk that comes with another password is turned away, and the log names both places', async () => {
    const starting = start('wrong-listen', { ASTERISK_ARI_URL: withWrongPassword(`http://127.0.0.1:${runtime.ariListen.port}`, runtime.ariListen.user) });
    const log = join(runtime.stateDir, 'log/wrong-listen.log');
    const told = await until(async () => /.*turned away.*/.exec(await readFile(log, 'utf8').catch(() => ''))?.[0], { limitMs: 30_000, what: 'the log' });
    expect(told).toMatch(/ASTERISK_ARI_URL.*websocket_client\.conf/);
    // It goes on waiting: a stranger with a wrong password must not be able to end it. Nobody else can end it here.
    const mine = await Promise.all((await childrenOf(process.pid)).map(async (pid) => ({ pid, command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })));
    const service = mine.find(({ command }) => command.includes('src/main.ts'));
    expect(service).toBeDefined();
    if (service) process.kill(service.pid, 'SIGTERM');
    await expect(starting).rejects.toThrow('did not start');
  });
});

type Centre = { sip: number; web: string; said: string };

async function takePort(protocol: 'tcp' | 'udp'): Promise<{ port: number; free(): Promise<void> }> {
  if (protocol === 'tcp') {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return { port: typeof address === 'object' && address ? address.port : 0, free: () => new Promise((resolve) => server.close(() => resolve())) };
  }
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, free: () => new Promise((resolve) => socket.close(() => resolve())) };
}
