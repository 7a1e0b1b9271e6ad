import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { steadyClock } from '../../src/base/clock.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { acquireLease, LeaseLost, type Lease, type LeaseOptions } from '../../src/store/lease.ts';
import { linkTo, newCentre, newRedis, silent, until } from './support/stores.ts';

let redis: Redis;
let centre: string;
const held: Lease[] = [];

beforeAll(async () => {
  redis = await newRedis();
});
afterAll(() => redis.quit());
beforeEach(() => {
  centre = newCentre();
});
afterEach(async () => {
  for (const lease of held.splice(0)) await lease.release();
});

async function take(owner: string, more: Partial<LeaseOptions> = {}): Promise<Lease> {
  const lease = await acquireLease({ redis, centre, owner, ttlMs: 300, clock: steadyClock, log: silent, ...more });
  held.push(lease);
  return lease;
}

const lossOf = async (lease: Lease) => {
  await until(() => lease.lost.aborted, (aborted) => aborted);
  return lease.lost.reason instanceof LeaseLost ? lease.lost.reason.because : lease.lost.reason;
};

test('a held lease is renewed past its time to live, and a second owner waits', async () => {
  const first = await take('one');
  const waiting = new AbortController();
  const second = take('two', { signal: waiting.signal });
  await until(() => first.standby(), Boolean);
  const since = performance.now();
  await until(() => performance.now() - since > 700, Boolean);
  expect(first.valid()).toBe(true);
  waiting.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
});

test('a released lease goes to the standby with a higher epoch', async () => {
  const first = await take('one');
  const second = take('two');
  await until(() => first.standby(), Boolean);
  await first.release();
  expect((await second).epoch).toBeGreaterThan(first.epoch);
  expect(first.valid()).toBe(false);
  expect(first.lost.aborted).toBe(false);
});

test('a dead owner is followed when its lease has expired, not before', async () => {
  await redis.set(redisKeys(centre).lease, '1:dead', 'PX', 250);
  const started = performance.now();
  await take('two');
  expect(performance.now() - started).toBeGreaterThan(200);
});

test('an owner that is known to be dead need not be waited for', async () => {
  await redis.set(redisKeys(centre).lease, '1:dead', 'PX', 60_000);
  await take('two', { isDead: (holder) => holder === 'dead' });
});

test('an epoch is never given out twice, even by a Redis that has lost its memory', async () => {
  const first = await take('one');
  await first.release();
  const keys = redisKeys(centre);
  await redis.del(keys.lease, keys.epoch);
  await until(() => Date.now() / 1_000, (seconds) => seconds >= first.epoch + 1);
  expect((await take('one')).epoch).toBeGreaterThan(first.epoch);
});

test('an owner cut off from Redis stops in its own time when a standby waits, before the standby takes over', async () => {
  const link = await linkTo(inject('runtime').redisUrl);
  const far = await newRedis(link.url);
  const first = await take('one', { redis: far });
  let takenAt = 0;
  const second = take('two').then((lease) => {
    takenAt = performance.now();
    return lease;
  });
  await until(() => first.standby(), Boolean);
  link.swallow();
  let lostAt = 0;
  first.lost.addEventListener('abort', () => (lostAt = performance.now()));
  expect(await lossOf(first)).toBe('ran-out');
  await second;
  expect(lostAt).toBeLessThanOrEqual(takenAt);
  far.disconnect();
  await link.close();
});

test('with nobody waiting, an owner outlives an outage of Redis and takes its lease up again', async () => {
  const link = await linkTo(inject('runtime').redisUrl);
  const far = await newRedis(link.url);
  const lease = await take('one', { redis: far });
  link.swallow();
  await until(() => lease.valid(), (valid) => !valid);
  expect(lease.lost.aborted).toBe(false);
  link.restore();
  await until(() => lease.valid(), Boolean);
  await lease.release();
  far.disconnect();
  await link.close();
});

test('an owner learns that another has taken over, or that Redis forgot it', async () => {
  const first = await take('one');
  await redis.set(redisKeys(centre).epoch, first.epoch + 1);
  expect(await lossOf(first)).toBe('another-owner');
  await redis.del(redisKeys(centre).lease);
  const second = await take('two');
  await redis.del(redisKeys(centre).epoch);
  expect(await lossOf(second)).toBe('redis-forgot');
});

test('an owner that takes its lease anew after Redis forgot it gives up the old one first, and is not lost by its own new epoch', async () => {
  const first = await take('one');
  await redis.del(redisKeys(centre).epoch, redisKeys(centre).lease);
  void first.release();
  const second = await take('one');
  await redis.set(redisKeys(centre).epoch, second.epoch + 1);
  expect(await lossOf(second)).toBe('another-owner');
  // Its renewals were due as often as those of the second.
  expect(first.lost.aborted).toBe(false);
});
