// Redis holds the state, and the service holds it too: whatever becomes of Redis, calls go on, in their order.

import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage, StageOptions } from '../../stage/stage.ts';
import { allTold, elapsed, freeze, redisFiles, restartRedis, toldSoFar } from '../actors/stores.ts';
import type { Case, Size } from '../case.ts';
import { count, gather, type Crowd } from '../crowd.ts';

const talkMs = 2_000;
/** Two of them: from one address no more than so many sign in within a minute. */
const [first, second]: readonly [StageOptions, StageOptions] = [{ agents: 30 }, { agents: 30 }];

type Fault = (stage: Stage, ms: number, crowd: Crowd) => Promise<void>;

/** Some talk and some wait when it begins, others come in the middle of it. */
function redisCase(name: string, says: Case['says'], faultMs: Readonly<Record<Size, number>>, fault: Fault, stage = first): Case {
  return {
    name, says, stage,
    async run({ stage, size }) {
      const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs });
      const callsPerSecond = 2;
      await crowd.call({ calls: callsPerSecond * Math.ceil(faultMs[size] / 1_000 + 2), callsPerSecond, limitSeconds: 120 });
      await fault(stage, faultMs[size], crowd);
      await crowd.served(90_000);
      await allTold(stage);
      await crowd.talksWhole();
      await crowd.leave();
      return { placed: crowd.placed() };
    },
  };
}

const brief = { short: 4_000, long: 20_000 };
const five = { short: 5_000, long: 5_000 };

export const redisStopped = redisCase('store-redis-stopped', { en: 'Redis is killed, and started again on its data', zh: 'Redis 被杀死后以原有数据重启' }, brief,
  (stage, ms) => restartRedis(stage, () => elapsed(ms)));

export const redisEmptied = redisCase('store-redis-emptied', { en: 'Redis is killed, and comes back empty', zh: 'Redis 被杀死后以空库重启' }, { short: 1_000, long: 20_000 },
  (stage, ms) => restartRedis(stage, async () => {
    await rm(redisFiles(stage), { recursive: true });
    await elapsed(ms);
  }));

export const redisFrozen = redisCase('store-redis-frozen', { en: 'Redis stands still', zh: 'Redis 停滞' }, five,
  (stage, ms) => freeze(stage.runtime.pids.redis, ms));

export const redisPaused = redisCase('store-redis-paused', { en: 'CLIENT PAUSE', zh: 'CLIENT PAUSE' }, five, async ({ redis }, ms) => {
  await redis.client('PAUSE', ms, 'ALL');
  await elapsed(ms);
});

export const redisFull = redisCase('store-redis-full', { en: 'Redis has no memory left (maxmemory 1 MB)', zh: 'Redis 内存耗尽（maxmemory 1 MB）' }, brief, async ({ redis }, ms) => {
  await redis.config('SET', 'maxmemory', '1mb');
  await elapsed(ms);
  await redis.config('SET', 'maxmemory', '0');
});

export const redisReadOnly = redisCase('store-redis-read-only', { en: 'Redis takes no writes: it was made a replica', zh: 'Redis 只读：被设为副本' }, brief, async ({ redis }, ms) => {
  // Of a master that is not there, so that it keeps what it has.
  await redis.replicaof('127.0.0.1', 1);
  await elapsed(ms);
  await redis.replicaof('NO', 'ONE');
}, second);

const snapshotAgeMs: Readonly<Record<Size, number>> = { short: 3_000, long: 300_000 };

/** Files of before are put in the place of those of now. */
export const redisOldSnapshot: Case = {
  name: 'store-redis-old-snapshot',
  says: { en: 'Redis comes back as it was some minutes ago', zh: 'Redis 恢复为数分钟前的快照' },
  stage: second,
  async run({ stage, size }) {
    const [files, snapshot] = [redisFiles(stage), join(stage.runtime.stateDir, 'redis-snapshot')];
    const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs });
    await cp(files, snapshot, { recursive: true });
    const callsPerSecond = 2;
    await crowd.call({ calls: callsPerSecond * Math.ceil(snapshotAgeMs[size] / 1_000 + 3), callsPerSecond, limitSeconds: 400 });
    await elapsed(snapshotAgeMs[size]);
    await restartRedis(stage, async () => {
      await rm(files, { recursive: true });
      await cp(snapshot, files, { recursive: true });
    });
    await rm(snapshot, { recursive: true });
    await crowd.served(90_000);
    await allTold(stage);
    await crowd.talksWhole();
    await crowd.leave();
    return { placed: crowd.placed() };
  },
};

const longTalkMs = 9_000;

/** Talks, the line and the agents are as they were, and nobody has heard of it. */
export const redisAndServiceLost: Case = {
  name: 'store-redis-and-service-lost',
  says: { en: 'Redis is emptied and the service killed in the middle of talks', zh: '通话中 Redis 被清空且服务被杀死' },
  stage: second,
  async run({ stage }) {
    const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs: longTalkMs });
    const idle = stage.agents.slice(10, 12);
    const [ready, paused] = await stage.ready(idle);
    await paused?.command({ type: 'pause', reason: 'lunch' });
    const before = await crowd.until('two more agents, one of them paused', (seen) => seen.agents.some(({ id, presence }) => id === idle[1] && presence.status === 'paused'));
    await toldSoFar(stage);
    await stage.service.kill('SIGKILL');
    await stage.redis.flushall();
    const lostAt = performance.now();
    await stage.startAgain();
    const after = await crowd.until('the talks and the line again', (seen) => count(seen, 'connected') + count(seen, 'offered') + count(seen, 'waiting') === 12);
    const foundAgainMs = performance.now() - lostAt;
    const same = (of: typeof before) => JSON.stringify([of.contacts.map(({ id, arrivedAt, state }) => [id, arrivedAt, 'agentLeg' in state ? [state.agentLeg, state.connectedAt, state.recording?.id] : 'queuedAt' in state ? [state.queuedAt, state.priority] : state.status]).sort(), of.agents.filter(({ id }) => idle.includes(id)).map(({ id, presence }) => [id, presence.status]).sort()]);
    if (same(after) !== same(before)) throw new Error(`not as it was:\n${same(before)}\n${same(after)}`);
    await crowd.served();
    await allTold(stage);
    await crowd.talksWhole();
    for (const desktop of await Promise.all(idle.map((agent) => stage.desktop(agent)))) {
      await desktop.command({ type: 'sign-out' });
      await desktop.close();
    }
    await ready?.close();
    await paused?.close();
    await crowd.leave();
    return { placed: crowd.placed(), figures: { foundAgainMs } };
  },
};
