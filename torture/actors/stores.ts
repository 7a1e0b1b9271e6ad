/** Redis and Postgres of a stage: killed and started again, and waited for until all has been told. */
import { join } from 'node:path';
import { startPostgres } from '../../runtime/postgres.ts';
import { startRedis } from '../../runtime/redis.ts';
import { until } from '../../runtime/until.ts';
import type { Stage } from '../../stage/stage.ts';
import { isAfter, journalId } from '../../src/base/journal-id.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { killTree, signalTree } from '../../test/support/process-tree.ts';

export const elapsed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Stopped with all its children, and let go again. */
export async function freeze(pid: number | undefined, ms: number): Promise<void> {
  if (pid === undefined) throw new Error('the server is not of this machine');
  await signalTree(pid, 'SIGSTOP');
  try {
    await elapsed(ms);
  } finally {
    await signalTree(pid, 'SIGCONT');
  }
}

/** `durable`: started again as one that keeps what it has acknowledged when it is killed; a stage's own need not. */
export async function killPostgres({ runtime }: Stage, { durable = false } = {}): Promise<{ startAgain(): Promise<void> }> {
  await killTree(runtime.pids.postgres ?? 0);
  return {
    startAgain: async () => {
      const again = await startPostgres({ stateDir: runtime.stateDir, password: runtime.secrets.postgres, port: Number(new URL(runtime.databaseUrl).port), durable });
      runtime.pids.postgres = again.pid;
    },
  };
}

/** All that Redis keeps over a restart. */
export const redisFiles = ({ runtime }: Stage): string => join(runtime.stateDir, 'redis/appendonlydir');

/** `before` may change its files while it is away. */
export async function restartRedis({ runtime }: Stage, before: () => Promise<void> = async () => undefined): Promise<void> {
  await killTree(runtime.pids.redis ?? 0);
  await before();
  const again = await startRedis({ stateDir: runtime.stateDir, programs: runtime.programs, password: runtime.secrets.redis, port: Number(new URL(runtime.redisUrl).port) });
  runtime.pids.redis = again.pid;
}

/** Everything that the journal holds is in Postgres, and every contact there has ended. */
export async function allTold({ db, redis, config }: Stage, limitMs = 20_000): Promise<void> {
  await until(async () => {
    const [tail, position, open] = await Promise.all([
      redis.get(redisKeys(config.centre.id).tail),
      db.selectFrom('projection').select(['epoch', 'seq']).where('centre', '=', config.centre.id).executeTakeFirst(),
      db.selectFrom('contact').select('id').where('centre', '=', config.centre.id).where('ended_at', 'is', null).limit(1).execute(),
    ]).catch(() => []);
    return tail && position && open?.length === 0 && !isAfter(tail, journalId(position)) ? true : undefined;
  }, { limitMs, everyMs: 50, what: 'all events in Postgres' });
}

/** What is in no Redis and in no Postgres nobody can know. */
export async function toldSoFar({ db, redis, config }: Stage): Promise<void> {
  await until(async () => {
    const [newest] = await redis.xrevrange(redisKeys(config.centre.id).journal, '+', '-', 'COUNT', 1);
    const position = await db.selectFrom('projection').select(['epoch', 'seq']).where('centre', '=', config.centre.id).executeTakeFirst();
    return newest?.[0] === `${position?.epoch}-${position?.seq}` ? true : undefined;
  }, { limitMs: 5_000, everyMs: 10, what: 'Postgres as far as Redis' });
}
