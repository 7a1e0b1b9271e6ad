/**
 * Standing by for the lease, and taking it:
 *
 *   asking ──▶ held by another: watched ──▶ gone, or its process is dead ──▶ asking … taken
 *                  └──▶ expired, its process lives ──▶ stopped, or stuck for long: ended ──▶ asking … taken
 */
import { end, fateOf, type Fate } from './holder.ts';
import { redisKeys } from './keys.ts';
import { HeldLease, type HoldOptions, type Lease } from './lease.ts';
import { isUnavailable } from './redis.ts';
import { script } from './script.ts';

export interface LeaseOptions extends HoldOptions {
  /** Ends the wait for a lease that another process holds. */
  readonly signal?: AbortSignal;
  /** Told once, when the lease is held by another: from now on this process stands by. */
  readonly onWaiting?: () => void;
  /** What holder.ts knows of other processes; tests put their own in its place. */
  readonly processes?: Processes;
}

interface Processes {
  readonly fateOf: (holder: string) => Fate;
  readonly end: (holder: string) => void;
}

const acquire = script('acquire-lease.lua');

/** How often a standby looks whether the owner is gone. */
const watchMs = 50;
/**
 * A living neighbour that has not renewed for so long, with a Redis that answers us, is stuck for good. Less would be
 * unjust to one whose Redis connection is only just coming back.
 */
const stuckMs = 10_000;
/** For the kernel to take a killed process away. */
const endWithinMs = 1_000;

type Answer =
  | { readonly result: 'taken'; readonly epoch: number }
  | { readonly result: 'held' | 'expired'; readonly holder: string }
  | { readonly result: 'unavailable' };

/** Resolves when the lease is ours, however long that takes. */
export async function acquireLease(options: LeaseOptions): Promise<Lease> {
  const { ttlMs, clock, log, signal, processes = { fateOf, end } } = options;
  const tell = onceEach(options);
  let pass = { dead: '', expired: '' };
  let expiredSince: number | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const askedAt = clock.now();
    const answer = await ask(options, pass);
    pass = { dead: '', expired: '' };
    if (answer.result === 'taken') return new HeldLease(options, answer.epoch, askedAt);
    if (answer.result === 'unavailable') {
      tell.redisAway();
      expiredSince = undefined;
      await pause(ttlMs / 3, signal);
      continue;
    }
    const { result, holder } = answer;
    const fate = processes.fateOf(holder);
    expiredSince = result === 'expired' ? (expiredSince ?? askedAt) : undefined;
    if (fate === 'dead') {
      pass = { dead: holder, expired: '' };
      continue;
    }
    tell.heldBy(holder);
    if (expiredSince === undefined) await watch(options, processes, holder);
    else if (fate === 'unknown') pass = { dead: '', expired: holder };
    else if (fate === 'stopped' || askedAt - expiredSince > stuckMs) {
      log.warn({ holder, fate }, 'the owner has let its lease run out and lives: it is ended before we take over');
      await endStuck(options, processes, holder);
    } else await pause(watchMs, signal);
  }
}

function onceEach({ log, onWaiting }: LeaseOptions): { redisAway(): void; heldBy(holder: string): void } {
  const told = { away: false, held: false };
  return {
    redisAway: () => {
      if (!told.away) log.info('waiting for redis');
      told.away = true;
    },
    heldBy: (holder) => {
      if (told.held) return;
      told.held = true;
      log.info({ holder }, 'standing by: another owner holds the lease');
      onWaiting?.();
    },
  };
}

async function ask({ redis, centre, owner, ttlMs }: LeaseOptions, { dead, expired }: { readonly dead: string; readonly expired: string }): Promise<Answer> {
  const { lease, epoch, standbys, holder } = redisKeys(centre);
  try {
    const [result, detail] = (await acquire(redis, [lease, epoch, standbys, holder], [owner, ttlMs, dead, expired])) as [string, unknown];
    if (result === 'taken') return { result, epoch: Number(detail) };
    return { result: result === 'held' ? 'held' : 'expired', holder: String(detail) };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { result: 'unavailable' };
  }
}

/** Until the lease is gone or its holder is, at most until our word that we wait has to be renewed. */
async function watch({ redis, centre, ttlMs, clock, signal }: LeaseOptions, { fateOf }: Processes, holder: string): Promise<void> {
  const until = clock.now() + ttlMs / 3;
  while (clock.now() < until) {
    await pause(watchMs, signal);
    if (fateOf(holder) === 'dead') return;
    // A Redis that does not answer is asked again by the next round, which says what it means.
    if ((await redis.exists(redisKeys(centre).lease).catch(() => 0)) === 0) return;
  }
}

async function endStuck({ clock, signal }: LeaseOptions, { fateOf, end }: Processes, holder: string): Promise<void> {
  end(holder);
  const until = clock.now() + endWithinMs;
  while (fateOf(holder) !== 'dead' && clock.now() < until) await pause(5, signal);
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
