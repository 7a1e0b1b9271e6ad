import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { startPostgres } from '../../runtime/postgres.ts';
import { steadyClock } from '../../src/base/clock.ts';
import type { Event } from '../../src/acd/messages.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { createJournal } from '../../src/store/journal.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startProjector, type Projector, type ProjectorOptions } from '../../src/store/projector.ts';
import { entries, project, rowsOf, settings } from './support/rows.ts';
import { linkTo, newCentre, newDatabase, newRedis, redisOver, silent, until, type TestDatabase } from './support/stores.ts';
import { abandoned, answered, batch } from './support/story.ts';

let redis: Redis;
let own: TestDatabase;
let centre: string;
let commit: (events: readonly Event[]) => Promise<void>;
const running: Projector[] = [];

beforeAll(async () => {
  [redis, own] = await Promise.all([newRedis(), newDatabase()]);
});
afterAll(async () => {
  await redis.quit();
  await own.drop();
});
beforeEach(async () => {
  centre = newCentre();
  await redis.set(redisKeys(centre).epoch, '7');
  const journal = createJournal({ redis, centre, epoch: 7 });
  let next = 1;
  commit = async (events) => {
    expect(await journal.commit(batch(next, events))).toMatchObject({ result: 'committed' });
    next += events.length;
  };
});
afterEach(() => Promise.all(running.splice(0).map((projector) => projector.stop())));

function start(more: Partial<ProjectorOptions> = {}): Projector {
  const projector = startProjector({ redis, db: own.db, centre, clock: steadyClock, log: silent, ...settings, ...more });
  running.push(projector);
  return projector;
}

const eventsIn = async (db: Database) => (await db.selectFrom('call_event').select('seq').where('centre', '=', centre).orderBy('seq').execute()).length;

test('what is committed is in Postgres, before and after the start, each event once', async () => {
  await commit(answered());
  const projector = start();
  await until(() => eventsIn(own.db), (count) => count === answered().length);
  await commit(abandoned());
  const all = [...answered(), ...abandoned()];
  await until(() => eventsIn(own.db), (count) => count === all.length);
  const other = newCentre();
  await project(own.db, other, entries(all));
  expect(await rowsOf(own.db, centre)).toEqual(await rowsOf(own.db, other));
  expect(await until(() => projector.lag(), ({ behindMs, position }) => behindMs === 0 && position === `7-${all.length}`)).toMatchObject({ failing: null, failures: 0 });
});

test('a new projector goes on where the last one stopped, whenever that was', async () => {
  const all = [...answered({ id: 'c-1' }), ...abandoned({ id: 'c-2' }), ...answered({ id: 'c-3' })];
  for (const event of all) {
    const projector = start();
    await commit([event]);
    await projector.stop();
  }
  start();
  await until(() => eventsIn(own.db), (count) => count === all.length);
  const other = newCentre();
  await project(own.db, other, entries(all));
  expect(await rowsOf(own.db, centre)).toEqual(await rowsOf(own.db, other));
});

test('the end of a recording is told after its row is there, and once', async () => {
  const told: string[] = [];
  const statuses: Promise<unknown>[] = [];
  const onRecordingStopped = (recording: string): void => {
    told.push(recording);
    statuses.push(own.db.selectFrom('recording').select('status').where('centre', '=', centre).where('id', '=', recording).executeTakeFirst());
  };
  start({ onRecordingStopped });
  start({ onRecordingStopped });
  await commit(answered());
  await until(() => eventsIn(own.db), (count) => count === answered().length);
  await until(() => told, (recordings) => recordings.length === 1);
  expect(await Promise.all(statuses)).toEqual([{ status: 'stopped' }]);
});

