// Redis holds the state, and the service holds it too: without Redis calls go on from memory, and are written later.

import { rm } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type RedisServer } from '../../runtime/redis.ts';
import { callAfterCall, type CallAfterCall } from '../support/call-after-call.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { killTree } from '../support/process-tree.ts';
import { localServers } from '../support/start-runtime.ts';
import { straightLines } from '../support/straight-lines.ts';

let configDir: string;
let centre: LiveCentre;
let calls: CallAfterCall;
let again: RedisServer | undefined;

beforeAll(async () => {
  configDir = await straightLines();
  centre = await startLiveCentre({ configDir, runtime: { servers: localServers } });
  calls = await callAfterCall(centre);
  await calls.call();
});

afterAll(async () => {
  await centre?.stop();
  await again?.stop();
  await rm(configDir, { recursive: true, force: true });
});

test('frozen for some seconds, longer than the lease lasts, calls go on and their events are written later', async () => {
  const pid = centre.runtime.pids.redis ?? 0;
  process.kill(pid, 'SIGSTOP');
  const took = await calls.callFor(6_000).finally(() => process.kill(pid, 'SIGCONT'));
  console.log(`redis frozen: ${took.map((ms) => ms.toFixed(0)).join(' ')} ms to be answered`);
  expect(took.length).toBeGreaterThan(2);
  await calls.call();
  await calls.expectAllTold();
}, 60_000);

test('killed and started again on its data, calls go on and nothing is missing', async () => {
  const { runtime } = centre;
  await calls.call();
  // What it acknowledged within the last second may be lost with it.
  await killTree(runtime.pids.redis ?? 0);
  await calls.call();
  again = await startRedis({ stateDir: runtime.stateDir, programs: runtime.programs, password: runtime.secrets.redis, port: Number(new URL(runtime.redisUrl).port) });
  await calls.call();
  await calls.expectAllTold();
}, 60_000);
