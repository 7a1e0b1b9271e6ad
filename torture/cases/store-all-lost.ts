// Redis without its memory, Postgres not to be asked and the service dead, all at once: what is known of the callers
// stands on their channels in Asterisk.

import { rm } from 'node:fs/promises';
import type { Contact } from '../../src/acd/contact.ts';
import type { Stage } from '../../stage/stage.ts';
import { signalTree } from '../../test/support/process-tree.ts';
import { beginShift, hangUp, type Shift } from '../actors/shift.ts';
import { allTold, redisFiles, restartRedis, toldSoFar } from '../actors/stores.ts';
import type { Case } from '../case.ts';
import { count, gather, type Crowd } from '../crowd.ts';
import { changed, standing, type Compared, type Standing } from '../standing.ts';
import { redisAndServiceLost } from './store-redis.ts';

const talking = 6;
/** Of three priorities, and the first of them is being offered. */
const waiting = 6;
/** Until they are told to hang up: however long it takes to find that Postgres does not answer. */
const talkMs = 120_000;
const shortTalkMs = 300;

export const storeAllLost: Case = {
  name: 'store-all-lost',
  says: { en: 'Redis is emptied, Postgres stands still and the service is killed, all at once', zh: 'Redis 被清空、Postgres 停滞、服务被杀死，三者同时发生' },
  stage: redisAndServiceLost.stage,
  async run({ stage }) {
    const crowd = await gather(stage, { talking, waiting, talkMs });
    const [ringing = '', ...others] = stage.agents.slice(talking, talking + 4);
    const slow = await stage.phones([ringing], { ringMs: 60_000 });
    const [desktop] = await stage.ready([ringing]);
    await crowd.until('the first in line is offered', (seen) => count(seen, 'offered') === 1);
    await toldSoFar(stage);
    const before = await standing(stage);

    const postgresBack = await loseAll(stage);
    const { foundAgainMs, shift } = await goOn(stage, crowd, before, others).finally(postgresBack);
    await Promise.all(crowd.phones.agents.map((agent) => hangUp(stage, agent)));
    await crowd.served();
    await allTold(stage);
    await desktop?.close();
    await slow.stop();
    await shift.end();
    await crowd.leave();
    return { placed: crowd.placed(), stateLost: true, figures: { foundAgainMs } };
  },
};

/** By what is on the channels; those who wait are served, by agents who are new, before Postgres is back. */
async function goOn(stage: Stage, crowd: Crowd, before: Standing, others: readonly string[]): Promise<{ foundAgainMs: number; shift: Shift }> {
  const lostAt = performance.now();
  await stage.startAgain();
  await crowd.until('all who talked and all who waited', (seen) => count(seen, 'connected') === talking && count(seen, 'waiting') === waiting);
  const foundAgainMs = performance.now() - lostAt;
  // Agents without a talk are not known any more.
  const silent = [...before.agents.keys()].filter((agent) => !crowd.phones.agents.includes(agent));
  const wrong = changed(comparable(before), comparable(await standing(stage)), silent);
  if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
  const shift = await beginShift(stage, [{ agents: others, script: { ringMs: 50, talkMs: shortTalkMs } }]);
  await crowd.until('the line is served', (seen) => count(seen, 'waiting') + count(seen, 'offered') === 0);
  return { foundAgainMs, shift };
}

/** Answers how Postgres comes back; Redis is there again at once, with nothing in it. */
async function loseAll(stage: Stage): Promise<() => Promise<void>> {
  const { postgres } = stage.runtime.pids;
  if (postgres === undefined) throw new Error('the server is not of this machine');
  const back = (): Promise<void> => signalTree(postgres, 'SIGCONT');
  stage.releaseLater(back);
  await Promise.all([
    signalTree(postgres, 'SIGSTOP'),
    stage.service.kill('SIGKILL'),
    restartRedis(stage, () => rm(redisFiles(stage), { recursive: true })),
  ]);
  return back;
}

/** Talks and places with their ages; who was being offered waits again. */
const comparable = (standing: Standing): Compared => ({ ...standing, contacts: new Map([...standing.contacts].map(([id, { arrivedAt, state }]) => [id, { arrivedAt, ...placeAndTalk(state) }])) });

function placeAndTalk(state: Contact['state']): object {
  if (state.status !== 'waiting' && state.status !== 'offered' && state.status !== 'connected') return { status: state.status };
  const { queue, queuedAt, enteredAt, priority } = state;
  const place = { queue, queuedAt, enteredAt, priority };
  return state.status === 'connected' ? { ...place, agent: state.agent, legs: state.agentLeg, bridge: state.bridge, connectedAt: state.connectedAt, recording: state.recording?.id } : place;
}
