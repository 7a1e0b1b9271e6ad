import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '../../src/acd/messages.ts';
import { contactId, legId, queueId } from '../../src/base/ids.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';
import { entries, project, rowsOf } from './support/rows.ts';
import { newCentre, newDatabase, type TestDatabase } from './support/stores.ts';
import { abandoned, answered } from './support/story.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());

const interleaved = (): Event[] => [...answered({ id: 'c-1' }), ...abandoned({ id: 'c-2' }), ...answered({ id: 'c-3', ani: '4001', waitMs: 20_000 })].toSorted((a, b) => a.at - b.at);

async function rowsAfter(events: readonly Event[], sizes: readonly number[] = []) {
  const centre = newCentre();
  await project(own.db, centre, entries(events), sizes);
  return rowsOf(own.db, centre);
}

test('an answered call leaves these rows', async () => {
  const { call_event: events, ...rows } = await rowsAfter(answered());
  expect(events).toHaveLength(answered().length);
  expect(rows).toMatchSnapshot();
});

test('an abandoned call leaves these rows', async () => {
  const { call_event: _, ...rows } = await rowsAfter(abandoned());
  expect(rows).toMatchSnapshot();
});

test('of phones that rang at once each leg ends with its own offer, and the one that was answered with the talk', async () => {
  const table = new Table(sampleCentre(sampleRouting({ queues: { strategy: 'ring-all' } })));
  table.signIn('1001', '1002', '1003');
  const contact = table.queued();
  table.at += 2_000;
  table.phoneSays(contact, 'busy', '1003');
  table.at += 2_000;
  table.answer(contact, '1001');
  table.at += 30_000;
  table.hangUp(contact);
  const { leg, offer } = await rowsAfter(table.history);
  // Rows of any table; these have the columns of tables.ts.
  const of = (rows: unknown, ...columns: string[]) => (rows as Record<string, unknown>[]).map((row) => columns.map((column) => (row[column] instanceof Date ? (row[column] as Date).getTime() : row[column]))).toSorted();
  expect(of(leg, 'agent', 'end_reason', 'ended_at').filter(([agent]) => agent !== null)).toEqual([['1001', 'caller-hung-up', 34_004], ['1002', 'answered-elsewhere', 4_004], ['1003', 'busy', 2_004]]);
  expect(of(offer, 'agent', 'outcome')).toEqual([['1001', 'accepted'], ['1002', 'answered-elsewhere'], ['1003', 'busy']]);
});

test('one who was called back is one contact: a leg for each attempt, and a wait without the time between', async () => {
  const callback = { dial: 'customer-first', key: '9', allow: ['1'], otherNumber: false, accept: 'answer', near: 1, ringMs: 30_000, tries: 3, againMs: { busy: 60_000, noAnswer: 60_000, unreachable: 60_000 }, expiresMs: 3_600_000, openMax: 9 } as const;
  const table = new Table(sampleCentre(sampleRouting({ queues: { callback } })));
  const contact = table.call();
  table.enqueue(contact, 'general', 0, { memory: { node: 'line' } });
  table.at = 40_000;
  table.press(contact, '9');
  table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], callback: { number: '13800000000' } });
  table.hangUp(contact);
  table.signIn('1001');
  // Nobody is dialled in the moment in which he hangs up.
  table.wait(5_000);
  const legOf = () => table.centre.contacts.get(contact)?.leg ?? legId('');
  table.do({ type: 'leg-down', leg: legOf(), end: 'busy' });
  table.wait(60_000);
  table.do({ type: 'leg-up', leg: legOf() });
  table.answer(contact);
  table.at += 10_000;
  table.do({ type: 'leg-down', leg: legOf(), end: 'hung-up' });
  const { contact: rows, leg } = await rowsAfter(table.history);
  expect(rows).toMatchObject([{ callback_at: new Date(40_000), queued_at: new Date(0), wait_ms: 40_000, talk_ms: 10_000, during: 'talk', reason: 'caller-hung-up' }]);
  expect((leg as { role: string; end_reason: string }[]).map(({ role, end_reason }) => [role, end_reason]).toSorted()).toEqual([['agent', 'caller-hung-up'], ['callback', 'busy'], ['callback', 'caller-hung-up'], ['caller', 'caller-hung-up']]);
});

