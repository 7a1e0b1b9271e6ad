import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { makePartitions } from '../../src/store/partitions.ts';
import { openDatabase } from '../../src/store/database.ts';
import { entries, project } from './support/rows.ts';
import { newCentre, newDatabase, silent, type TestDatabase } from './support/stores.ts';
import { answered } from './support/story.ts';

let own: TestDatabase;
beforeEach(async () => {
  own = await newDatabase();
});
afterEach(() => own.drop());

/** Partition → how many events lie in it. */
async function counts(): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; count: number }>`select tableoid::regclass::text as name, count(*)::int as count from call_event group by 1`.execute(own.db);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

test('a migrated database has this month and the next two, and a second run changes nothing', async () => {
  const now = Date.UTC(2031, 10, 30, 23, 59);
  expect(await makePartitions(own.db, now)).toEqual(['call_event_2031_11', 'call_event_2031_12', 'call_event_2032_01']);
  expect(await makePartitions(own.db, now)).toEqual([]);
  expect(await migrate(own.db)).toEqual([]);
});

test('an event of a month that nobody made is kept, and moves when its month is made', async () => {
  const centre = newCentre();
  const at = Date.UTC(2033, 0, 31, 23, 59, 59);
  await project(own.db, centre, entries(answered({ at })));
  expect(await counts()).toEqual({ call_event_default: answered().length });
  await makePartitions(own.db, at);
  const january = answered({ at }).filter((event) => event.at < Date.UTC(2033, 1, 1)).length;
  expect(await counts()).toEqual({ call_event_2033_01: january, call_event_2033_02: answered().length - january });
  await project(own.db, centre, entries(answered({ at })));
  expect(Object.values(await counts()).reduce((a, b) => a + b)).toBe(answered().length);
});

test('several processes that start at once migrate once', async () => {
  await own.db.schema.dropTable('kysely_migration').execute();
  await own.db.schema.dropTable('kysely_migration_lock').execute();
  for (const table of ['call_event', 'projection', 'projection_failure', 'customer', 'contact', 'leg', 'offer', 'agent_interval', 'recording', 'audit', 'configuration']) {
    await own.db.schema.dropTable(table).execute();
  }
  const starting = [1, 2, 3].map(() => openDatabase(own.url, { log: silent }));
  const done = await Promise.all(starting.map((db) => migrate(db)));
  const all = (await readdir(new URL('../../migrations', import.meta.url))).map((name) => name.replace(/\.ts$/, '')).sort();
  expect(done.flat()).toEqual(all);
  await Promise.all(starting.map((db) => db.destroy()));
});
