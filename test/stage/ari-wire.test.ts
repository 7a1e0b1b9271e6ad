// Our own connection on one side, a websocket in Asterisk's place on the other, and the wire between them.

import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { freeTcpPort } from '../../runtime/ports.ts';
import { until } from '../../runtime/until.ts';
import { makeLog } from '../../src/base/log.ts';
import type { AriAnswer, AriConnection } from '../../src/telephony/ari/connection.ts';
import { outboundConnection } from '../../src/telephony/ari/outbound.ts';
import { startAriWire, type AriWire } from '../../stage/ari-wire.ts';
import { patientMs } from '../support/patient.ts';

let service: AriConnection;
let wire: AriWire;
let heard: string[];
const asterisks: WebSocket[] = [];

beforeEach(async () => {
  const port = await freeTcpPort();
  heard = [];
  const mine = heard;
  service = outboundConnection({ listen: { host: '127.0.0.1', port, user: 'a', password: 'b' }, app: 'rexian', log: makeLog('silent') });
  await service.start({ up: () => mine.push('up'), down: () => mine.push('down'), event: (event) => mine.push((event as { type: string }).type) });
  wire = await startAriWire({ port: await freeTcpPort(), to: { host: '127.0.0.1', port } });
});

afterEach(async () => {
  for (const socket of asterisks.splice(0)) socket.terminate();
  await service.stop();
  await wire.stop();
});

/** Answers every request, and keeps what it was asked. */
async function asterisk(): Promise<{ socket: WebSocket; asked: string[]; says(...types: string[]): void; gone: Promise<unknown> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${wire.port}/ari`, ['ari'], { headers: { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` } });
  asterisks.push(socket);
  const asked: string[] = [];
  socket.on('error', () => undefined);
  socket.on('message', (text) => {
    const { request_id, method, uri } = JSON.parse(String(text)) as { request_id: string; method: string; uri: string };
    asked.push(`${method} ${uri}`);
    socket.send(JSON.stringify({ type: 'RESTResponse', request_id, status_code: 204, uri }));
  });
  await once(socket, 'open');
  const says = (...types: string[]): void => types.forEach((type) => socket.send(JSON.stringify({ type })));
  says('ApplicationRegistered');
  return { socket, asked, says, gone: once(socket, 'close') };
}

const ask = (what: string): Promise<AriAnswer> => service.request({ method: 'POST', path: [what] });
const hears = (what: string) => until(() => (heard.includes(what) ? true : undefined), { limitMs: patientMs, everyMs: 5, what: `${what}; it heard ${heard.join()}` });

test('requests, answers and events pass, and the requests are known', async () => {
  const { asked, says } = await asterisk();
  await hears('up');
  expect(await ask('one')).toMatchObject({ answered: true, status: 204 });
  says('Dial');
  await hears('Dial');
  expect([asked, wire.requests, wire.opened()]).toEqual([['POST one'], ['POST one'], 1]);
  expect(wire.said.map((frame) => JSON.parse(frame) as unknown)).toMatchObject([{ type: 'RESTRequest', method: 'POST', uri: 'one' }]);
});

test('a frozen wire holds orders and news, and gives each of them once', async () => {
  const { asked, says } = await asterisk();
  await hears('up');
  wire.freeze();
  says('Dial');
  const answer = ask('late');
  // Loopback needs a few turns of the event loop; a hundred are more than any frame took that was let through.
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([heard, asked]).toEqual([['up'], []]);
  wire.heal();
  expect(await answer).toMatchObject({ answered: true });
  await hears('Dial');
  expect([heard, asked]).toEqual([['up', 'Dial'], ['POST late']]);
});

test.each([['unsent', []], ['sent', ['POST order']], ['answered', ['POST order']]] as const)('a connection is cut when an order is %s', async (when, reaches) => {
  const { asked, gone } = await asterisk();
  await hears('up');
  const cut = wire.cutAt({ request: /^POST order$/, when });
  expect(await ask('another')).toMatchObject({ answered: true });
  expect(await ask('order')).toEqual({ answered: false, why: 'disconnected' });
  await cut.done;
  await gone;
  await hears('down');
  expect(asked).toEqual(['POST another', ...reaches]);
});

test('a stranded connection is dead for ever, and the next one takes its place', async () => {
  const old = await asterisk();
  await hears('up');
  wire.strand();
  wire.heal();
  old.says('Lost');
  const next = await asterisk();
  next.says('Dial');
  await hears('Dial');
  expect([heard.includes('Lost'), wire.opened()]).toEqual([false, 2]);
});

test('events come twice, late and out of order, by the seed; none is lost', async () => {
  const { says } = await asterisk();
  await hears('up');
  wire.shuffle({ seed: 3, lateMs: 20, twice: 0.3, outOfOrder: 0.3 });
  const types = Array.from({ length: 60 }, (_, n) => `E${n}`);
  says(...types);
  const events = await until(() => {
    const came = heard.filter((type) => type.startsWith('E'));
    return types.every((type) => came.includes(type)) && came.length > types.length ? came : undefined;
  }, { limitMs: patientMs, what: 'all events, some of them twice' });
  expect(events.filter((type, index) => events.indexOf(type) === index)).not.toEqual(types);
});
