import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { intervals, total, type Intervals } from '../../src/reports/intervals.ts';
import { newCentre, newDatabase, type TestDatabase } from '../store/support/stores.ts';

let own: TestDatabase;
let centre: string;
beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());
beforeEach(() => {
  centre = newCentre();
});

type Outcome = { answeredAfterMs: number; talkMs: number; inTime: boolean } | { leftAfterMs: number } | 'waiting' | 'fault' | 'talking' | 'unreached' | 'to be called';
let number = 0;

async function call(queuedAt: string, queue: string, outcome: Outcome): Promise<void> {
  const at = new Date(queuedAt);
  const after = (ms: number) => new Date(at.getTime() + ms);
  const end = outcome === 'waiting' ? {}
    : outcome === 'talking' ? { connected_at: after(2_000), wait_ms: 2_000, in_time: true }
    : outcome === 'to be called' ? { callback_at: after(60_000) }
    : outcome === 'unreached' ? { callback_at: after(60_000), ended_at: after(3_600_000), during: 'callback', reason: 'callback-unreached', wait_ms: 60_000, talk_ms: 0 }
    : outcome === 'fault' ? { ended_at: after(1_000), during: 'queue', reason: 'switch-restarted', wait_ms: 1_000, talk_ms: 0, in_time: false }
    : 'leftAfterMs' in outcome ? { ended_at: after(outcome.leftAfterMs), during: 'queue', reason: 'caller-hung-up', wait_ms: outcome.leftAfterMs, talk_ms: 0, in_time: false }
    : { connected_at: after(outcome.answeredAfterMs), ended_at: after(outcome.answeredAfterMs + outcome.talkMs), during: 'talk', reason: 'caller-hung-up', wait_ms: outcome.answeredAfterMs, talk_ms: outcome.talkMs, in_time: outcome.inTime };
  const blank = { flow: null, flow_version: null, priority: 0, connected_at: null, ended_at: null, agent: null, reason: null, during: null, wait_ms: null, talk_ms: null, in_time: null, disposition_code: null, disposition_note: null, customer_id: null };
  await own.db.insertInto('contact').values({ ...blank, centre, id: `c-${(number += 1)}`, ani: '', dnis: '4000', number: '', language: 'zh', arrived_at: at, queued_at: at, queue, path: '[]', data: '{}', ...end }).execute();
}

const report = (timeZone = 'Asia/Shanghai'): Intervals => intervals(own.db, { centre, timeZone: () => timeZone });
const quarter = 900_000;
const span = { from: Date.parse('2026-05-20T00:00+08:00'), to: Date.parse('2026-05-21T00:00+08:00') };

