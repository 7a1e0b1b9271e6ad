import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { startRedis } from '../../runtime/redis.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { acquireLease, type LeaseOptions } from '../../src/store/acquire-lease.ts';
import type { Fate } from '../../src/store/holder.ts';
import { LeaseLost, type Lease } from '../../src/store/lease.ts';
import { linkTo, newCentre, newRedis, redisOver, silent, until } from './support/stores.ts';

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

/**
 * Short where a lease is to run out. Where it is to be held a renewal that comes late must not lose it: on a machine
 * with other work a process stands still for some hundred milliseconds now and then.
 */
const [shortMs, longMs] = [300, 3_000];

async function take(owner: string, more: Partial<LeaseOptions> = {}): Promise<Lease> {
  const lease = await acquireLease({ redis, centre, owner, ttlMs: longMs, clock: steadyClock, log: silent, ...more });
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
  await until(() => first.awaited(), Boolean);
  const since = performance.now();
  await until(() => performance.now() - since > 1.2 * longMs, Boolean);
  expect(first.valid()).toBe(true);
  waiting.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
});

test('a Redis without memory lets the owner keep its lease, also with a standby on another machine that wants it', async () => {
  // One of its own: others write to the shared one meanwhile.
  const stateDir = await mkdtemp(join(tmpdir(), 'rexian-lease-'));
  const own = await startRedis({ stateDir, programs: inject('runtime').programs, password: 'lease' });
  const small = await newRedis(own.url);
  try {
    const first = await take('one', { redis: small });
    const waiting = new AbortController();
    const second = take('two', { redis: small, signal: waiting.signal });
    await until(() => first.awaited(), Boolean);
    await small.config('SET', 'maxmemory', '1mb');
    await expect(small.set('anything', 'else')).rejects.toThrow('OOM');
    const since = performance.now();
    await until(() => performance.now() - since > 1.2 * longMs, Boolean);
    expect([first.lost.aborted, first.valid(), await small.exists(redisKeys(centre).lease)]).toEqual([false, true, 1]);
    waiting.abort(new Error('given up'));
    await expect(second).rejects.toThrow('given up');
    await first.release();
  } finally {
    small.disconnect();
    await own.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
});

test('a released lease goes to the standby with a higher epoch', async () => {
  const first = await take('one');
  expect(await first.awaited()).toBe(false);
  const waits = Promise.withResolvers<void>();
  const second = take('two', { onWaiting: waits.resolve });
  await waits.promise;
  // Before the next renewal would have told it.
  expect(await first.awaited()).toBe(true);
  await first.release();
  expect((await second).epoch).toBeGreaterThan(first.epoch);
  expect(first.valid()).toBe(false);
  expect(first.lost.aborted).toBe(false);
});

test('a dead owner is followed when its lease has expired, not before', async () => {
  const started = performance.now();
  await redis.set(redisKeys(centre).lease, '1:dead', 'PX', 250);
  await take('two');
  expect(performance.now() - started).toBeGreaterThanOrEqual(249);
});

test('an owner that is known to be dead need not be waited for', async () => {
  await redis.set(redisKeys(centre).lease, '1:dead', 'PX', 60_000);
  await take('two', { processes: { fateOf: () => 'dead', end: () => undefined } });
});

test('an owner that dies while a standby watches is followed at once, and the standby was told that it waits', async () => {
  let fate: Fate = 'alive';
  await take('one', { ttlMs: 60_000 });
  const waiting = Promise.withResolvers<void>();
  const second = take('two', { ttlMs: 60_000, processes: { fateOf: () => fate, end: () => undefined }, onWaiting: waiting.resolve });
  await waiting.promise;
  const diedAt = performance.now();
  fate = 'dead';
  await second;
  // Long before its lease would have run out, or been looked at anew.
  expect(performance.now() - diedAt).toBeLessThan(15_000);
});

describe('an expired lease whose holder lives on this machine', () => {
  const expired = async (): Promise<void> => {
    await redis.set(redisKeys(centre).holder, 'one');
  };

  test('is taken once the holder, which is stopped, was ended', async () => {
    await expired();
    let fate: Fate = 'stopped';
    const ended: string[] = [];
    await take('two', { processes: { fateOf: () => fate, end: (holder) => (ended.push(holder), (fate = 'dead')) } });
    expect(ended).toEqual(['one']);
  });

  test('is left to a holder that is well: Redis was away for both, and it renews in a moment', async () => {
    const first = await take('one');
    const ended: string[] = [];
    const waiting = new AbortController();
    const second = take('two', { signal: waiting.signal, processes: { fateOf: () => 'alive', end: (holder) => ended.push(holder) } });
    await until(() => first.awaited(), Boolean);
    await redis.del(redisKeys(centre).lease);
    await until(() => redis.exists(redisKeys(centre).lease), (there) => there === 1);
    waiting.abort(new Error('given up'));
    await expect(second).rejects.toThrow('given up');
    expect(ended).toEqual([]);
    expect(first.lost.aborted).toBe(false);
  });
});

test('an owner whose standby is of its own machine outlives an outage of Redis: the standby would end it first', async () => {
  const link = await linkTo(inject('runtime').redisUrl);
  const far = await redisOver(link);
  const first = await take('one', { ttlMs: shortMs, redis: far, isNeighbour: (name) => name === 'two' });
  const waiting = new AbortController();
  const second = take('two', { ttlMs: shortMs, signal: waiting.signal, processes: { fateOf: () => 'alive', end: () => undefined } });
  await until(() => first.standby(), Boolean);
  link.swallow();
  await until(() => first.valid(), (valid) => !valid);
  expect(first.binds()).toBe(true);
  link.restore();
  await until(() => first.valid(), Boolean);
  expect(first.lost.aborted).toBe(false);
  waiting.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  far.disconnect();
  await link.close();
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
  const far = await redisOver(link);
  const first = await take('one', { redis: far });
  let takenAt = 0;
  const second = take('two').then((lease) => {
    takenAt = performance.now();
    return lease;
  });
  await until(() => first.awaited(), Boolean);
  link.swallow();
  let lostAt = 0;
  first.lost.addEventListener('abort', () => (lostAt = performance.now()));
  expect(await lossOf(first)).toBe('ran-out');
  expect(first.binds()).toBe(false);
  await second;
  expect(lostAt).toBeLessThanOrEqual(takenAt);
  far.disconnect();
  await link.close();
});

test('with nobody waiting, an owner outlives an outage of Redis and takes its lease up again', async () => {
  const link = await linkTo(inject('runtime').redisUrl);
  const far = await redisOver(link);
  const lease = await take('one', { ttlMs: shortMs, redis: far });
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
  const first = await take('one', { ttlMs: shortMs });
  await redis.set(redisKeys(centre).epoch, first.epoch + 1);
  expect(await lossOf(first)).toBe('another-owner');
  await redis.del(redisKeys(centre).lease);
  const second = await take('two', { ttlMs: shortMs });
  await redis.del(redisKeys(centre).epoch);
  expect(await lossOf(second)).toBe('redis-forgot');
});

test('an owner that takes its lease anew after Redis forgot it gives up the old one first, and is not lost by its own new epoch', async () => {
  const first = await take('one', { ttlMs: shortMs });
  await redis.del(redisKeys(centre).epoch, redisKeys(centre).lease);
  void first.release();
  const second = await take('one', { ttlMs: shortMs });
  await redis.set(redisKeys(centre).epoch, second.epoch + 1);
  expect(await lossOf(second)).toBe('another-owner');
  // Its renewals were due as often as those of the second.
  expect(first.lost.aborted).toBe(false);
});
