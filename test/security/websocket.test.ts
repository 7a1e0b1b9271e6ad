// What is sent to the CTI socket by those who mean harm.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { closeCodes, limits } from '../../src/cti/protocol.ts';
import { ticketMs } from '../../src/cti/tickets.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { Desktop } from '../cti/desktop.ts';
import { openHouse, type House } from '../cti/house.ts';
import { ownTime } from '../support/own-time.ts';

let house: House;
/** Moves the time by which tickets run out. */
let later = 0;
beforeAll(async () => {
  house = await openHouse({ clock: { now: () => steadyClock.now() + later } });
});
beforeEach(() => {
  later = 0;
});
afterAll(() => house.stop());

const at = () => house.url.replace('http', 'ws') + '/cti';

describe('a page of another site', () => {
  const own = () => new URL(house.url).host;
  test.each([
    ['a stranger', () => 'https://evil.example'], ['one that begins like us', () => `http://${own()}.evil.example`], ['one that ends like us', () => `http://evil-${own()}`], ['one that has us as its user', () => `http://${own()}@evil.example`],
    ['a file', () => 'null'], ['a sandboxed frame', () => 'about:srcdoc'], ['nonsense', () => 'http://'], ['two at once', () => `http://${own()} https://evil.example`],
  ])('%s gets no socket', async (_, origin) => {
    const socket = new WebSocket(at(), { headers: { origin: origin() } });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    socket.on('error', () => undefined);
    socket.terminate();
  });

  test.each(['POST', 'DELETE'] as const)('cannot %s with the cookie of a person who is signed in', async (method) => {
    const token = await house.token('1001');
    const path = method === 'POST' ? '/api/cti-ticket' : '/api/session';
    const ask = (origin: string) => house.server.inject({ method, url: path, headers: { cookie: `rexian-session=${token}`, origin, host: own() } });
    expect((await ask('https://evil.example')).json()).toMatchObject({ code: 'foreign-origin' });
    expect((await house.server.inject({ method: 'GET', url: '/api/session', headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(200);
  });
});

describe('a ticket', () => {
  async function tried(ticket: string): Promise<number> {
    const desktop = new Desktop(house.url);
    await once(desktop.socket, 'open');
    desktop.send({ type: 'sign-in-here', ticket });
    return desktop.closed;
  }

  test('no page and no ticket get nothing: a program is told so and let go', async () => {
    const desktop = new Desktop(house.url);
    await once(desktop.socket, 'open');
    desktop.send({ type: 'make-ready', id: 'a' });
    expect(await desktop.until('error')).toMatchObject({ code: 'sign-in-first' });
    expect(desktop.received.map(({ type }) => type)).toEqual(['error']);
    await desktop.close();
  });

  test('that was used, or made up, opens nothing', async () => {
    const ticket = await house.ticket('1001');
    const first = new Desktop(house.url);
    await once(first.socket, 'open');
    first.send({ type: 'sign-in-here', ticket });
    await first.until('welcome');
    expect(await tried(ticket)).toBe(closeCodes.notSignedIn);
    for (const made of ['x'.repeat(32), randomBytes(24).toString('base64url'), `${ticket}=`, ticket.toUpperCase()]) expect(await tried(made)).toBe(closeCodes.notSignedIn);
    expect(first.socket.readyState).toBe(WebSocket.OPEN);
    await first.close();
  });

  test('that ran out opens nothing', async () => {
    const ticket = await house.ticket('1001');
    later = ticketMs;
    expect(await tried(ticket)).toBe(closeCodes.notSignedIn);
  });

  test('of a session that was signed out opens nothing, and a socket of it is closed', async () => {
    const login = await house.server.inject({ method: 'POST', url: '/api/session', payload: { agent: '1002', password: 'correct horse' } });
    const authorization = `Bearer ${login.json<{ token: string }>().token}`;
    const ticket = async () => (await house.server.inject({ method: 'POST', url: '/api/cti-ticket', headers: { authorization } })).json<{ ticket: string }>().ticket;
    const [used, unused] = [await ticket(), await ticket()];
    const desktop = new Desktop(house.url);
    await once(desktop.socket, 'open');
    desktop.send({ type: 'sign-in-here', ticket: used });
    await desktop.until('welcome');
    expect((await house.server.inject({ method: 'DELETE', url: '/api/session', headers: { authorization } })).statusCode).toBe(204);
    expect(await desktop.closed).toBe(closeCodes.sessionOver);
    expect(await tried(unused)).toBe(closeCodes.notSignedIn);
  });
});

test('with the ticket of one agent nobody commands another', async () => {
  const [one, other] = [await Desktop.open(house, '1001'), await Desktop.open(house, '1003')];
  await other.ask({ type: 'sign-in' });
  for (const type of ['sign-in', 'sign-out', 'make-ready', 'pause', 'hang-up', 'answer', 'pause-recording', 'finish-wrap-up']) {
    expect(await one.ask({ type, agent: '1003', ...(type === 'pause' ? { reason: 'lunch' } : {}) })).toMatchObject({ ok: false, code: 'another-agent' });
  }
  expect(house.engine.centre.agents.get('1003' as never)?.presence).toMatchObject({ status: 'paused', reason: 'signed-in' });
  await Promise.all([one.close(), other.close()]);
});

describe('a frame', () => {
  /** Over a socket of our own, since ws itself would not send some of these. */
  async function upgraded(): Promise<Socket> {
    const { hostname, port } = new URL(house.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(`GET /cti HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 101/);
    return socket;
  }
  /** The close code in the server's last frame; null where it cut the line without one. */
  async function closedWith(socket: Socket): Promise<number | null> {
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
    await new Promise((resolve) => socket.once('close', resolve));
    for (let from = 0; from + 1 < bytes.length; ) {
      const length = (bytes[from + 1] ?? 0) & 0x7f;
      const long = length === 126 ? bytes.readUInt16BE(from + 2) : length;
      const body = from + (length === 126 ? 4 : 2);
      if (((bytes[from] ?? 0) & 0x0f) === 8) return bytes.readUInt16BE(body);
      from = body + long;
    }
    return null;
  }
  const mask = Buffer.from([1, 2, 3, 4]);
  const masked = (payload: Buffer): Buffer => Buffer.from(payload.map((byte, n) => byte ^ (mask[n % 4] ?? 0)));
  function frame(payload: Buffer, { opcode = 1, fin = true, rsv = 0, claims = payload.length }: { opcode?: number; fin?: boolean; rsv?: number; claims?: number } = {}): Buffer {
    const head = Buffer.alloc(claims > 65_535 ? 10 : claims > 125 ? 4 : 2);
    head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
    head[1] = 0x80 | (claims > 65_535 ? 127 : claims > 125 ? 126 : claims);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(claims), 2);
    else if (head.length === 4) head.writeUInt16BE(claims, 2);
    return Buffer.concat([head, mask, masked(payload)]);
  }

  const tooLong = 1_009;
  test.each([
    ['of 10 MB', () => [frame(Buffer.alloc(10_000_000, 'x'))], tooLong],
    ['that only says it has 10 MB', () => [frame(Buffer.from('{'), { claims: 10_000_000 })], tooLong],
    ['that says it has 2^62 bytes', () => [frame(Buffer.from('{'), { claims: 2 ** 62 })], tooLong],
    ['of 10 MB in pieces of 10 kB', () => [frame(Buffer.alloc(10_000, 'x'), { fin: false }), ...Array.from({ length: 1_000 }, () => frame(Buffer.alloc(10_000, 'x'), { opcode: 0, fin: false }))], tooLong],
    ['of 100,000 empty pieces', () => [frame(Buffer.from('{'), { fin: false }), ...Array.from({ length: 100_000 }, () => frame(Buffer.alloc(0), { opcode: 0, fin: false }))], 1_008],
    ['of bad UTF-8', () => [frame(Buffer.from([0xff, 0xfe]))], 1_007],
    ['that is compressed though nobody agreed to it', () => [frame(Buffer.from('x'), { rsv: 4 })], 1_002],
    ['of an unknown kind', () => [frame(Buffer.from('x'), { opcode: 3 })], 1_002],
    ['a ping of 10 kB', () => [frame(Buffer.alloc(10_000), { opcode: 9 })], 1_002],
  ])('%s ends its own socket', async (_, frames, code) => {
    const bytes = Buffer.concat(frames());
    const before = process.memoryUsage().rss;
    const took = ownTime();
    const socket = await upgraded();
    const closed = closedWith(socket);
    socket.write(bytes);
    // A server that hangs up on what is still being sent may lose its own last word with it.
    expect([code, null]).toContain(await closed);
    expect(took()).toBeLessThan(3_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test.each([
    ['an array as deep as there is room', '['.repeat(8_000) + ']'.repeat(8_000), 'bad-message'],
    ['an object as deep as there is room', '{"a":'.repeat(2_500) + '1' + '}'.repeat(2_500), 'bad-message'],
    ['one that never ends', '{"type":"pause","id":"'.padEnd(16_000, '['), 'bad-json'],
    ['a number of 16,000 digits', `{"type":${'9'.repeat(16_000)}}`, 'bad-message'],
    ['__proto__', '{"type":"ping","id":"a","__proto__":{"agent":"1003"}}', 'bad-message'],
    ['constructor', '{"type":"ping","id":"a","constructor":{"prototype":{"agent":"1003"}}}', 'bad-message'],
    ['__proto__ for a type', '{"type":"__proto__","id":"a"}', 'bad-message'],
    ['toString for a type', '{"type":"toString","id":"a"}', 'bad-message'],
    ['thousands of fields', `{"type":"ping","id":"a",${Array.from({ length: 1_500 }, (_, n) => `"f${n}":1`).join(',')}}`, 'bad-message'],
  ])('of JSON with %s is answered, and the socket goes on', async (_, text, code) => {
    expect(text.length).toBeLessThan(limits.frameBytes);
    const desktop = await Desktop.open(house, '1001');
    const took = ownTime();
    desktop.send(text);
    expect(await desktop.until('error')).toMatchObject({ code });
    expect(took()).toBeLessThan(500);
    desktop.send({ type: 'ping', id: 'still' });
    await desktop.until('pong', ({ id }) => id === 'still');
    expect(({} as Record<string, unknown>)['agent']).toBeUndefined();
    await desktop.close();
  });

  test('after frame, faster than anyone types, ends its socket, and no other', async () => {
    const [loud, calm] = [await Desktop.open(house, '1001'), await Desktop.open(house, '1002')];
    for (let n = 0; n < 1_000; n += 1) loud.send({ type: 'ping', id: `${n}` });
    expect(await loud.closed).toBe(closeCodes.tooFast);
    calm.send({ type: 'ping', id: 'calm' });
    await calm.until('pong');
    await calm.close();
  });
});
