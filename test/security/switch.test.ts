// The connections to Asterisk: TLS on both of them, versions with known holes, and who knocks at the ARI port.

import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { pino, type Logger } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { freeTcpPort } from '../../runtime/ports.ts';
import { connectAmi } from '../../src/telephony/ami.ts';
import { outboundConnection, type OutboundOptions } from '../../src/telephony/ari/outbound.ts';
import { safeSwitch } from '../../src/telephony/safe-switch.ts';
import { certificate } from './support/certificate.ts';

const { cert, key } = certificate();
const another = certificate();
let folder: string;
const releases: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-tls-'));
  await Promise.all([writeFile(join(folder, 'cert.pem'), cert), writeFile(join(folder, 'key.pem'), key)]);
});
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function logged(): { log: Logger; lines: () => { code?: string; level: number; msg: string; turnedAway?: number }[] } {
  const lines: string[] = [];
  return { log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }), lines: () => lines.map((line) => JSON.parse(line) as { code?: string; level: number; msg: string }) };
}

describe('Asterisk calls us with TLS', () => {
  async function listening(more: Partial<OutboundOptions['listen']> = {}, log = pino({ level: 'silent' })): Promise<{ port: number; up: Promise<void> }> {
    const port = await freeTcpPort();
    const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    const connection = outboundConnection({ listen: { host: '127.0.0.1', port, user: 'asterisk', password: 'right', tls, ...more }, app: 'rexian', log });
    const { promise, resolve } = Promise.withResolvers<void>();
    await connection.start({ up: () => resolve(), down: () => undefined, event: () => undefined });
    releases.push(() => connection.stop());
    return { port, up: promise };
  }
  const authorization = `Basic ${Buffer.from('asterisk:right').toString('base64')}`;
  function dial(url: string, ca: string): WebSocket {
    const socket = new WebSocket(url, ['ari'], { headers: { authorization }, ca });
    socket.on('error', () => undefined);
    releases.push(() => socket.terminate());
    return socket;
  }

  test('and is served; one that speaks in the clear, or trusts another certificate, is not', async () => {
    const { port, up } = await listening();
    const plain = dial(`ws://localhost:${port}/ari`, cert);
    const wary = dial(`wss://localhost:${port}/ari`, another.cert);
    expect((await Promise.all([once(plain, 'error'), once(wary, 'error')])).map(([error]) => String(error))).toEqual([expect.stringMatching(/ECONNRESET|hang up/), expect.stringMatching(/self-signed|unable to verify/)]);
    const socket = dial(`wss://localhost:${port}/ari`, cert);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'ApplicationRegistered', application: 'rexian' }));
    await up;
  });

  test('not without a certificate that can be read, and the start says where it looked', async () => {
    await expect(listening({ tls: { certFile: join(folder, 'no.pem'), keyFile: join(folder, 'key.pem') } })).rejects.toThrow(/REXIAN_ARI_CERT.*no\.pem/);
  });

  test('a flood of wrong passwords is a line of the log in a second, with how many there were', async () => {
    const { log, lines } = logged();
    const { port } = await listening({ tls: undefined as never }, log);
    for (let n = 0; n < 200; n += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ari`, ['ari'], { headers: { authorization: 'Basic eDp5' } });
      await once(socket, 'error');
    }
    expect(lines().filter(({ msg }) => msg.startsWith('turned away')).length).toBeLessThanOrEqual(3);
  });

  test('who connects and says nothing, or says it slowly, is cut off', async () => {
    const { port } = await listening({ tls: undefined as never });
    const startedAt = performance.now();
    await Promise.all(['', 'GET /ari HTTP/1.1\r\n'].map(async (first) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(first);
      const drip = setInterval(() => socket.writable && first !== '' && socket.write('X: y\r\n'), 300);
      await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(drip);
    }));
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  }, 12_000);
});

describe('the manager behind TLS', () => {
  /** As much of a manager as a sign-in and a ping need. */
  async function manager(presents: { cert: string; key: string }): Promise<{ port: number; said: () => string }> {
    let said = '';
    const sockets = new Set<TLSSocket>();
    const server = createServer(presents, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write('Asterisk Call Manager/11.0.0\r\n');
      socket.on('data', (chunk) => {
        said += String(chunk);
        for (const [, id] of String(chunk).matchAll(/ActionID: (\S+)/g)) socket.write(`Response: Success\r\nActionID: ${id}\r\nMessage: ok\r\n\r\n`);
      });
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    releases.push(() => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(resolve);
    }));
    return { port: (server.address() as { port: number }).port, said: () => said };
  }
  const usual = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(usual));
  const mine = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith('rexian-ami-'));

  test('is spoken to, and nothing of the way is left behind', async () => {
    setDefaultCACertificates([...usual, cert]);
    const before = await mine();
    const { port, said } = await manager({ cert, key });
    const ami = connectAmi({ ami: { host: 'localhost', port, tls: true, user: 'rexian', password: 'secret' }, log: pino({ level: 'silent' }) });
    await ami.start({ up: () => undefined, event: () => undefined, down: () => undefined });
    expect(await ami.action({ Action: 'Ping' })).toMatchObject({ answered: true, ok: true });
    expect(said()).toMatch(/Action: login[\s\S]*Action: Ping/i);
    await ami.stop();
    expect(await mine()).toEqual(before);
  });

  test('is not, where its certificate is not one that we trust: no password is said, and the log says why', async () => {
    const { log, lines } = logged();
    const { port, said } = await manager({ cert, key });
    const ami = connectAmi({ ami: { host: 'localhost', port, tls: true, user: 'rexian', password: 'secret' }, log });
    void ami.start({ up: () => undefined, event: () => undefined, down: () => undefined });
    await expect.poll(() => lines().map(({ code }) => code)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(said()).toBe('');
    await ami.stop();
  });
});

describe('an Asterisk', () => {
  const asked = (version: string | undefined, insecure: 'refuse' | 'warn' = 'refuse') => {
    const { log, lines } = logged();
    let now = version;
    const look = safeSwitch({
      insecure, log,
      ari: { request: () => Promise.resolve(now === undefined ? { answered: false, why: 'disconnected' } : { answered: true, status: 200, body: now === '' ? {} : { system: { version: now } } }) },
    });
    return { look, lines, becomes: (later: string | undefined) => void (now = later) };
  };

  test.each([['22.10.0'], ['20.15.2'], ['18.26.4'], ['certified-20.7-cert5'], ['']])('of version %j is refused, in both languages, with what to do', async (version) => {
    const { look, lines } = asked(version);
    const refusal = await look();
    expect(refusal?.code).toBe('asterisk-version');
    expect(refusal?.message).toMatch(/22\.10\.1[\s\S]*22\.10\.1[\s\S]*REXIAN_INSECURE=warn/);
    expect(refusal?.message).toMatch(/升级|需要/);
    expect(lines()).toMatchObject([{ level: 50, code: 'insecure' }]);
  });

  test.each([['22.10.1'], ['22.10.1~dfsg+~cs6.15.60671435-1'], ['22.11.0-rc1'], ['23.1.0']])('of version %s is served', async (version) => {
    const { look, lines } = asked(version);
    expect([await look(), lines()]).toEqual([undefined, []]);
  });

  test('that is too old is served where warnings were asked for, and warned of at each connect', async () => {
    const { look, lines } = asked('20.1.0', 'warn');
    expect([await look(), await look()]).toEqual([undefined, undefined]);
    expect(lines().map(({ code }) => code)).toEqual(['insecure', 'insecure']);
  });

  test('that comes back older while people talk is complained of and kept', async () => {
    const { look, lines, becomes } = asked('22.10.1');
    expect(await look()).toBeUndefined();
    becomes('22.9.0');
    expect(await look()).toBeUndefined();
    expect(lines()).toMatchObject([{ level: 50, code: 'insecure' }]);
  });

  test('whose connection goes while it is asked is asked again', async () => {
    const { look, becomes } = asked(undefined);
    expect(await look()).toBeUndefined();
    becomes('22.10.0');
    expect((await look())?.code).toBe('asterisk-version');
  });
});
