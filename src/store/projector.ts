/**
 * From the journal in Redis to Postgres, for ever and in order. Projector:
 *
 *   reading ──▶ writing ──▶ reading …
 *      └──▶ backing off ◀──┘   Redis or Postgres is away: read again from where Postgres says it is, nothing is skipped
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { RecordingId } from '../base/ids.ts';
import { isAfter } from '../base/journal-id.ts';
import type { Database } from './database.ts';
import type { FoldSettings } from './fold.ts';
import { redisKeys } from './keys.ts';
import { makePartitions } from './partitions.ts';
import { projectBatch, readEvent, readPosition, type Entry, type Projected } from './project-batch.ts';
import { blockingTwin, blockMs } from './redis.ts';
import { trimJournal } from './trim.ts';

export interface ProjectorOptions extends FoldSettings {
  /** Used for a connection of the projector's own, never for its waiting reads. */
  readonly redis: Redis;
  readonly db: Database;
  readonly centre: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Stopped or failed, after the row says so. Must not throw; a call that is lost is made up for by the finaliser's sweep. */
  readonly onRecordingStopped?: (recording: RecordingId) => void;
  /** Where Postgres is, each time it is known. */
  readonly onStored?: (position: string) => void;
  /** For metrics: how many events, and how long the oldest of them had waited. */
  readonly onProjected?: (count: number, waitedMs: number) => void;
  /** For tests: the newest events that a trim leaves in the journal. */
  readonly keep?: number;
}

export interface Projector {
  lag(): Lag;
  /** Finishes the batch in hand. May be called again. */
  stop(): Promise<void>;
}

export interface Lag {
  /** How long the oldest event that is not in Postgres has been known, or since when reading fails. */
  readonly behindMs: number;
  /** Why it does not go on; null when all is well. */
  readonly failing: string | null;
  /** Newest event in Postgres; null until Postgres has been asked. */
  readonly position: string | null;
  /** Events since the start whose rows could not be made. */
  readonly failures: number;
}

const batchMax = 500;
const backOffMs = { first: 100, most: 5_000 };
/**
 * Reads follow each other no sooner than this: a lone event goes at once, and a busy centre is written in batches of
 * tens: four events take about 4 ms, a hundred about 16.
 */
const gatherMs = 50;
const trimEvery = 5_000;
const partitionsEveryMs = 86_400_000;

/** Does not wait for either server: a centre starts, and takes calls, without its reports. */
export function startProjector(options: ProjectorOptions): Projector {
  const { clock } = options;
  const reader = blockingTwin(options.redis, { name: 'projector', log: options.log });
  const stopping = new AbortController();
  const state: State = { position: null, behindSince: null, failing: null, failures: 0, untrimmed: trimEvery, partitionsAt: clock.now() };
  const done = run(options, reader, state, stopping.signal);
  return {
    lag: () => ({
      behindMs: state.behindSince === null ? 0 : Math.max(0, clock.now() - state.behindSince),
      failing: state.failing,
      position: state.position,
      failures: state.failures,
    }),
    stop: () => {
      stopping.abort();
      // Also ends a read that waits.
      reader.disconnect();
      return done;
    },
  };
}

interface State {
  position: string | null;
  behindSince: number | null;
  failing: string | null;
  failures: number;
  /** Events since the last trim. */
  untrimmed: number;
  partitionsAt: number;
}

async function run(options: ProjectorOptions, reader: Redis, state: State, stopping: AbortSignal): Promise<void> {
  const { db, centre, clock, log } = options;
  let waitMs = backOffMs.first;
  let readAt = Number.NEGATIVE_INFINITY;
  let asked = false;
  // Written by a statement whose answer did not come, as far as anybody knows.
  let inDoubt: readonly Entry[] = [];
  while (!stopping.aborted) {
    try {
      if (!asked) {
        state.position = await readPosition(db, centre);
        options.onStored?.(state.position);
        tellStopped(options, state.position, inDoubt);
        inDoubt = [];
      }
      asked = true;
      const after = state.position ?? '0-0';
      await pause(readAt + gatherMs - clock.now(), stopping);
      const inHand = await read(reader, centre, after);
      readAt = clock.now();
      const caughtUp = inHand.length < batchMax;
      if (inHand.length > 0) {
        state.behindSince ??= clock.now();
        inDoubt = inHand;
        tell(options, state, await projectBatch(db, centre, inHand, { ...options, after }));
        inDoubt = [];
      }
      if (state.failing !== null) log.info({ behindMs: clock.now() - (state.behindSince ?? clock.now()) }, 'projector goes on');
      state.failing = null;
      state.behindSince = null;
      waitMs = backOffMs.first;
      if (caughtUp) await houseKeeping(options, reader, state);
    } catch (error) {
      if (stopping.aborted) break;
      if (state.failing === null) log.error({ error: String(error) }, 'projector cannot go on and tries again');
      state.failing = String(error);
      state.behindSince ??= clock.now();
      // It may have come back without its last commits, so it is asked again where it is.
      asked = false;
      await pause(waitMs, stopping);
      waitMs = Math.min(waitMs * 2, backOffMs.most);
    }
  }
}

async function read(reader: Redis, centre: string, after: string): Promise<readonly Entry[]> {
  const answer = await reader.xread('COUNT', batchMax, 'BLOCK', blockMs, 'STREAMS', redisKeys(centre).journal, after);
  const [, entries] = answer?.[0] ?? ['', []];
  return entries.map(([id, fields]) => ({ id, text: fields[1] ?? '' }));
}

function tell({ clock, log, onStored, onProjected, onRecordingStopped }: ProjectorOptions, state: State, { position, events, failures }: Projected): void {
  state.position = position;
  onStored?.(position);
  state.failures += failures.length;
  state.untrimmed += events.length;
  for (const { id, error } of failures) log.error({ id, error }, 'an event has no rows: fold failed');
  const oldest = events[0];
  if (oldest !== undefined) onProjected?.(events.length, Math.max(0, clock.now() - oldest.at));
  for (const event of events) if (event.type === 'recording-stopped' || event.type === 'recording-failed') onRecordingStopped?.(event.recording);
}

/** Those that were written after all. A recording told of twice is finalised once. */
function tellStopped({ onRecordingStopped }: ProjectorOptions, position: string, entries: readonly Entry[]): void {
  for (const { id, text } of entries) {
    const event = isAfter(id, position) ? undefined : readEvent(text);
    if (event?.type === 'recording-stopped') onRecordingStopped?.(event.recording);
  }
}

async function houseKeeping({ db, centre, clock, log, keep }: ProjectorOptions, reader: Redis, state: State): Promise<void> {
  if (state.untrimmed >= trimEvery && state.position !== null) {
    state.untrimmed = 0;
    await trimJournal(reader, redisKeys(centre).journal, state.position, keep);
  }
  if (clock.now() - state.partitionsAt >= partitionsEveryMs) {
    state.partitionsAt = clock.now();
    const made = await makePartitions(db, clock.now());
    if (made.length > 0) log.info({ made }, 'partitions made ahead');
  }
}

function pause(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms <= 0 || stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopping.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stopping.addEventListener('abort', done);
  });
}
