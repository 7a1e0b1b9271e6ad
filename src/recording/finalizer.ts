/** Runs finalize.ts for each recording that stopped, as a job that never stands in a call's way. */
import type { Redis } from 'ioredis';
import { startJobs, UnrecoverableError } from '../store/jobs.ts';
import { finalizeRecording, type FinalizeOptions } from './finalize.ts';
import { sweepRecordings, type Swept } from './sweep.ts';

export interface FinalizerOptions extends FinalizeOptions {
  readonly redis: Redis;
  /** How often recordings that were missed are looked for; the first time at once. */
  readonly sweepEveryMs?: number;
}

export interface Finalizer {
  /** Harmless to repeat, and to lose: the sweep finds what was not enqueued. */
  enqueue(recording: string): void;
  sweep(): Promise<Swept>;
  /** There is room again, or the folder is back: nothing waits any longer for its next try, and what was given up is looked for. */
  hurry(): void;
  stop(): Promise<void>;
}

/** About ten minutes of a file that is still being written, and then the sweep comes again. */
const putOffMax = 600;

export function startFinalizer(options: FinalizerOptions): Finalizer {
  const { redis, centre, log, sweepEveryMs = 600_000 } = options;
  const jobs = startJobs<{ recording: string }>({
    redis, centre, log, name: 'recording-finalise', concurrency: 2,
    // From half a second to about a quarter of an hour: a full disk or a Postgres that restarts is given time.
    attempts: 12, backOffMs: 500,
    work: async ({ recording }, puttingOff) => {
      if (puttingOff > putOffMax) throw new UnrecoverableError('the raw file is still being written');
      return finalizeRecording(options, recording);
    },
  });
  const enqueue = (recording: string): void => {
    jobs.add(recording, { recording }).catch((error: unknown) => log.warn({ recording, error: String(error) }, 'recording not enqueued, the sweep will'));
  };
  const sweep = async (): Promise<Swept> => {
    const swept = await sweepRecordings(options, new Date());
    for (const recording of swept.unfinished) enqueue(recording);
    for (const file of swept.orphans) log.warn({ file }, 'raw recording without a row');
    return swept;
  };
  const sweepQuietly = (): void => void sweep().catch((error: unknown) => log.warn({ error: String(error) }, 'recordings not swept'));
  const timer = setInterval(sweepQuietly, sweepEveryMs);
  sweepQuietly();
  return {
    enqueue,
    sweep,
    hurry: () => {
      jobs.hurry().catch((error: unknown) => log.warn({ error: String(error) }, 'recordings wait for their next try'));
      sweepQuietly();
    },
    stop: () => {
      clearInterval(timer);
      return jobs.stop();
    },
  };
}
