/** Of each queue, the free agents who meet one need of its callers: a pool is opened when somebody begins to want it. */
import type { QueueId } from '../base/ids.ts';
import { insert, newSorted } from '../base/sorted.ts';
import type { Sorted } from '../base/sorted.ts';
import type { Agent } from './agent.ts';
import { dutyIn } from './duties.ts';
import type { Duty } from './duties.ts';
import type { Centre } from './model.ts';
import { beforeInPool, candidateOf } from './strategies.ts';
import type { Candidate } from './strategies.ts';
import { isMetBy } from './wants.ts';
import type { Want } from './wants.ts';

export interface Pool {
  readonly want: Want;
  readonly agents: Sorted<Candidate>;
  /** Kept whether or not anybody asks for it: the queue's first. The others are there while somebody waits for them. */
  readonly lasting: boolean;
  /** Lanes of callers that ask for it. */
  lanes: number;
  /** False once nobody keeps it; agents who stand there are no more to be found by it. */
  open: boolean;
}

export interface Spot {
  readonly pool: Pool;
  readonly candidate: Candidate;
}

/** Somebody begins to want this of the queue's agents. */
export function beginWant(centre: Centre, queue: QueueId, want: Want): void {
  const pools = centre.floor.pools.get(queue);
  if (pools === undefined) return;
  const pool = pools.get(want.key) ?? openPool(centre, queue, want, pools);
  pool.lanes += 1;
}

/** Nobody does any more. Where many may be free the pool is kept for the next who may, as long as there are not many pools. */
export function endWant(centre: Centre, queue: QueueId, { key }: Want): void {
  const pools = centre.floor.pools.get(queue);
  const pool = pools?.get(key);
  if (pools === undefined || pool === undefined) return;
  pool.lanes -= 1;
  const { free, crews } = centre.floor;
  if (pool.lanes <= 0 && !pool.lasting && Math.min(free.size, crews.get(queue)?.length ?? 0) <= fewMax) close(pools, key, pool);
  if (pools.size <= poolsMax) return;
  for (const [other, unused] of pools) {
    if (unused.lasting || unused.lanes > 0) continue;
    close(pools, other, unused);
    return;
  }
}

function close(pools: Map<string, Pool>, key: string, pool: Pool): void {
  pools.delete(key);
  pool.open = false;
  // Whoever stands free in it for a day keeps the spot, but not the whole pool.
  pool.agents.pieces.length = 0;
  pool.agents.size = 0;
}

const poolsMax = 32;
/** So many are put into a new pool in no time. */
const fewMax = 100;

function openPool(centre: Centre, queue: QueueId, want: Want, pools: Map<string, Pool>): Pool {
  const pool = newPool(want, false);
  pools.set(want.key, pool);
  const { free, fresh, crews } = centre.floor;
  const crew = crews.get(queue) ?? [];
  for (const id of free.size < crew.length ? free.keys() : crew) {
    const spots = free.get(id);
    // Who came free in this step finds the pool when all is settled.
    if (spots === undefined || fresh.has(id)) continue;
    const agent = centre.agents.get(id);
    const duty = dutyIn(centre, id, queue);
    if (agent !== undefined && duty !== undefined) place(centre, agent, duty, pool, spots);
  }
  return pool;
}

export const newPool = (want: Want, lasting: boolean): Pool => ({ want, agents: newSorted(beforeInPool), lasting, lanes: 0, open: true });

export function place(centre: Centre, agent: Agent, duty: Duty, pool: Pool, spots: Spot[]): void {
  const profile = centre.floor.profiles.get(agent.id);
  if (profile === undefined || !isMetBy(pool.want, profile)) return;
  spots.push(enter(centre, agent, duty, pool));
  if (spots.length % tidyEvery === 0) tidy(spots);
}

/** An agent who stays free sees many pools come and go. */
function tidy(spots: Spot[]): void {
  let kept = 0;
  for (const spot of spots) {
    if (!spot.pool.open) continue;
    spots[kept] = spot;
    kept += 1;
  }
  spots.length = kept;
}
const tidyEvery = 64;

export function enter({ floor, routing }: Centre, agent: Agent, duty: Duty, pool: Pool): Spot {
  const candidate = candidateOf(routing.queues.get(duty.queue)?.strategy ?? 'longest-idle', { agent, duty, skills: floor.profiles.get(agent.id)?.skills ?? {}, want: pool.want });
  insert(pool.agents, candidate);
  return { pool, candidate };
}
