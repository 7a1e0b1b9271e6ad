import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { projectBatch, readPosition } from '../../src/store/project-batch.ts';
import { entries, project, rowsOf, settings } from './support/rows.ts';
import { newCentre, newDatabase, until, type TestDatabase } from './support/stores.ts';
import { answered } from './support/story.ts';

let own: TestDatabase;
let centre: string;
beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());
beforeEach(() => {
  centre = newCentre();
});

/** The connection dies inside the transaction, at the statement that writes to the table. */
async function dyingAt(table: string, work: () => Promise<void>): Promise<void> {
  await sql`create function die() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return new; end'`.execute(own.db);
  await sql`create trigger die before insert or update on ${sql.table(table)} for each row execute function die()`.execute(own.db);
  try {
    await work();
  } finally {
    // The first statement after it may be given the connection that died.
    await until(() => sql`drop function die() cascade`.execute(own.db).then(() => true, () => false), (dropped) => dropped);
  }
}

test.each(['contact', 'recording', 'agent_interval', 'projection'])('a crash while writing %s leaves nothing of the batch, and the next try all of it', async (table) => {
  const all = entries(answered());
  await project(own.db, centre, all.slice(0, 2));
  const before = await rowsOf(own.db, centre);
  await dyingAt(table, async () => {
    await expect(projectBatch(own.db, centre, all, settings)).rejects.toThrow();
  });
  expect(await rowsOf(own.db, centre)).toEqual(before);
  await project(own.db, centre, all);
  const other = newCentre();
  await project(own.db, other, all);
  expect(await rowsOf(own.db, centre)).toEqual(await rowsOf(own.db, other));
});

test('two projectors at once do the work once', async () => {
  const all = entries(answered());
  const results = await Promise.all([1, 2, 3, 4].map(() => projectBatch(own.db, centre, all, settings)));
  expect(results.map(({ events }) => events.length).toSorted((a, b) => a - b)).toEqual([0, 0, 0, all.length]);
  const other = newCentre();
  await project(own.db, other, all);
  expect(await rowsOf(own.db, centre)).toEqual(await rowsOf(own.db, other));
});

test('an event that the fold cannot take is kept as an event, noted, and passed by', async () => {
  const all = entries(answered());
  const broken = all.map((entry, index) => (index === 3 ? { ...entry, text: '{"type":"no-such-event","at":1780000000000,"contact":"c-1"}' } : entry));
  const result = await projectBatch(own.db, centre, broken, settings);
  expect(result.failures.map(({ id }) => id)).toEqual(['7-4']);
  const rows = await rowsOf(own.db, centre);
  expect(rows['call_event']).toHaveLength(all.length);
  expect(rows['projection_failure']).toMatchObject([{ seq: 4 }]);
  expect(rows['contact']).toMatchObject([{ reason: 'caller-hung-up' }]);
});

test('a row that Postgres refuses costs only its own event', async () => {
  const all = entries(answered());
  const waitForEver = all.map((entry) => ({ ...entry, text: entry.text.replace('"waitMs":3000', '"waitMs":99999999999999') }));
  const { failures, position } = await projectBatch(own.db, centre, waitForEver, settings);
  expect(failures).toHaveLength(1);
  expect(position).toBe(`7-${all.length}`);
  const rows = await rowsOf(own.db, centre);
  expect(rows['call_event']).toHaveLength(all.length);
  expect(rows['contact']).toMatchObject([{ reason: 'caller-hung-up', talk_ms: 20_000 }]);
  expect(rows['recording']).toHaveLength(1);
});

test.each(['no JSON at all', '', '{"type":"contact-ended"}', '{"at":1e99,"type":"x"}', 'null'])('an entry that is no event (%j) is kept as text and passed by', async (text) => {
  const result = await projectBatch(own.db, centre, [{ id: '7-1', text }, ...entries(answered()).slice(1)], settings);
  expect(result.failures).toHaveLength(1);
  expect((await rowsOf(own.db, centre))['projection_failure']).toMatchObject([{ epoch: 7, seq: 1, body: text }]);
});

test('what Postgres cannot store in a text does not stop the event', async () => {
  const [arrived] = entries(answered({ ani: '1380\u0000013\ud8008000' }));
  await projectBatch(own.db, centre, arrived ? [arrived] : [], settings);
  expect((await rowsOf(own.db, centre))['contact']).toMatchObject([{ ani: '1380\ufffd013\ufffd8000' }]);
});

test('the position is where Postgres is, for each centre', async () => {
  expect(await readPosition(own.db, centre)).toBe('0-0');
  await project(own.db, centre, entries(answered()).slice(0, 3));
  expect(await readPosition(own.db, centre)).toBe('7-3');
  await project(own.db, centre, entries(answered(), 8).slice(0, 1));
  expect(await readPosition(own.db, centre)).toBe('8-1');
});
