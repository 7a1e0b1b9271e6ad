import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { replyCode } from './redis.ts';

export type Script = (redis: Redis, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** A Lua file beside this one. Sent by its hash; sent whole only when Redis does not know it (yet, or any more). */
export function script(file: string): Script {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const sha = createHash('sha1').update(text).digest('hex');
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (replyCode(error) !== 'NOSCRIPT') throw error;
      return redis.eval(text, keys.length, ...keys, ...args);
    }
  };
}
