import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTcpProxy } from '../../stage/tcp-proxy.ts';
import type { TcpProxy } from '../../stage/tcp-proxy.ts';
import { until } from '../../runtime/until.ts';
import { patientMs } from '../support/patient.ts';

let server: Server;
/** What the server heard, of all connections. */
let heard = '';
let wire: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (text) => {
      heard += String(text);
      socket.write(`done ${String(text)}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  wire = await startTcpProxy({ to: { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 }, keepsSaid: true });
});

afterEach(async () => {
  await wire.stop();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

test('bytes pass, and an end passes', async () => {
  const client = dial();
  client.say('one');
  await client.hears('done one');
  client.socket.end();
  await until(() => (client.socket.destroyed && wire.connections() === 0 ? true : undefined), { limitMs: patientMs, what: 'both ends closed' });
  expect(client.errors).toEqual([]);
});

test('what each client said is kept, also what did not get through', async () => {
  const [client, other] = [dial(), dial()];
  client.say('one');
  await client.hears('done one');
  other.say('other');
  await other.hears('done other');
  wire.blackhole();
  client.say('two');
  await until(() => (wire.said().map(String).sort().join() === 'onetwo,other' ? true : undefined), { limitMs: patientMs, what: 'all that was said' });
  expect(heard).toBe('oneother');
});

test('what a frozen wire held comes late and whole', async () => {
  const client = dial();
  client.say('one');
  await client.hears('done one');
  wire.freeze();
  client.say('two');
  client.say('three');
  await turns();
  expect(heard).toBe('one');
  wire.heal();
  await client.hears('done twothree');
  expect(heard).toBe('onetwothree');
});

test('what a black wire lost is lost, and its connection is reset when it is healed', async () => {
  const client = dial();
  client.say('one');
  await client.hears('done one');
  wire.blackhole('to-server');
  client.say('two');
  await turns();
  expect(client.socket.destroyed).toBe(false);
  wire.heal();
  await until(() => client.errors[0], { limitMs: patientMs, what: 'a reset' });
  expect([heard, client.errors]).toEqual(['one', ['ECONNRESET']]);
});

test('a stranded connection stays open and dead, a new one passes', async () => {
  const old = dial();
  old.say('one');
  await old.hears('done one');
  wire.strand();
  wire.heal();
  old.say('lost');
  const next = dial();
  next.say('two');
  await next.hears('done two');
  expect([heard, old.socket.destroyed]).toEqual(['onetwo', false]);
});

test('a delay keeps the order, and holds for connections to come', async () => {
  wire.delay(60, 'to-client');
  const client = dial();
  const from = performance.now();
  for (const word of ['a', 'b', 'c']) client.say(word);
  await client.hears(/done a.*c/);
  expect(performance.now() - from).toBeGreaterThanOrEqual(59);
  expect(client.said.replaceAll('done ', '')).toBe('abc');
});

test('a refused connection is refused, and accepted again on the same port', async () => {
  await wire.refuse();
  const refused = dial();
  await until(() => refused.errors[0], { limitMs: patientMs, what: 'a refusal' });
  expect(refused.errors).toEqual(['ECONNREFUSED']);
  await wire.accept();
  const client = dial();
  client.say('one');
  await client.hears('done one');
});

test.each([['unsent', ''], ['sent', 'COMMIT;'], ['answered', 'COMMIT;']] as const)('a connection is cut when its COMMIT is %s', async (when, reaches) => {
  const client = dial();
  client.say('BEGIN;');
  await client.hears('done BEGIN;');
  const cut = wire.cutAt({ pattern: 'COMMIT', when });
  client.say('COM');
  await client.hears(/COM$/);
  client.say('MIT;');
  await cut.done;
  await until(() => client.errors[0], { limitMs: patientMs, what: 'a reset' });
  expect(client.said).toBe('done BEGIN;done COM');
  // The second half only, for the first had gone before.
  await until(() => (heard === `BEGIN;COM${reaches.slice(3)}` ? true : undefined), { limitMs: patientMs, what: `the server heard ${reaches}` });
  const after = dial();
  after.say('COMMIT;');
  await after.hears('done COMMIT;');
});

test('a reset hits all that are connected', async () => {
  const clients = [dial(), dial()];
  for (const client of clients) client.say('x');
  await Promise.all(clients.map((client) => client.hears('done x')));
  expect(wire.reset()).toBe(2);
  await until(() => (clients.every(({ errors }) => errors[0] === 'ECONNRESET') ? true : undefined), { limitMs: patientMs, what: 'two resets' });
});

interface Client {
  readonly socket: Socket;
  readonly said: string;
  readonly errors: string[];
  say(text: string): void;
  hears(what: string | RegExp): Promise<void>;
}

function dial(): Client {
  const socket = connect({ host: wire.host, port: wire.port, noDelay: true });
  sockets.push(socket);
  const client = {
    socket, said: '', errors: [] as string[],
    say: (text: string) => void socket.write(text),
    hears: async (what: string | RegExp) => {
      await until(() => ((typeof what === 'string' ? client.said.endsWith(what) : what.test(client.said)) ? true : undefined), { limitMs: patientMs, what: `${what}; it said ${client.said}` });
    },
  };
  socket.on('data', (text) => (client.said += String(text)));
  socket.on('error', (error) => client.errors.push('code' in error ? String(error.code) : error.message));
  return client;
}

/** Loopback needs a few turns of the event loop; a hundred are more than any byte took that was let through. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
