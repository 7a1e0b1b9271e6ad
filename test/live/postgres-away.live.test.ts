// Postgres is for reports. Without it calls are routed as ever, and the reports come later.

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type PostgresServer } from '../../runtime/postgres.ts';
import { callAfterCall, median, type CallAfterCall } from '../support/call-after-call.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { killTree, signalTree } from '../support/process-tree.ts';
import { localServers } from '../support/start-runtime.ts';
import { straightLines } from '../support/straight-lines.ts';

let configDir: string;
let centre: LiveCentre;
let calls: CallAfterCall;
let again: PostgresServer | undefined;

beforeAll(async () => {
  configDir = await straightLines();
  centre = await startLiveCentre({ configDir, runtime: { servers: localServers } });
  calls = await callAfterCall(centre);
});

afterAll(async () => {
  await centre?.stop();
  await again?.stop();
  await rm(configDir, { recursive: true, force: true });
});

test('frozen for 20 s, calls are answered at the usual speed, and every event is told afterwards, once', async () => {
  const usual = [await calls.call(), await calls.call(), await calls.call()];
  const pid = centre.runtime.pids.postgres ?? 0;
  await signalTree(pid, 'SIGSTOP');
  const desktop = await centre.desktop('1002').catch((error: unknown) => error);
  const meanwhile = await calls.callFor(20_000).finally(() => signalTree(pid, 'SIGCONT'));
  console.log(`postgres frozen: ${meanwhile.length} calls, ${median(meanwhile).toFixed(0)} ms to be answered (before: ${median(usual).toFixed(0)} ms), at most ${Math.max(...meanwhile).toFixed(0)} ms`);
  expect(meanwhile.length).toBeGreaterThan(5);
  // The directory of customers is asked on every offer and must hold up none; a loaded machine may hold up one.
  expect(median(meanwhile)).toBeLessThan(median(usual) + 500);
  expect(desktop).not.toBeInstanceOf(Error);
  await calls.expectAllTold();
}, 90_000);

test('killed and started again on its data, nothing is missing', async () => {
  const { runtime } = centre;
  await killTree(runtime.pids.postgres ?? 0);
  await calls.callFor(3_000);
  again = await startPostgres({ stateDir: runtime.stateDir, password: runtime.secrets.postgres, port: Number(new URL(runtime.databaseUrl).port), durable: false });
  await calls.call();
  await calls.expectAllTold();
}, 60_000);
