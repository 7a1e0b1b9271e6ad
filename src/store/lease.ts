/**
 * One owner per centre. Lease, seen from its owner:
 *
 *   waiting (standby) ──▶ held ──▶ released
 *                          └─────▶ lost
 *
 * It is lost when another owner exists, when Redis has forgotten it, or when it ran out by our own steady clock
 * while somebody was waiting for it. With nobody waiting it outlives an outage of Redis: the journal's fencing number
 * protects the state, and callers are served in the meantime.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { redisKeys } from './keys.ts';
import { isUnavailable } from './redis.ts';
import { script } from './script.ts';

export interface LeaseOptions {
  readonly redis: Redis;
  readonly centre: string;
  /** Names this process among all that may want the lease. */
  readonly owner: string;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the wait for a lease that another process holds. */
  readonly signal?: AbortSignal;
  /** True for a holder that certainly lives no more, such as a killed process of this machine: no need to wait. */
  readonly isDead?: (holder: string) => boolean;
}

export interface Lease {
  /** The fencing number, higher than that of any owner before. */
  readonly epoch: number;
  /** Aborted once and for ever; its reason is a LeaseLost. */
  readonly lost: AbortSignal;
  /** Still ours by our own clock. */
  valid(): boolean;
  /** Somebody waited for it when Redis was last asked. */
  standby(): boolean;
  /** Gives it back, so that a standby need not wait for it to expire. May be called again. */
  release(): Promise<void>;
}

export class LeaseLost extends Error {
  readonly because: 'another-owner' | 'redis-forgot' | 'ran-out';
  constructor(because: LeaseLost['because']) {
    super(`lease lost: ${because}`);
    this.because = because;
  }
}

const acquire = script('acquire-lease.lua');
const renew = script('renew-lease.lua');
const giveBack = script('release-lease.lua');

/** Our clock and Redis' may differ in pace by this share before both believe to be right. */
const drift = 0.1;

export async function acquireLease(options: LeaseOptions): Promise<Lease> {
  const { redis, centre, owner, ttlMs, clock, log, signal, isDead = () => false } = options;
  const { lease, epoch, standby } = redisKeys(centre);
  let dead = '';
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const askedAt = clock.now();
    const answer = await acquire(redis, [lease, epoch, standby], [owner, ttlMs, dead]).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      return null;
    });
    const [result, detail, left] = Array.isArray(answer) ? (answer as unknown[]) : [];
    if (result === 'taken') return hold(options, Number(detail), askedAt);
    const holder = result === 'held' ? String(detail) : '';
    if (holder !== '' && dead === '' && isDead(holder)) {
      dead = holder;
      continue;
    }
    dead = '';
    if (!told) log.info(holder === '' ? {} : { holder }, holder === '' ? 'waiting for redis' : 'waiting for the lease of another owner');
    told = true;
    const pttl = Number(left);
    await pause(Math.min(ttlMs / 3, pttl > 0 ? pttl + 1 : ttlMs / 3), signal);
  }
}

function hold(options: LeaseOptions, epoch: number, takenAt: number): Lease {
  const { redis, centre, owner, ttlMs, clock, log } = options;
  const keys = redisKeys(centre);
  const losing = new AbortController();
  let validUntil = takenAt + ttlMs * (1 - drift);
  let wanted = false;
  let timer: NodeJS.Timeout | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let released: Promise<void> | undefined;

  const quiet = (): void => {
    clearTimeout(timer);
    clearTimeout(expiry);
  };
  const lose = (because: LeaseLost['because']): void => {
    quiet();
    if (losing.signal.aborted || released) return;
    log.error({ epoch, because }, 'lease lost');
    losing.abort(new LeaseLost(because));
  };
  // A timer beside the renewals, because a renewal may be hanging at the very moment when the time is over.
  const watch = (): void => {
    clearTimeout(expiry);
    expiry = setTimeout(() => void (wanted && lose('ran-out')), Math.max(0, validUntil - clock.now()));
  };
  const again = (): void => {
    if (losing.signal.aborted || released) return;
    timer = setTimeout(() => void keep(), ttlMs / 3);
  };
  const keep = async (): Promise<void> => {
    const askedAt = clock.now();
    try {
      const answer = await Promise.race([renew(redis, [keys.lease, keys.epoch, keys.standby], [epoch, owner, ttlMs]), elapsed(ttlMs / 3)]);
      const [result, standby] = Array.isArray(answer) ? (answer as unknown[]) : [];
      if (result === 'another-owner' || result === 'redis-forgot') return lose(result);
      if (result === 'held') {
        validUntil = askedAt + ttlMs * (1 - drift);
        wanted = Number(standby) === 1;
        if (!released) watch();
      }
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ epoch, error: error.message }, 'lease could not be renewed');
    }
    again();
  };
  const release = async (): Promise<void> => {
    quiet();
    await giveBack(redis, [keys.lease], [`${epoch}:${owner}`]).catch((error: unknown) => {
      log.warn({ epoch, error: String(error) }, 'lease could not be given back and will expire');
    });
  };

  log.info({ epoch }, 'lease taken');
  watch();
  again();
  return {
    epoch,
    lost: losing.signal,
    valid: () => !losing.signal.aborted && !released && clock.now() < validUntil,
    standby: () => wanted,
    release: () => (released ??= release()),
  };
}

/** A renewal that hangs is not waited for: the next one may get through. */
function elapsed(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref());
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
