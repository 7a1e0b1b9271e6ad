/** How each strategy chooses among the agents who may be rung: by the order they stand in, or by a draw among them. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { countBefore, first, firstAfter, itemAt } from '../base/sorted.ts';
import type { Sorted } from '../base/sorted.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Strategy } from '../config/centre-config.ts';
import type { Agent } from './agent.ts';
import type { Want } from './wants.ts';
import { noWork } from './work.ts';

/** An agent in a pool, with all that the order of the pool looks at; none of it changes while the agent stands there. */
export interface Candidate {
  readonly agent: AgentId;
  /** 梯次: a lower one always goes first, whatever the strategy. */
  readonly level: number;
  readonly key: number;
  readonly tie: number;
  readonly weight: number;
}

export const beforeInPool = (a: Candidate, b: Candidate): number => a.level - b.level || a.key - b.key || a.tie - b.tie || (a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0);

/** Where an agent stands in a queue. */
export interface Part {
  readonly queue: QueueId;
  readonly level: number;
  readonly position: number;
  readonly weight: number;
}

interface Standing {
  readonly agent: Agent;
  readonly duty: Part;
  readonly skills: AgentConfig['skills'];
  readonly want: Want;
}

/** Smaller goes first. */
const keys: { readonly [Each in Strategy]: (standing: Standing) => number } = {
  'longest-idle': ({ agent }) => idleSince(agent),
  'fewest-calls': ({ agent: { work = noWork } }) => work.calls,
  'least-talk-time': ({ agent: { work = noWork } }) => work.talkMs,
  'round-robin': ({ agent: { work = noWork }, duty }) => work.turns[duty.queue] ?? 0,
  'round-robin-ordered': ({ duty }) => duty.position,
  linear: ({ duty }) => duty.position,
  tiers: ({ duty }) => duty.position,
  random: () => 0,
  'weighted-random': () => 0,
  'most-skilled': ({ want, skills }) => -skillFor(want, skills),
  'least-skilled': ({ want, skills }) => skillFor(want, skills),
  // Who is rung where not all may be.
  'ring-all': ({ agent }) => idleSince(agent),
};

/** Those for which only the order of the numbers counts among equals; all others take the longest idle. */
const byNumber: ReadonlySet<Strategy> = new Set<Strategy>(['round-robin-ordered', 'linear', 'random', 'weighted-random']);

export function candidateOf(strategy: Strategy, standing: Standing): Candidate {
  const { agent, duty } = standing;
  return { agent: agent.id, level: duty.level, key: keys[strategy](standing), tie: byNumber.has(strategy) ? 0 : idleSince(agent), weight: duty.weight };
}

export interface Draw {
  readonly contact: ContactId;
  /** How often it was offered before: another draw each time. */
  readonly n: number;
}

/** `last`: who was rung by the queue before this. `weightMax`: of all its agents. */
export function choose(strategy: Strategy, agents: Sorted<Candidate>, draw: Draw, last: Candidate | undefined, weightMax: number): Candidate | undefined {
  const front = first(agents);
  if (front === undefined) return undefined;
  switch (strategy) {
    case 'round-robin-ordered': {
      const next = last && firstAfter(agents, { ...last, level: front.level });
      return next?.level === front.level ? next : front;
    }
    case 'random':
      return itemAt(agents, number(draw, 0) % inFront(agents, front));
    case 'weighted-random':
      return drawn(agents, inFront(agents, front), draw, weightMax);
    default:
      return front;
  }
}

const inFront = (agents: Sorted<Candidate>, { level }: Candidate): number => countBefore(agents, { level, key: Number.POSITIVE_INFINITY, tie: 0, agent: '' as AgentId, weight: 0 });

/** Anyone is drawn, and taken with the chance of the own weight to the greatest; else drawn again. So each is taken by weight. */
function drawn(agents: Sorted<Candidate>, count: number, draw: Draw, weightMax: number): Candidate | undefined {
  let candidate: Candidate | undefined;
  for (let turn = 0; turn < drawsMax; turn += 1) {
    candidate = itemAt(agents, number(draw, 2 * turn) % count);
    if (candidate !== undefined && number(draw, 2 * turn + 1) % weightMax < candidate.weight) return candidate;
  }
  return candidate;
}

/** With a weight of 1 to 100 one in 23,000 gets so far. */
const drawsMax = 1_000;

/**
 * A number from 0 to 2^32 − 1 that follows from the contact alone, for the decider has no chance in it: the same
 * decision comes of the same events for ever. FNV-1a, its bits mixed as MurmurHash3 ends.
 */
function number({ contact, n }: Draw, salt: number): number {
  let hash = 0x811c9dc5;
  for (const text of [contact, String(n), String(salt)]) {
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ 0xff, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The levels of the skills that are asked for; of all skills where none is. */
function skillFor({ skills: asked }: Want, skills: AgentConfig['skills']): number {
  let sum = 0;
  for (const skill of asked.length > 0 ? asked : Object.keys(skills)) sum += skills[skill] ?? 0;
  return sum;
}

const idleSince = ({ presence }: Agent): number => ('idleSince' in presence ? presence.idleSince : 0);