test('the golden table', async () => {
  await call('2026-05-20T10:00:00+08:00', 'billing', { answeredAfterMs: 5_000, talkMs: 60_000, inTime: true });
  await call('2026-05-20T10:07:00+08:00', 'billing', { answeredAfterMs: 25_000, talkMs: 120_000, inTime: false });
  await call('2026-05-20T10:14:59.999+08:00', 'billing', { leftAfterMs: 30_000 });
  await call('2026-05-20T10:03:00+08:00', 'billing', 'waiting');
  await call('2026-05-20T10:15:00+08:00', 'billing', 'talking');
  await call('2026-05-20T10:02:00+08:00', 'general', 'fault');
  await call('2026-05-21T00:00:00+08:00', 'billing', 'waiting');
  const rows = await report().read({ ...span, everyMs: quarter });
  expect(rows).toEqual([
    {
      queue: 'billing', start: Date.parse('2026-05-20T10:00+08:00'), offered: 4, answered: 2, abandoned: 1, waiting: 1, callbacks: 0, unreached: 0, inTime: 1,
      waitMs: 30_000, abandonWaitMs: 30_000, talked: 2, talkMs: 180_000,
      answerRate: 0.5, abandonRate: 0.25, inTimeRate: 0.25, averageWaitMs: 20_000, averageAnswerMs: 15_000, averageTalkMs: 90_000,
    },
    {
      queue: 'general', start: Date.parse('2026-05-20T10:00+08:00'), offered: 1, answered: 0, abandoned: 0, waiting: 0, callbacks: 0, unreached: 0, inTime: 0,
      waitMs: 0, abandonWaitMs: 0, talked: 0, talkMs: 0,
      answerRate: 0, abandonRate: 0, inTimeRate: 0, averageWaitMs: null, averageAnswerMs: null, averageTalkMs: null,
    },
    {
      queue: 'billing', start: Date.parse('2026-05-20T10:15+08:00'), offered: 1, answered: 1, abandoned: 0, waiting: 0, callbacks: 0, unreached: 0, inTime: 1,
      waitMs: 2_000, abandonWaitMs: 0, talked: 0, talkMs: 0,
      answerRate: 1, abandonRate: 0, inTimeRate: 1, averageWaitMs: 2_000, averageAnswerMs: 2_000, averageTalkMs: null,
    },
  ]);
  expect(total(await report().read({ ...span, everyMs: quarter }))).toMatchObject({ offered: 6, answered: 3, answerRate: 0.5, averageWaitMs: 15_500, averageTalkMs: 90_000 });
  expect(await report().read({ ...span, everyMs: 3_600_000, queue: 'billing' })).toMatchObject([{ offered: 5, answered: 3 }]);
});

test('a callback that reached nobody is no abandon, and an open one waits', async () => {
  await call('2026-05-20T10:00:00+08:00', 'billing', 'unreached');
  await call('2026-05-20T10:01:00+08:00', 'billing', 'to be called');
  expect(await report().read({ ...span, everyMs: quarter })).toMatchObject([{ offered: 2, answered: 0, abandoned: 0, unreached: 1, waiting: 1, callbacks: 2, abandonRate: 0, averageWaitMs: null }]);
});

test('no contact, no row; and nothing divided by nothing', async () => {
  expect(await report().read({ ...span, everyMs: quarter })).toEqual([]);
  expect(total([])).toMatchObject({ offered: 0, answerRate: null, averageWaitMs: null });
});

test('days are those of the centre, not of UTC', async () => {
  await call('2026-05-19T16:30:00Z', 'billing', 'waiting');
  await call('2026-05-20T15:59:59Z', 'billing', 'waiting');
  await call('2026-05-20T16:00:00Z', 'billing', 'waiting');
  const days = await report().read({ from: span.from - 86_400_000, to: span.to + 86_400_000, everyMs: 86_400_000 });
  expect(days.map(({ start, offered }) => [start, offered])).toEqual([[span.from, 2], [span.to, 1]]);
});

test('hours begin where the local clock says, also half an hour off', async () => {
  await call('2026-05-20T04:29:59Z', 'billing', 'waiting');
  await call('2026-05-20T04:30:00Z', 'billing', 'waiting');
  const hours = await report('Asia/Kolkata').read({ ...span, everyMs: 3_600_000 });
  expect(hours.map(({ start }) => new Date(start).toISOString())).toEqual(['2026-05-20T03:30:00.000Z', '2026-05-20T04:30:00.000Z']);
});

test('the hour that a clock goes through twice is two intervals, and its day is one of 25 hours', async () => {
  for (const at of ['2026-10-25T00:10:00Z', '2026-10-25T01:10:00Z', '2026-10-25T22:50:00Z']) await call(at, 'billing', 'waiting');
  const around = { from: Date.parse('2026-10-24T12:00Z'), to: Date.parse('2026-10-26T12:00Z') };
  const berlin = report('Europe/Berlin');
  expect((await berlin.read({ ...around, everyMs: 3_600_000 })).map(({ offered }) => offered)).toEqual([1, 1, 1]);
  expect(await berlin.read({ ...around, everyMs: 86_400_000 })).toMatchObject([{ start: Date.parse('2026-10-24T22:00Z'), offered: 3 }]);
});
