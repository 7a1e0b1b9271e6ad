/**
 * The agents who may be rung this very moment: of each queue one pool for each need that its callers have, in the order
 * in which the queue chooses. Kept at each change of an agent, so that choosing looks at the first and walks over nobody.
 */
import type { AgentId, QueueId } from '../base/ids.ts';
import { first, remove } from '../base/sorted.ts';
import { levelIn } from '../config/agent-config.ts';
import { deviceOf } from './device-of.ts';
import { dutiesOf, dutyIn } from './duties.ts';
import type { Duty } from './duties.ts';
import type { Agent } from './agent.ts';
import type { Centre, Routing } from './model.ts';
import { enter, newPool, place } from './pools.ts';
import type { Pool, Spot } from './pools.ts';
import { choose } from './strategies.ts';
import type { Candidate, Draw } from './strategies.ts';
import { isMetBy, wantsOf } from './wants.ts';
import type { Profile, QueueWants, Want } from './wants.ts';
import { noWork } from './work.ts';

export interface Floor {
  /** What each agent has been given to do, from the configuration. */
  readonly duties: ReadonlyMap<AgentId, readonly Duty[]>;
  readonly profiles: ReadonlyMap<AgentId, Profile>;
  readonly wants: ReadonlyMap<QueueId, QueueWants>;
  readonly pools: Map<QueueId, Map<string, Pool>>;
  /** Who has a part in each queue. */
  readonly crews: ReadonlyMap<QueueId, readonly AgentId[]>;
  /** Of each queue that goes round, who had the last turn. */
  readonly turns: Map<QueueId, Turned>;
  /** The greatest weight and level among each queue's agents. */
  readonly weightMax: ReadonlyMap<QueueId, number>;
  readonly levelMax: ReadonlyMap<QueueId, number>;
  /** Where each agent who may be rung stands. */
  readonly free: Map<AgentId, Spot[]>;
  /** Of those, who stand in no pool yet: most are rung in the step in which they came free, and never need to. */
  readonly fresh: Set<AgentId>;
}

interface Turned {
  readonly agent: AgentId;
  readonly n: number;
}

export function newFloor({ agents, queues }: Routing): Floor {
  const profiles = profilesOf(agents);
  const wants = new Map([...queues.values()].map((queue) => [queue.id, wantsOf(queue)]));
  const pools = new Map([...wants].map(([queue, [want]]) => [queue, new Map(want === undefined ? [] : [[want.key, newPool(want, true)]])]));
  const weightMax = new Map<QueueId, number>();
  const levelMax = new Map<QueueId, number>();
  const crews = new Map([...queues.keys()].map((queue): [QueueId, AgentId[]] => [queue, []]));
  const duties = new Map<AgentId, Duty[]>();
  for (const agent of agents.values()) {
    const profile = profiles.get(agent.id);
    duties.set(agent.id, agent.queues.map((queue) => {
      crews.get(queue)?.push(agent.id);
      const where = levelIn(agent, queue);
      const { level, weight = 1 } = where;
      weightMax.set(queue, Math.max(weight, weightMax.get(queue) ?? 1));
      levelMax.set(queue, Math.max(level, levelMax.get(queue) ?? 1));
      const own = pools.get(queue)?.values().next().value;
      return { queue, weight, ...where, ...(own !== undefined && profile !== undefined && isMetBy(own.want, profile) && { pool: own }) };
    }));
  }
  return { profiles, wants, pools, crews, duties, weightMax, levelMax, turns: new Map(), free: new Map(), fresh: new Set() };
}

function profilesOf(agents: Routing['agents']): Map<AgentId, Profile> {
  const alike = new Map<string, Profile>();
  const profiles = new Map<AgentId, Profile>();
  for (const { id, skills } of agents.values()) {
    const key = Object.keys(skills).sort().map((skill) => `${skill}=${skills[skill]}`).join();
    const profile = alike.get(key) ?? { skills };
    alike.set(key, profile);
    profiles.set(id, profile);
  }
  return profiles;
}

/** Free for an offer this very moment, whatever the contact. A phone we know nothing of may be rung. */
export function canBeOffered(centre: Centre, agent: Agent): boolean {
  if (agent.presence.status !== 'ready' || agent.restUntil > centre.at) return false;
  const device = deviceOf(centre, agent);
  return device === 'idle' || device === 'unknown';
}

/** Call whenever something about the agent has changed, or a rest is over. */
export function indexFree(centre: Centre, id: AgentId): void {
  const { floor } = centre;
  const before = floor.free.get(id);
  if (before !== undefined) {
    if (!floor.fresh.delete(id)) for (const { pool, candidate } of before) remove(pool.agents, candidate);
    floor.free.delete(id);
  }
  const agent = centre.agents.get(id);
  if (agent === undefined || !canBeOffered(centre, agent)) return;
  floor.free.set(id, []);
  floor.fresh.add(id);
}

/** Call whenever the agent's work has changed. A queue that is gone is forgotten by the agent at the next offer, and here at once. */
export function indexTurns({ floor: { turns }, routing }: Centre, { id, work = noWork }: Agent): void {
  for (const [name, n] of Object.entries(work.turns)) {
    const queue = name as QueueId;
    if (routing.queues.has(queue) && n > (turns.get(queue)?.n ?? 0)) turns.set(queue, { agent: id, n });
  }
}

/** Whoever came free and is still free stands in the pools now. Called before anybody is chosen, and after each step. */
export function settle(centre: Centre): void {
  const { fresh } = centre.floor;
  if (fresh.size === 0) return;
  for (const id of fresh) {
    const agent = centre.agents.get(id);
    const spots = centre.floor.free.get(id);
    if (agent !== undefined && spots !== undefined) stand(centre, agent, spots);
  }
  fresh.clear();
}

function stand(centre: Centre, agent: Agent, spots: Spot[]): void {
  const { floor } = centre;
  const { id } = agent;
  for (const duty of dutiesOf(centre, id)) {
    if (duty.pool !== undefined) spots.push(enter(centre, agent, duty, duty.pool));
    const pools = floor.pools.get(duty.queue);
    // Most queues have the one at most moments; one whose first need depends on the caller has none that lasts.
    if (pools !== undefined && pools.size > (floor.wants.get(duty.queue)?.[0] === undefined ? 0 : 1)) for (const pool of pools.values()) if (!pool.lasting) place(centre, agent, duty, pool, spots);
  }
}

/** Who is rung for a contact of the queue that wants this, of nobody above the level. */
export function bestIn(centre: Centre, queue: QueueId, want: Want, level: number, draw: Draw): AgentId | undefined {
  settle(centre);
  const { floor, routing } = centre;
  const agents = floor.pools.get(queue)?.get(want.key)?.agents;
  const strategy = routing.queues.get(queue)?.strategy;
  if (agents === undefined || strategy === undefined || (first(agents)?.level ?? 0) > level) return undefined;
  return choose(strategy, agents, draw, lastTurn(centre, queue), floor.weightMax.get(queue) ?? 1)?.agent;
}

/** As who had it would stand in the queue's order now. */
function lastTurn(centre: Centre, queue: QueueId): Candidate | undefined {
  const agent = centre.floor.turns.get(queue)?.agent;
  return agent && { agent, level: 0, key: dutyIn(centre, agent, queue)?.position ?? 0, tie: 0, weight: 0 };
}
