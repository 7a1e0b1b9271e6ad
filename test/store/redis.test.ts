import { expect, inject, test } from 'vitest';
import { openRedis, redisRefusal } from '../../src/store/redis.ts';
import { newRedis, silent } from './support/stores.ts';

test('a Redis that could lose callers is refused, in both languages', async () => {
  const redis = await newRedis();
  expect(await redisRefusal(redis)).toBeNull();
  // The answer of another server: the one that the tests share must stay as it is.
  const info = await redis.info('server', 'persistence', 'memory');
  const careless = { info: async () => info.replace('aof_enabled:1', 'aof_enabled:0').replace('maxmemory_policy:noeviction', 'maxmemory_policy:allkeys-lru') };
  const refusal = await redisRefusal(careless);
  expect(refusal?.en).toMatch(/appendonly yes.*allkeys-lru/);
  expect(refusal?.zh).toMatch(/AOF.*allkeys-lru/);
  const old = { info: async () => info.replace(/redis_version:\d+/, 'redis_version:6') };
  expect((await redisRefusal(old))?.en).toMatch(/too old/);
  await redis.quit();
});

test('a Redis that is not there is named without its password, in time', async () => {
  await expect(openRedis('redis://:secret@127.0.0.1:1/0', { name: 'test', log: silent, connectWithinMs: 300 })).rejects.toThrow('Redis at redis://127.0.0.1:1/0 does not answer');
  const wrong = Object.assign(new URL(inject('runtime').redisUrl), { password: 'wrong' }).href;
  await expect(openRedis(wrong, { name: 'test', log: silent, connectWithinMs: 300 })).rejects.toThrow('does not answer');
});
