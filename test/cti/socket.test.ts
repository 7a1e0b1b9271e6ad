import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { agentId, contactId } from '../../src/base/ids.ts';
import { changes, closeCodes, limits, notices } from '../../src/cti/protocol.ts';
import { Desktop, type Message } from './desktop.ts';
import { callerLeg, openHouse, type House } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.stop());

describe('signing in', () => {
  test('a snapshot comes first and begins the stream', async () => {
    const desktop = await Desktop.open(house, '1001');
    const snapshot = await desktop.until('snapshot');
    expect(snapshot).toMatchObject({ seq: 0, screenPop: null, agents: [], contacts: [], me: { agent: '1001', presence: { status: 'offline' } } });
    expect((snapshot['queues'] as Message[]).map((queue) => queue['queue'])).toEqual(['billing', 'general']);
    await desktop.close();
  });

  test('a supervisor sees every queue, agent and contact', async () => {
    await house.call();
    const desktop = await Desktop.open(house, '2001');
    const snapshot = await desktop.until('snapshot');
    expect(snapshot['agents']).toHaveLength(5);
    expect(snapshot['queues']).toHaveLength(2);
    expect(snapshot['contacts']).toMatchObject([{ status: 'waiting', queue: 'general', ani: '13800001234' }]);
    await desktop.close();
  });

  test('a ticket is good once', async () => {
    const ticket = await house.ticket('1001');
    const first = new Desktop(house.url);
    await once(first.socket, 'open');
    first.send({ type: 'sign-in-here', ticket });
    await first.until('welcome');
    const second = new Desktop(house.url);
    await once(second.socket, 'open');
    second.send({ type: 'sign-in-here', ticket });
    expect(await second.until('error')).toMatchObject({ code: 'bad-ticket', field: 'ticket' });
    expect(await second.closed).toBe(closeCodes.notSignedIn);
    await first.close();
  });

  test('a page of another site is refused before the socket opens', async () => {
    const desktop = new Desktop(house.url, { origin: 'https://evil.example' });
    const [error] = (await once(desktop.socket, 'error')) as Error[];
    expect(error?.message).toContain('403');
  });

  test('our own page is let in', async () => {
    const desktop = new Desktop(house.url, { origin: house.url });
    await once(desktop.socket, 'open');
    await desktop.close();
  });

  test('a second sign-in of the same person replaces the first, which is told', async () => {
    const first = await Desktop.open(house, '1001');
    const second = await Desktop.open(house, '1001');
    await first.until('replaced');
    expect(await first.closed).toBe(closeCodes.replaced);
    expect(await second.ask({ type: 'sign-in' })).toMatchObject({ ok: true });
    await second.close();
  });

  test('commands before the sign-in are refused', async () => {
    const desktop = new Desktop(house.url);
    await once(desktop.socket, 'open');
    desktop.send({ type: 'make-ready', id: 'x' });
    expect(await desktop.until('error')).toMatchObject({ code: 'sign-in-first', id: 'x' });
    await desktop.close();
  });
});

describe('commands', () => {
  test('an agent’s working day', async () => {
    const desktop = await Desktop.open(house, '1001');
    expect(await desktop.ask({ type: 'sign-in' })).toMatchObject({ ok: true });
    await desktop.ask({ type: 'make-ready' });
    await desktop.until('my-state', ({ me }) => (me as { presence: { status: string } }).presence.status === 'ready');
    const contact = await house.call();
    expect(await desktop.until('screen-pop')).toMatchObject({ screenPop: { contact, ani: '13800001234', queue: 'general', path: [{ node: 'welcome' }, { node: 'menu', took: '1' }], data: { order: 'A-17' } } });
    await house.answer(contact);
    expect(await desktop.until('screen-pop-withdrawn')).toMatchObject({ contact, outcome: 'accepted' });
    await desktop.until('my-state', ({ me }) => (me as { call: { contact: string } | null }).call?.contact === contact);
    await house.hangUp(contact);
    await desktop.until('my-state', ({ me }) => (me as { presence: { status: string } }).presence.status === 'wrap-up');
    expect(await desktop.ask({ type: 'dispose', contact, disposition: { code: 'solved', note: '已处理' } })).toMatchObject({ ok: true });
    expect(await desktop.ask({ type: 'finish-wrap-up' })).toMatchObject({ ok: true });
    await desktop.close();
  });

  test('another agent’s command is refused, whatever the role', async () => {
    for (const who of ['1001', '2001', '3001']) {
      const desktop = await Desktop.open(house, who);
      expect(await desktop.ask({ type: 'sign-in', agent: '1002' })).toMatchObject({ ok: false, code: 'another-agent', text: { zh: expect.any(String), en: expect.any(String) } });
      await desktop.close();
    }
    expect(house.engine.centre.agents.get(agentId('1002'))?.presence.status).toBe('offline');
  });

  test('a refusal says why in both languages', async () => {
    const desktop = await Desktop.open(house, '1001');
    expect(await desktop.ask({ type: 'pause', reason: 'no-such' })).toMatchObject({ ok: false, text: { zh: expect.any(String), en: expect.any(String) } });
    await desktop.close();
  });
});