test('of two contacts that were merged the one that has the place counts in its queue', async () => {
  const [one, two] = [contactId('c-1'), contactId('c-2')];
  const events = [
    ...abandoned({ id: 'c-1' }).slice(0, 2),
    { type: 'contact-ended', at: 90_000, n: 3, contact: one, reason: 'callback-merged', during: 'callback', queue: queueId('billing'), waitMs: 0, talkMs: 0 },
    ...abandoned({ id: 'c-2' }).slice(0, 2),
  ] as const;
  const rows = (await rowsAfter([...events]))['contact'] as { id: string; queued_at: Date | null }[];
  expect(rows.filter(({ queued_at }) => queued_at !== null).map(({ id }) => id)).toEqual([two]);
});

test('in time is what the queue promised, and unknown where nothing was promised', async () => {
  const inTime = async (events: Event[]) => (await rowsAfter(events))['contact']?.map((row) => (row as { in_time: boolean | null }).in_time);
  expect(await inTime(answered({ waitMs: 15_000 }))).toEqual([true]);
  expect(await inTime(answered({ waitMs: 15_001 }))).toEqual([false]);
  expect(await inTime(abandoned({ waitMs: 31_000 }))).toEqual([false]);
  const elsewhere = answered().map((event) => ('queue' in event ? { ...event, queue: queueId('sales') } : event));
  expect(await inTime(elsewhere)).toEqual([null]);
});

test('an agent whom the caller could not be joined to did not answer; the next one did', async () => {
  const [first, second] = [answered().slice(0, 9), answered({ agent: '1002', waitMs: 9_000 }).filter((event) => event.type === 'contact-connected')];
  const at = first.at(-1)?.at ?? 0;
  const requeued: Event = { type: 'contact-requeued', at, contact: contactId('c-1'), queue: queueId('billing'), agent: second[0]?.agent ?? ('' as never), because: 'connect-failed' };
  const contact = async (events: Event[]) => (await rowsAfter(events))['contact']?.[0];
  expect(await contact([...first, requeued])).toMatchObject({ connected_at: null, agent: null, in_time: null });
  expect(await contact([...first, requeued, ...second])).toMatchObject({ agent: '1002', wait_ms: 9_000, in_time: true });
});

test('a caller who comes back by the ticket on the channel stays one contact with its first arrival', async () => {
  const events = abandoned().slice(0, 2);
  const again: Event[] = [
    { type: 'contact-arrived', at: events[0]?.at ?? 0, n: 1, contact: contactId('c-2'), leg: legId('leg-c-2'), ani: '02161234567', dnis: '4000', language: 'zh', flow: 'hotline', version: 'v1' },
    { type: 'contact-queued', at: (events[0]?.at ?? 0) + 60_000, n: 2, contact: contactId('c-2'), queue: queueId('billing'), priority: 5, queuedAt: events[0]?.at ?? 0, position: 1, restored: true },
  ];
  const rows = await rowsAfter([...events, ...again]);
  expect(rows['contact']).toEqual((await rowsAfter(events))['contact']);
});

test('the same journal twice, or cut into any batches, gives the same rows', { timeout: 120_000 }, async () => {
  const events = interleaved();
  const whole = await rowsAfter(events);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }), fc.nat(events.length), async (sizes, again) => {
      const centre = newCentre();
      await project(own.db, centre, entries(events), sizes);
      await project(own.db, centre, entries(events).slice(again), sizes);
      await own.db.updateTable('projection').set({ epoch: 0, seq: 0 }).where('centre', '=', centre).execute();
      await project(own.db, centre, entries(events).slice(0, again + 1), sizes);
      await project(own.db, centre, entries(events), sizes);
      expect(await rowsOf(own.db, centre)).toEqual(whole);
    }),
    { numRuns: 15 },
  );
});
