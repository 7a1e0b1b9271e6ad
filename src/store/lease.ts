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
    if (result === 'taken') return new HeldLease(options, Number(detail), askedAt);
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

class HeldLease implements Lease {
  readonly epoch: number;
  readonly #options: LeaseOptions;
  readonly #losing = new AbortController();
  #validUntil = 0;
  #wanted = false;
  #renewal: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #released: Promise<void> | undefined;

  constructor(options: LeaseOptions, epoch: number, takenAt: number) {
    this.#options = options;
    this.epoch = epoch;
    options.log.info({ epoch }, 'lease taken');
    this.#validFrom(takenAt);
    this.#again();
  }

  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  valid(): boolean {
    return !this.#over && this.#options.clock.now() < this.#validUntil;
  }

  standby(): boolean {
    return this.#wanted;
  }

  release(): Promise<void> {
    return (this.#released ??= this.#giveBack());
  }

  get #over(): boolean {
    return this.lost.aborted || this.#released !== undefined;
  }

  /** From when it was asked for: Redis began to count later than that. */
  #validFrom(askedAt: number): void {
    const { ttlMs, clock } = this.#options;
    this.#validUntil = askedAt + ttlMs * (1 - drift);
    clearTimeout(this.#expiry);
    // A timer beside the renewals, because a renewal may be hanging at the very moment when the time is over.
    this.#expiry = setTimeout(() => void (this.#wanted && this.#lose('ran-out')), Math.max(0, this.#validUntil - clock.now()));
  }

  #again(): void {
    if (!this.#over) this.#renewal = setTimeout(() => void this.#renew(), this.#options.ttlMs / 3);
  }

  async #renew(): Promise<void> {
    const { redis, centre, owner, ttlMs, clock, log } = this.#options;
    const keys = redisKeys(centre);
    const askedAt = clock.now();
    try {
      const answer = await Promise.race([renew(redis, [keys.lease, keys.epoch, keys.standby], [this.epoch, owner, ttlMs]), elapsed(ttlMs / 3)]);
      const [result, standby] = Array.isArray(answer) ? (answer as unknown[]) : [];
      if (this.#over) return;
      if (result === 'another-owner' || result === 'redis-forgot') return this.#lose(result);
      if (result === 'held') {
        this.#wanted = Number(standby) === 1;
        this.#validFrom(askedAt);
      }
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ epoch: this.epoch, error: error.message }, 'lease could not be renewed');
    }
    this.#again();
  }

  #lose(because: LeaseLost['because']): void {
    this.#quiet();
    if (this.#over) return;
    this.#options.log.error({ epoch: this.epoch, because }, 'lease lost');
    this.#losing.abort(new LeaseLost(because));
  }

  async #giveBack(): Promise<void> {
    const { redis, centre, owner, log } = this.#options;
    this.#quiet();
    await giveBack(redis, [redisKeys(centre).lease], [`${this.epoch}:${owner}`]).catch((error: unknown) => {
      log.warn({ epoch: this.epoch, error: String(error) }, 'lease could not be given back and will expire');
    });
  }

  #quiet(): void {
    clearTimeout(this.#renewal);
    clearTimeout(this.#expiry);
  }
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
