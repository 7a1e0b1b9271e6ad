// The promises' checker itself: in a centre that served two calls each promise is broken once, and the checker says so.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisKeys } from '../../src/store/keys.ts';
import { startStage, type Stage } from '../../stage/stage.ts';
import { before, verdicts, type Before } from '../../torture/promises.ts';

let stage: Stage;
let was: Before;
const placed = 2;

beforeAll(async () => {
  stage = await startStage({ agents: 2 });
  was = await before(stage);
  const phones = await stage.phones(stage.agents, { ringMs: 50, talkMs: 300 });
  const desktops = await stage.ready(stage.agents);
  expect(await (await stage.callers({ calls: placed })).outcome).toMatchObject({ successful: placed });
  for (const desktop of desktops) await desktop.command({ type: 'sign-out' });
  await phones.stop();
});
afterAll(() => stage?.stop());

/** The promises that do not hold, each with what was found. */
async function broken(withinMs = 0): Promise<Record<number, string>> {
  const judged = await verdicts(stage, was, { placed }, withinMs);
  return Object.fromEntries(judged.filter(({ held }) => !held).map(({ promise, found }) => [promise, found]));
}

/** Broken as `plant` does it, whole again when it is undone. */
async function isSeen(promises: readonly number[], plant: () => Promise<unknown>, undo: () => Promise<unknown>, found: RegExp): Promise<void> {
  await plant();
  try {
    const seen = await broken();
    expect(Object.keys(seen).map(Number), JSON.stringify(seen)).toEqual(promises);
    expect(Object.values(seen).join('\n')).toMatch(found);
  } finally {
    await undo();
  }
  expect(await broken(5_000)).toEqual({});
}

const ari = async (method: string, path: string): Promise<void> => {
  const { url, user, password } = stage.runtime.ari;
  const response = await fetch(`${url}/ari/${path}`, { method, headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
};

test('an undisturbed centre keeps all eight', async () => {
  expect(await verdicts(stage, was, { placed })).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((promise) => ({ promise, held: true, found: '' })));
  expect(was.witness.looks()).toBeGreaterThan(0);
  expect(was.witness.health.length).toBeGreaterThan(0);
});

test('1: a channel of nobody', async () => {
  // Somebody who hears the apology at one end, and an application that does not know the other.
  await isSeen([1], () => ari('POST', `channels/stray?endpoint=${encodeURIComponent('Local/T@arrive')}&app=rexian&appArgs=none`), () => ari('DELETE', 'channels/stray'), /channel stray .* belongs to no contact/);
});

test('2: an agent who is offered a call that does not exist', async () => {
  const [agent = ''] = stage.agents;
  const agents = redisKeys(stage.config.centre.id).agents;
  const stored = (await stage.redis.hget(agents, agent)) ?? '';
  const offered = JSON.stringify({ ...(JSON.parse(stored) as object), presence: { status: 'offered', since: 1, idleSince: 1, offer: 'none' } });
  await isSeen([2], () => stage.redis.hset(agents, agent, offered), () => stage.redis.hset(agents, agent, stored), /offered without a channel/);
});

test('3: an event that is missing', async () => {
  const lost = await stage.db.selectFrom('call_event').selectAll().where('type', '=', 'offer-made').executeTakeFirstOrThrow();
  await isSeen([3],
    () => stage.db.deleteFrom('call_event').where('epoch', '=', lost.epoch).where('seq', '=', lost.seq).execute(),
    () => stage.db.insertInto('call_event').values({ ...lost, body: JSON.stringify(lost.body) as never }).execute(), /has number \d+ where \d+ comes/);
});

test('3: a call that became no contact', async () => {
  const judged = await verdicts(stage, was, { placed: placed + 1 }, 0);
  expect(judged.filter(({ held }) => !held)).toEqual([{ promise: 3, held: false, found: '3 calls were placed, Postgres knows 2 contacts' }]);
});

test('4: a file without a row, and a recording that is not what it was', async () => {
  const orphan = join(stage.runtime.recordingsDir, 'orphan.raw');
  await isSeen([4], () => writeFile(orphan, 'x'), () => rm(orphan), /orphan\.raw belongs to no finished row/);
  const { path } = await stage.db.selectFrom('recording').select('path').executeTakeFirstOrThrow();
  const file = join(stage.runtime.recordingsDir, path ?? '');
  const whole = await readFile(file);
  await isSeen([4], () => writeFile(file, whole.subarray(0, 100)), () => writeFile(file, whole), /100 bytes, the row says/);
  const noise = Buffer.from(whole).fill(1, 60, 70);
  await isSeen([4], () => writeFile(file, noise), () => writeFile(file, whole), /not the bytes/);
});

test('5: an offer before somebody who was ahead', async () => {
  const signIn = await stage.db.selectFrom('call_event').selectAll().where('type', '=', 'presence-changed').orderBy('epoch').orderBy('seq').executeTakeFirstOrThrow();
  const becomes = (fields: object): Promise<unknown> => stage.db.updateTable('call_event').set(fields).where('epoch', '=', signIn.epoch).where('seq', '=', signIn.seq).execute();
  const ahead = { type: 'contact-queued', contact: 'ghost', queue: 'line', body: JSON.stringify({ queuedAt: 0, priority: 99 }) };
  // He has no end either.
  await isSeen([3, 5], () => becomes(ahead), () => becomes({ ...signIn, body: JSON.stringify(signIn.body) }), /before ghost, who was ahead in line/);
});

test('6: an agent with two callers at once', async () => {
  const [one, other] = await stage.db.selectFrom('leg').selectAll().where('role', '=', 'agent').execute();
  if (!one || !other) throw new Error('two talks were expected');
  const becomes = (fields: Partial<typeof other>): Promise<unknown> => stage.db.updateTable('leg').set(fields).where('id', '=', other.id).execute();
  await isSeen([6], () => becomes({ agent: one.agent, answered_at: one.answered_at, ended_at: one.ended_at }), () => becomes({ agent: other.agent, answered_at: other.answered_at, ended_at: other.ended_at }), /had .* at once/);
});

test('7: a service that answers nobody', () =>
  isSeen([7, 8], () => stage.service.stop(), () => stage.startAgain(), /fetch failed/));

test('8: a bridge that nobody dissolved', () =>
  isSeen([8], () => ari('POST', 'bridges/stray'), () => ari('DELETE', 'bridges/stray'), /1 bridges, 0 before/));
