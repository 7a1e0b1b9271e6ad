/**
 * One owner per centre, and this is its right to decide:
 *
 *   (acquire-lease.ts: standing by) ──▶ held ──▶ released
 *                                        └─────▶ lost
 *
 * It is lost when another owner exists, when Redis has forgotten it, or when it ran out by our own steady clock
 * while somebody on another machine was waiting for it. With nobody waiting there it outlives an outage of Redis: the
 * journal's fencing number protects the state, and callers are served in the meantime. A standby on our own machine
 * (holder.ts) takes over only when we are dead, or ends us first.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { isNeighbour } from './holder.ts';
import { redisKeys } from './keys.ts';
import { isUnavailable } from './redis.ts';
import { script } from './script.ts';

export interface HoldOptions {
  readonly redis: Redis;
  readonly centre: string;
  /** Names this process among all that may want the lease; holder.ts makes it. */
  readonly owner: string;
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether a process that waits can end us before it takes over; tests put their own in its place. */
  readonly isNeighbour?: (holder: string) => boolean;
}

export interface Lease {
  /** The fencing number, higher than that of any owner before. */
  readonly epoch: number;
  /** Aborted once and for ever; its reason is a LeaseLost. */
  readonly lost: AbortSignal;
  /** Still ours by our own clock. */
  valid(): boolean;
  /** We may decide and give orders: it is ours by our own clock, or nobody could have taken it. Asked before each order. */
  binds(): boolean;
  /** Somebody waited for it when Redis was last asked. */
  standby(): boolean;
  /** Somebody waits for it now: Redis is asked, for a new process may have come since the last renewal. */
  awaited(): Promise<boolean>;
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

const renew = script('renew-lease.lua');
const giveBack = script('release-lease.lua');

/** Our clock and Redis' may differ in pace by this share before both believe to be right. */
const drift = 0.1;

export class HeldLease implements Lease {
  readonly epoch: number;
  readonly #options: HoldOptions;
  readonly #losing = new AbortController();
  #validUntil = 0;
  #waiting: readonly string[] = [];
  #renewal: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #released: Promise<void> | undefined;

  constructor(options: HoldOptions, epoch: number, takenAt: number) {
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

  binds(): boolean {
    return !this.#over && (this.#options.clock.now() < this.#validUntil || !this.#coveted);
  }

  standby(): boolean {
    return this.#waiting.length > 0;
  }

  async awaited(): Promise<boolean> {
    const { redis, centre, owner, ttlMs } = this.#options;
    const { lease, epoch, standbys } = redisKeys(centre);
    try {
      const answer = await Promise.race([renew(redis, [lease, epoch, standbys], [this.epoch, owner, ttlMs]), elapsed(ttlMs / 3)]);
      const [result, ...waiting] = Array.isArray(answer) ? (answer as unknown[]).map(String) : [];
      if (result === 'held') this.#waiting = waiting;
    } catch (error) {
      // With Redis away, what was last heard is what is known.
      if (!isUnavailable(error)) throw error;
    }
    return this.standby();
  }

  release(): Promise<void> {
    return (this.#released ??= this.#giveBack());
  }

  /** By somebody who would take it when its time is over, and cannot end us first. */
  get #coveted(): boolean {
    const { isNeighbour: ends = isNeighbour } = this.#options;
    return this.#waiting.some((name) => !ends(name));
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
    this.#expiry = setTimeout(() => void (this.#coveted && this.#lose('ran-out')), Math.max(0, this.#validUntil - clock.now()));
  }

  #again(): void {
    if (!this.#over) this.#renewal = setTimeout(() => void this.#renew(), this.#options.ttlMs / 3);
  }

  async #renew(): Promise<void> {
    const { redis, centre, owner, ttlMs, clock, log } = this.#options;
    const keys = redisKeys(centre);
    const askedAt = clock.now();
    try {
      const answer = await Promise.race([renew(redis, [keys.lease, keys.epoch, keys.standbys], [this.epoch, owner, ttlMs]), elapsed(ttlMs / 3)]);
      const [result, ...waiting] = Array.isArray(answer) ? (answer as unknown[]).map(String) : [];
      if (this.#over) return;
      if (result === 'another-owner' || result === 'redis-forgot') return this.#lose(result);
      if (result === 'held') {
        this.#waiting = waiting;
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
    const { lease, holder } = redisKeys(centre);
    await giveBack(redis, [lease, holder], [`${this.epoch}:${owner}`, owner]).catch((error: unknown) => {
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