describe('bad messages', () => {
  test('are answered with the field that is wrong', async () => {
    const desktop = await Desktop.open(house, '1001');
    desktop.send('{');
    expect(await desktop.until('error')).toMatchObject({ code: 'bad-json' });
    desktop.send({ type: 'pause', id: 'a', reason: 7 });
    expect(await desktop.until('error', (each) => each['id'] === 'a')).toMatchObject({ code: 'bad-message', field: 'reason' });
    desktop.send('{"type":"make-ready","id":"b","__proto__":{"agent":"1002"}}');
    expect(await desktop.until('error', (each) => each['id'] === 'b')).toMatchObject({ code: 'bad-message', field: '__proto__' });
    desktop.send({ type: 'dispose', id: 'c', contact: 'c-1', disposition: { code: 'x', note: 'y', extra: 1 } });
    expect(await desktop.until('error', (each) => each['id'] === 'c')).toMatchObject({ field: 'disposition.extra' });
    expect(await desktop.ask({ type: 'sign-in' })).toMatchObject({ ok: true });
    await desktop.close();
  });

  test('too many of them close the socket', async () => {
    const desktop = await Desktop.open(house, '1001');
    for (let count = 0; count < limits.badMessages; count += 1) desktop.send('rubbish');
    expect(await desktop.closed).toBe(closeCodes.badMessages);
  });

  test('a flood is told to slow down, then closed', async () => {
    const desktop = await Desktop.open(house, '1001');
    // On and on: on a slow machine the allowance gives more back while the first are read.
    for (let count = 0; desktop.socket.readyState === WebSocket.OPEN; count += 1) {
      desktop.send({ type: 'ping', id: String(count) });
      if (count % limits.burst === 0) await setImmediate();
    }
    await desktop.until('error', (each) => each['code'] === 'too-fast');
    expect(await desktop.closed).toBe(closeCodes.tooFast);
  });

  test('a frame over 16 KiB closes the socket with 1009', async () => {
    const desktop = await Desktop.open(house, '1001');
    desktop.send({ type: 'ping', id: 'x'.repeat(limits.frameBytes) });
    expect(await desktop.closed).toBe(1009);
  });

  test('a binary frame is refused', async () => {
    const desktop = await Desktop.open(house, '1001');
    desktop.socket.send(Buffer.from('{"type":"ping","id":"1"}'));
    expect(await desktop.until('error')).toMatchObject({ code: 'binary' });
    await desktop.close();
  });

  test('rubbish of any shape harms nobody else, and every answer is as the protocol says', async () => {
    const quiet = await Desktop.open(house, '1002');
    const known = Object.values({ ...notices, ...changes });
    const rubbish = fc.oneof(
      fc.string(), fc.json(), fc.constantFrom('null', '[]', '""', '{"__proto__":{}}', '{"type":"constructor","id":"1"}', '{"type":"__proto__"}', '\u0000'),
      fc.record({ type: fc.constantFrom('pause', 'dispose', 'answer', 'sign-in-here', 'toString'), id: fc.anything(), agent: fc.anything(), reason: fc.anything(), contact: fc.anything(), disposition: fc.anything(), ticket: fc.anything() }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part))),
    );
    await fc.assert(fc.asyncProperty(fc.array(rubbish, { minLength: 1, maxLength: 8 }), async (frames) => {
      const desktop = await Desktop.open(house, '1001');
      for (const frame of frames) desktop.send(frame);
      await Promise.race([desktop.closed, desktop.ask({ type: 'make-ready' })]);
      for (const message of desktop.received) {
        const { seq: _seq, ...plain } = message;
        expect(known.some((shape) => shape.safeParse(plain).success), JSON.stringify(message)).toBe(true);
      }
      await desktop.close();
    }), { numRuns: 60 });
    expect(await quiet.ask({ type: 'sign-in' })).toMatchObject({ ok: true });
    await quiet.close();
  });
});

test('a desktop that does not read is dropped, and another misses nothing', async () => {
  const slow = await Desktop.open(house, '2001');
  const other = await Desktop.open(house, '3001');
  // Paused, its own kernel buffer fills, then ours, then what we keep for it.
  slow.socket.pause();
  const contact = contactId('c-1700000000-99');
  await house.submit({ type: 'call-arrived', contact, leg: callerLeg(contact), ani: '13800000001', dnis: '4000' });
  for (let round = 0; house.cti.desktops.open === 2; round += 1) {
    expect(round, 'never dropped').toBeLessThan(3_000);
    await house.submit({ type: 'flow-moved', contact, path: [{ node: 'x'.repeat(20_000), took: '', at: round }], data: {}, language: 'zh', memory: null, orders: [] });
    // A turn in which sockets are read: without it everybody would be slow.
    await setImmediate();
  }
  const last = await house.call('13900000000');
  await other.until('contact-changed', (message) => (message['contact'] as Message)['contact'] === last);
  const seqs = other.numbered.map((message) => message.seq);
  expect(seqs).toEqual(seqs.map((_seq, index) => index));
  expect((await house.server.inject('/metrics')).body).toContain('rexian_desktops_dropped_total{why="slow"} 1');
  slow.socket.terminate();
  await other.close();
});

test('a torn connection leaves the agent as it is', async () => {
  const desktop = await Desktop.open(house, '1001');
  await desktop.ask({ type: 'sign-in' });
  await desktop.ask({ type: 'make-ready' });
  desktop.socket.terminate();
  await desktop.closed;
  const again = await Desktop.open(house, '1001');
  expect(await again.until('snapshot')).toMatchObject({ me: { presence: { status: 'ready' } } });
  await again.close();
});

test('half a handshake and silence do not stop the server', async () => {
  const { port } = new URL(house.url);
  const raw = connect(Number(port), '127.0.0.1');
  await once(raw, 'connect');
  raw.write('GET /cti HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  const [answer] = (await once(raw, 'data')) as Buffer[];
  expect(String(answer)).toContain('400');
  raw.destroy();
  expect((await house.server.inject('/health/live')).statusCode).toBe(200);
});
