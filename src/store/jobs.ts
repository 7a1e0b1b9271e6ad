/** BullMQ, for work that may wait. Set up here once, so that each kind of job is a queue and a function. */
import { DelayedError, Queue, UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { jobsPrefix } from './keys.ts';

export interface JobsOptions<Data> {
  /** Its address and credentials are used; BullMQ's connections are its own. */
  readonly redis: Redis;
  readonly centre: string;
  readonly log: Logger;
  /** The queue's name. */
  readonly name: string;
  /** At once. */
  readonly concurrency: number;
  readonly attempts: number;
  readonly backOffMs: number;
  /** Answers how long to put the job off, or null when it is done. A throw is an attempt that failed. */
  readonly work: (data: Data, puttingOff: number) => Promise<number | null>;
}

export interface Jobs<Data> {
  /** One job per id at a time: adding it again while it waits or runs changes nothing. */
  add(id: string, data: Data, delayMs?: number): Promise<void>;
  /** What failed and waits for its next try is tried now. */
  hurry(): Promise<void>;
  stop(): Promise<void>;
}

export { UnrecoverableError };

export function startJobs<Data>(options: JobsOptions<Data>): Jobs<Data> {
  const { redis, centre, log, name, concurrency, attempts, backOffMs, work } = options;
  const prefix = jobsPrefix(centre);
  // Adding must fail at once when Redis is away, for somebody waits for it; a worker may wait for Redis for ever,
  // and BullMQ insists on it for connections that block.
  const adding = redis.duplicate({ connectionName: `rexian-${name}`, lazyConnect: false, enableOfflineQueue: true, maxRetriesPerRequest: 1 });
  const working = redis.duplicate({
    connectionName: `rexian-${name}-worker`, lazyConnect: false, enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined,
    // Longer than BullMQ ever waits in one command, so that a network that swallows is noticed.
    socketTimeout: 20_000,
  });
  const queue = new Queue<Data>(name, { connection: adding, prefix, defaultJobOptions: {
    attempts,
    backoff: { type: 'exponential', delay: backOffMs },
    // The row in Postgres says how it ended. A finished or failed job that stayed would keep its id from being added again.
    removeOnComplete: true,
    removeOnFail: true,
  } });
  const worker = new Worker<Data>(name, (job, token) => run(job, token, work), { connection: working, prefix, concurrency, lockDuration, stalledInterval: lockDuration, maxStalledCount });
  let away = false;
  const onError = (error: Error): void => {
    if (!away) log.warn({ queue: name, error: error.message }, 'jobs wait for redis');
    away = true;
  };
  queue.on('error', onError);
  worker.on('error', onError);
  adding.on('error', onError);
  working.on('error', onError);
  working.on('ready', () => (away = false));
  worker.on('failed', (job, error) => log.error({ queue: name, job: job?.id, attempt: job?.attemptsMade, error: error.message }, 'job failed'));
  let stopped: Promise<void> | undefined;
  const ignored = (error: unknown): void => log.debug({ queue: name, error: String(error) }, 'connection of jobs ended');
  const stop = async (): Promise<void> => {
    const jobsDone = worker.close().then(() => queue.close()).catch(ignored);
    await Promise.race([jobsDone, elapsed(stopWithinMs)]);
    // With Redis away BullMQ would wait for it; a job that was cut off is given to another worker later.
    worker.disconnect().catch(ignored);
    adding.disconnect();
    working.disconnect();
  };
  return {
    // BullMQ takes Data apart to find its own type of it; ours is plain.
    add: async (id, data, delayMs = 0) => void (await (queue as Queue).add(name, data, { jobId: id.replaceAll(':', '_'), delay: delayMs })),
    hurry: () => queue.promoteJobs(),
    stop: () => (stopped ??= stop()),
  };
}

const stopWithinMs = 3_000;
/** A job of a process that died or stands still is given to another worker within twice this; a living one renews it. */
const lockDuration = 2_000;
/** Killed again and again is no fault of the job. */
const maxStalledCount = 100;

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Putting off is no failure and uses up no attempt. */
async function run<Data>(job: Job<Data>, token: string | undefined, work: JobsOptions<Data>['work']): Promise<void> {
  const delayMs = await work(job.data, job.attemptsStarted - job.attemptsMade);
  if (delayMs === null) return;
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}
