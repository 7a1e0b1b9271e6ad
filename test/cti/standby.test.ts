// A process that stands by is alive, says so, and serves nobody; when it owns the centre it serves everybody.

import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { openCti } from '../../src/cti/cti.ts';
import { LateDesk } from '../../src/cti/late-desk.ts';
import { closeCodes } from '../../src/cti/protocol.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { openDoor } from '../../src/http/door.ts';
import type { Health } from '../../src/http/routes/health.ts';
import { openHouse, strangers, type House } from './house.ts';
import { createServer } from 'node:net';
import { pino } from 'pino';

let house: House;
let role: Health['role'];
afterEach(() => house.stop());

async function open(): Promise<void> {
  role = 'standby';
  const inner = await openHouse();
  const desk = new LateDesk(inner.engine.centre);
  const cti = openCti({ desk, directory: strangers, clock: steadyClock, name: () => ({ zh: '', en: '' }), onDirectoryAway: () => undefined, standby: () => role !== 'owner' });
  await inner.stop();
  house = await openHouse({ parts: { cti, health: () => ({ role, owner: role === 'owner', switchUp: role === 'owner', redis: true, postgres: { up: true, lagMs: 0 } }) } });
}
const get = (path: string): Promise<Response> => fetch(`${house.url}${path}`);

test('live, and not ready because it stands by', async () => {
  await open();
  expect(await (await get('/health/live')).json()).toEqual({ live: true });
  const ready = await get('/health/ready');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ ready: false, reason: 'standby', owner: false });
});

test('a sign-in is refused in words, over HTTP and at the socket', async () => {
  await open();
  for (const path of ['/api/session', '/api/contacts', '/api/live']) {
    const refused = await get(path);
    expect(refused.status, path).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'standby', text: { zh: expect.stringContaining('备用'), en: expect.stringContaining('stands by') } });
  }
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/cti`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'sign-in-here', ticket: 'any ticket that is long enough' }));
  const [said] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(String(said))).toMatchObject({ type: 'error', code: 'standby', text: { zh: expect.any(String), en: expect.any(String) } });
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(closeCodes.standby);
});

test('the page is there, and everything else once it owns the centre', async () => {
  await open();
  expect((await get('/')).status).toBe(200);
  role = 'owner';
  expect((await get('/health/ready')).status).toBe(200);
  expect((await get('/api/session')).status).toBe(401);
});

test('a second door leads to the same server, opens when the one before is out of it, and lets those stay who are in', async () => {
  await open();
  const before = createServer().listen(0, '127.0.0.1');
  await once(before, 'listening');
  const { port } = before.address() as { port: number };
  const ended = new AbortController();
  const opening = openDoor(house.server, { host: '127.0.0.1', port, log: pino({ level: 'silent' }), signal: ended.signal });
  before.close();
  const door = await opening;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/cti`);
  await once(socket, 'open');
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
  door.close();
  await expect(fetch(`http://127.0.0.1:${port}/health/live`, { headers: { connection: 'close' } })).rejects.toThrow();
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});
