import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Event } from '../../src/acd/messages.ts';
import { audit } from '../../src/store/audit.ts';
import { contacts, type Contacts } from '../../src/store/contacts.ts';
import { recordings } from '../../src/store/recordings.ts';
import { entries, project } from './support/rows.ts';
import { newCentre, newDatabase, type TestDatabase } from './support/stores.ts';
import { abandoned, answered } from './support/story.ts';

let own: TestDatabase;
let centre: string;
let book: Contacts;
const noon = Date.UTC(2026, 4, 20, 4);
beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());
beforeEach(() => {
  centre = newCentre();
  book = contacts(own.db, { centre });
});

test('one contact comes whole: times, path, events in order, recordings', async () => {
  await project(own.db, centre, entries(answered({ at: noon })));
  const story = await book.find('c-1', 100);
  expect(story).toMatchObject({
    contact: 'c-1', arrivedAt: noon, queuedAt: noon + 4_000, connectedAt: noon + 9_000, endedAt: noon + 29_000, waitMs: 5_000, talkMs: 20_000,
    queue: 'billing', agent: '1001', reason: 'caller-hung-up', during: 'talk', disposition: { code: 'solved', note: '已解决' },
    path: [{ node: 'welcome' }, { node: 'menu', took: '1' }], data: { topic: '账单' }, recordings: ['rx-r-c-1-1'],
  });
  expect(story?.events.map(({ event }) => event)).toEqual(answered({ at: noon }).filter((event) => 'contact' in event));
  expect(await book.find('c-1', 2)).toMatchObject({ events: [{ id: '7-1' }, { id: '7-2' }] });
  expect(await book.find('nobody')).toBeNull();
  expect(await contacts(own.db, { centre: newCentre() }).find('c-1')).toBeNull();
});

test('pages follow each other without a gap or a repeat, also among equal times and while calls come in', async () => {
  for (let i = 0; i < 25; i += 1) await project(own.db, centre, entries(answered({ id: `c-${i}`, at: noon + Math.floor(i / 5) * 1_000 }).slice(0, 1), 10 + i));
  const seen: string[] = [];
  let before: { arrivedAt: number; contact: string } | undefined;
  for (let page = 0; page < 10; page += 1) {
    const rows = await book.search({ limit: 4, before });
    seen.push(...rows.map(({ contact }) => contact));
    before = rows.at(-1);
    await project(own.db, centre, entries(answered({ id: `late-${page}`, at: noon + 60_000 }).slice(0, 1), 100 + page));
    if (rows.length < 4) break;
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen).size).toBe(25);
});

test('filters', async () => {
  await project(own.db, centre, [...entries(answered({ id: 'c-1', at: noon }), 7), ...entries(abandoned({ id: 'c-2', at: noon + 1_000 }), 8), ...entries(answered({ id: 'c-3', at: noon + 2_000, agent: '1003' }).slice(0, 5), 9)]);
  const ids = async (filter: Partial<Parameters<Contacts['search']>[0]>) => (await book.search({ limit: 10, ...filter })).map(({ contact }) => contact);
  expect(await ids({})).toEqual(['c-3', 'c-2', 'c-1']);
  expect(await ids({ ani: '+86 13800138000' })).toEqual(['c-3', 'c-1']);
  expect(await ids({ queue: 'general' })).toEqual(['c-2']);
  expect(await ids({ agent: '1001' })).toEqual(['c-1']);
  expect(await ids({ from: noon + 1_000, to: noon + 2_000 })).toEqual(['c-2']);
  expect(await ids({ outcome: 'answered' })).toEqual(['c-1']);
  expect(await ids({ outcome: 'abandoned' })).toEqual(['c-2']);
  expect(await ids({ outcome: 'open' })).toEqual(['c-3']);
  expect(await ids({ disposition: 'solved' })).toEqual(['c-1']);
});

test('a contact whose recording failed, or is not whole, is marked and found', async () => {
  const [whole, failed] = [entries(answered({ at: noon })), answered({ id: 'c-2', at: noon + 1_000 })];
  await project(own.db, centre, whole);
  expect(await book.find('c-1')).toMatchObject({ recordingFailed: false });
  const lost = failed.flatMap((event): Event[] => (event.type === 'recording-stopped' ? [{ ...event, type: 'recording-failed', detail: 'disk-full' }] : [event]));
  await project(own.db, centre, entries(lost, 100));
  expect(await book.find('c-2')).toMatchObject({ recordingFailed: true });
  expect((await book.search({ recordingFailed: true, limit: 10 })).map(({ contact }) => contact)).toEqual(['c-2']);
  await own.db.updateTable('recording').set({ status: 'partial' }).where('centre', '=', centre).where('contact', '=', 'c-2').execute();
  expect(await book.search({ recordingFailed: true, limit: 10 })).toHaveLength(1);
});

test('a recording is found by its id in its centre', async () => {
  await project(own.db, centre, entries(answered({ at: noon })));
  const reads = recordings(own.db, { centre });
  expect(await reads.find('rx-r-c-1-1')).toMatchObject({ contact: 'c-1', agent: '1001', status: 'stopped', startedAt: noon + 9_000, path: null });
  expect(await reads.find('rx-r-c-9-1')).toBeNull();
});

test('the audit keeps who did what', async () => {
  const writes = audit(own.db, { centre });
  await writes.write({ at: noon, agent: '1009', action: 'recording-listened', subject: 'rx-r-c-1-1', detail: { range: null } });
  expect(await own.db.selectFrom('audit').selectAll().where('centre', '=', centre).execute()).toMatchObject([{ who: '1009', subject: 'rx-r-c-1-1', at: new Date(noon) }]);
});
