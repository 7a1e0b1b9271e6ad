/** Signed-out sessions in Redis, for the next process: a sorted set by the session's end. */
import type { Redis } from 'ioredis';
import { redisKeys } from './keys.ts';

export interface KeptSignOuts {
  load(now: number): Promise<ReadonlyMap<string, number>>;
  /** Rejects when Redis is away; this process knows it all the same. */
  keep(session: string, until: number): Promise<void>;
}

const loadMax = 20_000;

export function signOuts(redis: Redis, { centre }: { readonly centre: string }): KeptSignOuts {
  const key = redisKeys(centre).signedOut;
  return {
    load: async (now) => {
      const found = await redis.zrange(key, now, '+inf', 'BYSCORE', 'LIMIT', 0, loadMax, 'WITHSCORES');
      return new Map(Array.from({ length: found.length / 2 }, (_, n) => [found[2 * n] ?? '', Number(found[2 * n + 1])]));
    },
    keep: async (session, until) => {
      const answers = await redis.multi().zadd(key, until, session).zremrangebyscore(key, 0, Date.now()).exec();
      for (const [error] of answers ?? []) if (error) throw error;
    },
  };
}
