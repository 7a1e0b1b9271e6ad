// Five thousand calls in ten seconds, through the engine and into a real Redis: past each limit the treatment, and nobody uncounted.

import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../src/acd/engine.ts';
import { violations } from '../../src/acd/invariants.ts';
import { lengthOf } from '../../src/acd/lines.ts';
import type { EventType, JournalEvent } from '../../src/acd/messages.ts';
import { contactId, legId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { createJournal } from '../../src/store/journal.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { callerLeg } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';
import { newCentre, newRedis, until } from './support/stores.ts';

const [calls, seconds] = [5_000, 10];
const general = queueId('general');

let redis: Redis;
beforeAll(async () => {
  redis = await newRedis();
});
afterAll(() => redis.quit());

/** Callers who all want the same queue, and leave when they are told that they cannot have it. */
async function flood(callsPerSecond: number) {
  const id = newCentre();
  await redis.set(redisKeys(id).epoch, 1);
  const clock = { at: 1_700_000_000_000 };
  // The clock runs by itself here, faster than commits: by it all news would be late, and the door narrower for it.
  const centre = sampleCentre(sampleRouting({ admission: { callsPerSecond, lateMs: 60_000 } }), clock.at);
  const fatal: Error[] = [];
  const engine = new Engine({ centre, journal: createJournal({ redis, centre: id, epoch: 1 }), epoch: 1, clock: { now: () => clock.at }, send: () => {}, onFatal: (error) => fatal.push(error), onForgot: () => {} });
  const seen: JournalEvent[] = [];
  engine.onCommitted((events) => {
    for (const one of events) {
      seen.push(one);
      const { event } = one;
      const moves = (exit: { to: 'queue'; queue: typeof general; priority: number } | { to: 'end' }, contact: ContactId): void =>
        engine.post({ type: 'flow-moved', at: clock.at, contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit });
      if (event.type === 'contact-arrived' && event.turnedAway === undefined) moves({ to: 'queue', queue: general, priority: 0 }, event.contact);
      else if (event.type === 'contact-turned-away') moves({ to: 'end' }, event.contact);
      else if (event.type === 'contact-ended') engine.post({ type: 'leg-down', at: clock.at, leg: callerLeg(event.contact), end: 'gone' });
    }
  });
  for (let call = 1; call <= calls; call += 1) {
    clock.at += (seconds * 1_000) / calls;
    const contact = contactId(`c-1700000000-${call}`);
    engine.post({ type: 'call-arrived', at: clock.at, contact, leg: legId(`1700000000.${call}`), ani: `139${String(call).padStart(8, '0')}`, dnis: '4000' });
    // As news comes from a socket: some at once, then the others' turn.
    if (call % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const of = <Type extends EventType>(type: Type) => seen.flatMap(({ event }) => (event.type === type ? [event as Extract<typeof event, { type: Type }>] : []));
  await until(() => of('contact-closed').length + lengthOf(centre, general), (count) => count === calls);
  return { id, centre, engine, clock, fatal, seen, of };
}

test('a line that is full sends everybody else back into the flow, each counted once, in Redis as in memory', async () => {
  const { id, centre, engine, clock, fatal, seen, of } = await flood(1_000);
  expect(fatal).toEqual([]);
  expect(violations(centre)).toEqual([]);
  expect(of('contact-arrived').filter(({ turnedAway }) => turnedAway !== undefined)).toEqual([]);
  expect(of('contact-queued')).toHaveLength(1_000);
  expect(of('contact-turned-away').map(({ reason }) => reason)).toEqual(Array.from({ length: calls - 1_000 }, () => 'full'));
  // A Redis that is slow is not waited for, and has it all later.
  await until(() => redis.xlen(redisKeys(id).journal), (length) => length === seen.length);
  await until(() => redis.zcard(redisKeys(id).line(general)), (length) => length === 1_000);
  for (const contact of centre.contacts.values()) engine.post({ type: 'leg-down', at: clock.at, leg: contact.leg, end: 'hung-up' });
  await until(() => of('contact-ended').length, (count) => count === calls);
  expect(centre.contacts.size).toBe(0);
  expect(new Set(of('contact-ended').map(({ contact }) => contact)).size).toBe(calls);
  await until(() => redis.zcard(redisKeys(id).line(general)), (size) => size === 0);
  await engine.stop();
});

test('past the rate of the door the others are told so at once, and what is let in is served as ever', async () => {
  const { centre, engine, fatal, of } = await flood(40);
  expect(fatal).toEqual([]);
  expect(violations(centre)).toEqual([]);
  const turnedAway = of('contact-arrived').filter((event) => event.turnedAway === 'overload');
  // Ten seconds at the rate, and the second that may come at once.
  expect(calls - turnedAway.length).toBeGreaterThanOrEqual(seconds * 40);
  expect(calls - turnedAway.length).toBeLessThanOrEqual((seconds + 1) * 40 + 1);
  expect(of('contact-queued')).toHaveLength(calls - turnedAway.length);
  expect(of('contact-ended').filter(({ reason }) => reason === 'overload')).toHaveLength(turnedAway.length);
  await engine.stop();
});
