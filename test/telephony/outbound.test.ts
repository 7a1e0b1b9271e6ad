// The listening side of the outbound connection, with a websocket client in Asterisk's place for what a real one
// never does: a wrong password, a dead socket, rubbish.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { freeTcpPort } from '../../runtime/ports.ts';
import { until } from '../../runtime/until.ts';
import { makeLog } from '../../src/base/log.ts';
import type { AriConnection } from '../../src/telephony/ari/connection.ts';
import { outboundConnection } from '../../src/telephony/ari/outbound.ts';
import { patientMs } from '../support/patient.ts';

let connection: AriConnection;
let port: number;
let seen: string[];
const sockets: WebSocket[] = [];

beforeEach(async () => {
  port = await freeTcpPort();
  // Its own: what a connection says when it is stopped does not belong to the next test.
  const mine: string[] = [];
  seen = mine;
  connection = outboundConnection({ listen: { host: '127.0.0.1', port, user: 'asterisk', password: 'right' }, app: 'rexian', log: makeLog('silent') });
  await connection.start({ up: (missed) => mine.push('up', ...missed.map((event) => `missed ${JSON.stringify(event)}`)), down: () => mine.push('down'), event: (event) => mine.push(JSON.stringify(event)) });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await connection.stop();
});

function dial(password: string, protocols: string[] = ['ari']): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ari`, protocols, { headers: { authorization: `Basic ${Buffer.from(`asterisk:${password}`).toString('base64')}` } });
  sockets.push(socket);
  return socket;
}
async function registered(): Promise<WebSocket> {
  const socket = dial('right');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'ApplicationRegistered', application: 'rexian' }));
  return socket;
}
const saw = (what: string, count = 1) => until(() => (seen.filter((one) => one === what).length >= count ? true : undefined), { limitMs: patientMs, everyMs: 5, what });

test.each([['a wrong password', 'wrong', ['ari'], 401], ['another protocol', 'right', ['chat'], 400]] as const)('%s is turned away', async (_, password, protocols, status) => {
  const socket = dial(password, [...protocols]);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain(String(status));
  expect(connection.connected()).toBe(false);
});

test('nothing is sent before the application is registered, for Asterisk would drop it in silence', async () => {
  const socket = dial('right');
  await once(socket, 'open');
  expect(await connection.request({ method: 'GET', path: ['channels'] })).toEqual({ answered: false, why: 'disconnected' });
  socket.send(JSON.stringify({ type: 'ApplicationRegistered', application: 'rexian' }));
  await saw('up');
  expect(connection.connected()).toBe(true);
});

test('requests that are pending when the socket goes answer so, before the loss is told', async () => {
  const socket = await registered();
  await saw('up');
  const pending = connection.request({ method: 'GET', path: ['channels'] }).then(({ answered }) => seen.push(`answered ${answered}`));
  await once(socket, 'message');
  socket.terminate();
  await pending;
  await saw('down');
  expect(seen).toContain('answered false');
});

test('a second connection takes the place of one that is dead without knowing it', async () => {
  const dead = await registered();
  await saw('up');
  const gone = once(dead, 'close');
  const alive = await registered();
  await gone;
  await saw('up', 2);
  expect(seen).toEqual(['up', 'down', 'up']);
  alive.send(JSON.stringify({ type: 'StasisEnd' }));
  await saw('{"type":"StasisEnd"}');
});

test('rubbish does no harm, and a request too long for a frame is refused here', async () => {
  const socket = await registered();
  await saw('up');
  for (const text of ['', '{', 'null', '[]', '{"type":1}', '{"type":"RESTResponse","request_id":"99","status_code":200}']) socket.send(text);
  expect(await connection.request({ method: 'GET', path: ['x'.repeat(70_000)] })).toMatchObject({ answered: true, status: 413 });
  socket.send(JSON.stringify({ type: 'Dial' }));
  await saw('{"type":"Dial"}');
});

test('what Asterisk kept for us comes with the connection, before what is new', async () => {
  const socket = dial('right');
  await once(socket, 'open');
  for (const type of ['StasisStart', 'StasisEnd', 'ApplicationRegistered', 'Dial']) socket.send(JSON.stringify({ type }));
  await saw('{"type":"Dial"}');
  expect(seen).toEqual(['up', 'missed {"type":"StasisStart"}', 'missed {"type":"StasisEnd"}', '{"type":"Dial"}']);
});

test('an application that is not announced, because it never went, is asked for', async () => {
  const socket = dial('right');
  await once(socket, 'open');
  socket.on('message', (text) => {
    const { request_id } = JSON.parse(String(text)) as { request_id: string };
    socket.send(JSON.stringify({ type: 'RESTResponse', request_id, status_code: 200, message_body: '{}' }));
  });
  await saw('up');
  expect(connection.connected()).toBe(true);
});

test('a goodbye is the end, even where the other side leaves the socket open', async () => {
  const socket = await raw();
  socket.write(frame(1, JSON.stringify({ type: 'ApplicationRegistered' })));
  await saw('up');
  socket.write(frame(8, Buffer.from([0x03, 0xe8])));
  await saw('down');
  expect(connection.connected()).toBe(false);
  socket.destroy();
});

/** A client whose frames are made by hand and whose socket closes only when we say so. */
async function raw(): Promise<Socket> {
  const headers = {
    authorization: `Basic ${Buffer.from('asterisk:right').toString('base64')}`, connection: 'Upgrade', upgrade: 'websocket',
    'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64'), 'sec-websocket-protocol': 'ari',
  };
  const asks = httpRequest({ host: '127.0.0.1', port, path: '/ari', headers });
  asks.end();
  const [, socket] = (await once(asks, 'upgrade')) as [unknown, Socket];
  socket.on('error', () => undefined);
  return socket;
}

/** A client's frame is masked; a mask of zeros changes nothing. */
const frame = (opcode: number, text: string | Buffer): Buffer => {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]);
};
