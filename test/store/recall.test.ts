import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Event } from '../../src/acd/messages.ts';
import { replay } from '../../src/acd/replay.ts';
import { agentId, contactId, queueId } from '../../src/base/ids.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { recall } from '../../src/store/recall.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { sampleRouting } from '../support/sample-routing.ts';
import { ownTime } from '../support/own-time.ts';
import { patientMs } from '../support/patient.ts';
import { project } from './support/rows.ts';
import { linkTo, newCentre, newDatabase, newRedis, silent, type TestDatabase } from './support/stores.ts';
import { abandoned, answered } from './support/story.ts';
import { openDatabase } from '../../src/store/database.ts';

let redis: Redis;
let own: TestDatabase;
let centre: string;
const seal = makeSeal('a key of this test and of no other');
const withinMs = { empty: patientMs, filled: patientMs };

beforeAll(async () => {
  [redis, own] = await Promise.all([newRedis(), newDatabase()]);
});
afterAll(async () => {
  redis.disconnect();
  await own.drop();
});
beforeEach(() => {
  centre = newCentre();
});

/** As the journal writes them. */
const tell = (events: readonly Event[]): Promise<void> => project(own.db, centre, events.map((event, index) => ({ id: `7-${index + 1}`, text: seal.stringify(event) })));
const now = Date.now() - 60_000;
const talking = answered({ id: 'c-1', at: now }).slice(0, 11);
const waiting = abandoned({ id: 'c-2', at: now }).slice(0, 2);

test('a Redis that knows as much as Postgres is believed', async () => {
  await tell(talking);
  await redis.set(redisKeys(centre).tail, `7-${talking.length}`);
  expect(await recall({ redis, db: own.db, centre, seal, withinMs })).toBeNull();
  await redis.set(redisKeys(centre).tail, '8-1');
  expect(await recall({ redis, db: own.db, centre, seal, withinMs })).toBeNull();
});

test.each([['empty', null], ['behind', '7-4'], ['of an earlier owner', '6-900']])('of a Redis that is %s, what is alive comes from Postgres, and can be read', async (_, tail) => {
  await tell([...talking, ...waiting, ...abandoned({ id: 'c-3', at: now - 300_000 })]);
  if (tail !== null) await redis.set(redisKeys(centre).tail, tail);
  const histories = await recall({ redis, db: own.db, centre, seal, withinMs });
  expect([...(histories?.contacts.keys() ?? [])]).toEqual(['c-1', 'c-2']);
  const made = replay(sampleRouting(), histories ?? { contacts: new Map(), agents: [], queues: [] });
  expect(made.contacts).toMatchObject([
    { id: 'c-1', ani: '13800138000', data: { topic: '账单' }, next: 10, state: { status: 'connected', agent: '1001', recording: { paused: false } } },
    { id: 'c-2', next: 3, state: { status: 'waiting', queue: 'billing', priority: 5, queuedAt: now } },
  ]);
  expect(makeCentre(sampleRouting(), made, now).agents.get(talking[9]?.type === 'presence-changed' ? talking[9].agent : ('' as never))?.presence).toMatchObject({ status: 'talking', contact: 'c-1' });
});

test('who has been waiting for days to be called back is alive, and nobody else of those days', async () => {
  const days = now - 2 * 86_400_000;
  const old = abandoned({ id: 'c-8', at: days }).slice(0, 2);
  const asked: Event = { type: 'callback-asked', at: days, n: 3, contact: contactId('c-9'), queue: queueId('billing'), number: '13800138000', until: now + 3_600_000, place: { queue: queueId('billing'), queuedAt: days, enteredAt: days, priority: 5 } };
  const waits: Event = { type: 'callback-waiting', at: days, n: 4, contact: contactId('c-9'), queue: queueId('billing'), position: 1, reason: 'caller-hung-up' };
  await tell([...old, ...abandoned({ id: 'c-9', at: days }).slice(0, 2), { type: 'contact-left-queue', at: days, n: 3, contact: contactId('c-9'), queue: queueId('billing'), because: 'callback', waitMs: 0, memory: null }, { ...asked, n: 4 }, { ...waits, n: 5 }]);
  const histories = await recall({ redis, db: own.db, centre, seal, withinMs });
  const made = replay(sampleRouting(), histories ?? { contacts: new Map(), agents: [], queues: [] });
  expect(made.contacts).toMatchObject([{ id: 'c-9', next: 6, callback: { number: '13800138000' }, state: { status: 'callback', queue: 'billing', queuedAt: days } }]);
});

test('the place of one who hung up in line is known for an hour, and of one who has come back since no more', async () => {
  const [soon, late] = [abandoned({ id: 'c-5', at: now - 300_000 }), abandoned({ id: 'c-6', at: now - 7_200_000 })];
  const routing = sampleRouting({ queues: { redialMs: 3_600_000 } });
  await tell([...late, ...soon]);
  const places = async () => replay(routing, (await recall({ redis, db: own.db, centre, seal, withinMs })) ?? { contacts: new Map(), agents: [], queues: [] }).left;
  expect(await places()).toMatchObject([{ id: 'c-5', queue: 'general', ani: '02161234567', queuedAt: now - 300_000 }]);
  const back = abandoned({ id: 'c-7', at: now }).slice(0, 2);
  await project(own.db, centre, back.map((event, index) => ({ id: `8-${index + 1}`, text: seal.stringify(event) })));
  expect(await places()).toEqual([]);
});

test('a queue that was closed long ago is closed still, and one that was opened is not', async () => {
  const [general, billing, by] = [queueId('general'), queueId('billing'), agentId('2001')];
  const then = now - 90 * 86_400_000;
  await tell([
    { type: 'queue-closed', at: then, queue: general, by, reason: 'flood', waiting: 'leave' },
    { type: 'queue-closed', at: then, queue: billing, by, reason: '', waiting: 'serve' },
    { type: 'queue-reopened', at: then + 1, queue: billing, by, since: then },
  ]);
  const made = replay(sampleRouting(), (await recall({ redis, db: own.db, centre, seal, withinMs })) ?? { contacts: new Map(), agents: [], queues: [] });
  expect([...makeCentre(sampleRouting(), made, now).closed.values()]).toEqual([{ id: general, since: then, by, reason: 'flood', waiting: 'leave' }]);
});

test('a centre that has never been is not asked about', async () => {
  expect(await recall({ redis, db: own.db, centre, seal, withinMs })).toBeNull();
});

test('a Postgres that does not answer is not waited for', async () => {
  const link = await linkTo(own.url);
  const far = openDatabase(link.url, { log: silent });
  await tell(talking);
  link.swallow();
  const took = ownTime();
  await expect(recall({ redis, db: far, centre, seal, withinMs: { empty: 300, filled: 100 } })).rejects.toThrow();
  expect(took()).toBeLessThan(2_000);
  link.restore();
  await far.destroy();
  await link.close();
});