test('a COMMIT whose answer is lost: its events are there once, and its recordings are told of', async () => {
  const link = await linkTo(own.url);
  const far = openDatabase(link.url, { log: silent });
  const told: string[] = [];
  const projector = start({ db: far, onRecordingStopped: (recording) => told.push(recording) });
  const before = answered().findIndex(({ type }) => type === 'recording-stopped');
  await commit(answered().slice(0, before));
  await until(() => eventsIn(own.db), (count) => count === before);
  link.cutBeforeAnswer();
  await commit(answered().slice(before));
  await until(() => eventsIn(own.db), (count) => count === answered().length);
  await until(() => projector.lag().failing, (failing) => failing !== null);
  link.restore();
  await until(() => told, (recordings) => recordings.length === 1);
  await until(() => projector.lag().failing, (failing) => failing === null);
  expect(await eventsIn(own.db)).toBe(answered().length);
  await projector.stop();
  await far.destroy();
  await link.close();
});

test('Redis cut off for a while: nothing is lost, nothing twice', async () => {
  const link = await linkTo(inject('runtime').redisUrl);
  const far = await redisOver(link);
  const projector = start({ redis: far });
  await commit(answered().slice(0, 5));
  await until(() => eventsIn(own.db), (count) => count === 5);
  link.cutBeforeAnswer();
  await commit(answered().slice(5, 10));
  await until(() => projector.lag().failing, (failing) => failing !== null);
  link.restore();
  await commit(answered().slice(10));
  await until(() => eventsIn(own.db), (count) => count === answered().length);
  await until(() => projector.lag().failing, (failing) => failing === null);
  await projector.stop();
  far.disconnect();
  await link.close();
});

test('Postgres stopped and started again: the events wait, the lag says so, and all arrive', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'rexian-projector-'));
  const options = { stateDir, password: 'test', durable: false };
  let server = await startPostgres(options);
  const { port } = server;
  const db = openDatabase(server.url, { log: silent });
  await migrate(db);
  const projector = start({ db });
  await commit(answered().slice(0, 5));
  await until(() => eventsIn(db), (count) => count === 5);
  await server.stop();
  await commit(answered().slice(5));
  await until(() => projector.lag(), ({ failing, behindMs }) => failing !== null && behindMs > 500);
  server = await startPostgres({ ...options, port });
  await until(() => projector.lag(), ({ behindMs, failing }) => behindMs === 0 && failing === null);
  expect(await eventsIn(db)).toBe(answered().length);
  await projector.stop();
  await db.destroy();
  await server.stop();
  await rm(stateDir, { recursive: true });
});

test('Postgres comes back without its last commits: they are told again', async () => {
  await commit(answered());
  start();
  await until(() => eventsIn(own.db), (count) => count === answered().length);
  await own.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('call_event').where('centre', '=', centre).where('seq', '>', 3).execute();
    await trx.updateTable('projection').set({ seq: 3 }).where('centre', '=', centre).execute();
  });
  await commit(abandoned());
  const all = answered().length + abandoned().length;
  await until(() => eventsIn(own.db), (count) => count === all);
});

test('the journal is trimmed up to what is in Postgres, and the newest events stay', async () => {
  const many = Array.from({ length: 100 }, (_, i) => answered({ id: `c-${i}` })).flat();
  await commit(many);
  start({ keep: 50 });
  await until(() => redis.xlen(redisKeys(centre).journal), (length) => length === 50);
  expect(await eventsIn(own.db)).toBe(many.length);
});

test('an event reaches Postgres within a quarter of a second of what the two servers need', async () => {
  start();
  const [waits, needs]: [number[], number[]] = [[], []];
  const byHand = newCentre();
  for (const event of answered()) {
    const before = performance.now();
    await commit([event]);
    const count = waits.length + 1;
    await until(() => eventsIn(own.db), (seen) => seen === count);
    const there = performance.now();
    waits.push(there - before);
    // The same way without the projector, in the same moment: how slow this machine is.
    await redis.xadd(redisKeys(byHand).journal, `7-${count}`, 'e', JSON.stringify(event));
    await redis.xread('COUNT', 1, 'STREAMS', redisKeys(byHand).journal, `7-${count - 1}`);
    await project(own.db, byHand, [{ id: `7-${count}`, text: JSON.stringify(event) }]);
    await eventsIn(own.db);
    needs.push(performance.now() - there);
  }
  const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[8] ?? Number.NaN;
  // The slowest of sixteen depends on who else uses the machine; bench/journal.ts gives the whole picture.
  expect(median(waits)).toBeLessThan(250 + 2 * median(needs));
});
