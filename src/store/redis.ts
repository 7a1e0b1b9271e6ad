import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Text } from '../base/text.ts';

export interface RedisOptions {
  /** Shown in CLIENT LIST. */
  readonly name: string;
  readonly log: Logger;
  readonly commandTimeoutMs?: number;
  readonly connectWithinMs?: number;
}

/**
 * Resolves when Redis answers; afterwards the connection comes back by itself whenever it is lost. Every command is
 * answered or refused within `commandTimeoutMs`, and none is kept for later while the connection is down.
 */
export async function openRedis(url: string, options: RedisOptions): Promise<Redis> {
  const { name, log, commandTimeoutMs = 1_000, connectWithinMs = 10_000 } = options;
  const redis = new Redis(url, {
    connectionName: `rexian-${name}`,
    lazyConnect: true,
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
    // A command that got no answer is given back to its caller, who knows whether repeating it is harmless.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
  });
  logChanges(redis, name, log);
  try {
    await firstReady(redis, connectWithinMs);
  } catch (error) {
    redis.disconnect();
    throw new Error(`Redis at ${withoutPassword(url)} does not answer`, { cause: error });
  }
  return redis;
}

/** Reads that wait in Redis ask for at most this. */
export const blockMs = 5_000;

/**
 * A second connection to the same server, for reads that wait: they would hold up every command behind them. It
 * connects in the background, and one that is silent for longer than any wait is dead and made anew.
 */
export function blockingTwin(redis: Redis, options: Pick<RedisOptions, 'name' | 'log'>): Redis {
  const twin = redis.duplicate({ connectionName: `rexian-${options.name}`, commandTimeout: undefined, socketTimeout: 2 * blockMs });
  logChanges(twin, options.name, options.log);
  twin.connect().catch((error: unknown) => options.log.debug({ error: String(error) }, 'first connection failed and is tried again'));
  return twin;
}

/**
 * Why this Redis must not hold a centre's state, or null. Without an append-only file a restart of Redis forgets the
 * callers in line; with an eviction policy Redis throws them away when memory runs short.
 */
export async function redisRefusal(redis: Pick<Redis, 'info'>): Promise<Text | null> {
  const info = await redis.info('server', 'persistence', 'memory');
  const field = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const version = field('redis_version');
  const faults: Text[] = [];
  if (Number.parseInt(version, 10) < 7) {
    faults.push({ en: `Redis ${version} is too old, 7 or newer is needed`, zh: `Redis ${version} 版本过旧，需要 7 或更新版本` });
  }
  if (field('aof_enabled') !== '1') {
    faults.push({ en: 'Redis keeps no append-only file: set "appendonly yes"', zh: 'Redis 未开启 AOF 持久化：请设置 “appendonly yes”' });
  }
  if (field('maxmemory_policy') !== 'noeviction') {
    faults.push({
      en: `Redis may throw data away (maxmemory-policy ${field('maxmemory_policy')}): set "maxmemory-policy noeviction"`,
      zh: `Redis 可能淘汰数据（maxmemory-policy ${field('maxmemory_policy')}）：请设置 “maxmemory-policy noeviction”`,
    });
  }
  if (faults.length === 0) return null;
  return { en: faults.map((fault) => fault.en).join('; '), zh: faults.map((fault) => fault.zh).join('；') };
}

/** Answers of Redis that pass by themselves: it loads, fails over, or is out of memory or disk for the moment. */
const passing = new Set(['LOADING', 'BUSY', 'READONLY', 'MASTERDOWN', 'OOM', 'MISCONF', 'NOREPLICAS', 'CLUSTERDOWN', 'TRYAGAIN']);

/** No answer, or one that passes: nothing is known of the command. Anything else is a bug of ours. */
export function isUnavailable(error: unknown): error is Error {
  const code = replyCode(error);
  return error instanceof Error && (code === null || passing.has(code));
}

/** The first word of an error that Redis itself answered; null when the answer never came. */
export function replyCode(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null;
  return error.message.split(' ', 1)[0] ?? '';
}

function firstReady(redis: Redis, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let lastError: unknown = new Error('no answer');
    const keep = (error: unknown): void => void (lastError = error);
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      redis.off('error', keep);
      redis.off('ready', up);
      done();
    };
    const up = (): void => settle(resolve);
    const timer = setTimeout(() => settle(() => reject(lastError)), withinMs);
    redis.on('error', keep);
    redis.once('ready', up);
    // The first failure rejects although the connection is tried again; the timer decides, not this.
    redis.connect().catch(keep);
  });
}

/** One line when it goes and one when it is back, however often it is tried in between. */
function logChanges(redis: Redis, name: string, log: Logger): void {
  let up = true;
  let lastError: unknown;
  redis.on('error', (error) => {
    lastError = error;
    if (up) log.warn({ connection: name, error: String(error) }, 'redis connection failed');
    up = false;
  });
  redis.on('close', () => {
    if (up) log.warn({ connection: name, ...(lastError ? { error: String(lastError) } : {}) }, 'redis connection closed');
    up = false;
  });
  redis.on('ready', () => {
    if (!up) log.info({ connection: name }, 'redis connection is back');
    up = true;
    lastError = undefined;
  });
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
