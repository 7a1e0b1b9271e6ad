/** Two plays of the same callers: who went elsewhere in the second, and in which way. */
import type { AgentId } from '../base/ids.ts';
import { isSamePrint } from './ways.ts';
import type { Way, WayEnd, Ways } from './ways.ts';

/** From the one that weighs most; a contact counts for the first of them that is so. */
export type Change =
  | { readonly what: 'end'; readonly from: WayEnd; readonly to: WayEnd }
  | { readonly what: 'queue'; readonly from: string; readonly to: string }
  /** Answered in the same queue by another agent. */
  | { readonly what: 'agent' }
  /** By the same agent at another time, or hung up or sent away at another. */
  | { readonly what: 'sooner' | 'later' }
  /** Other phones rang on the way to the same end. */
  | { readonly what: 'offers' }
  /** Something else was decided about it: what it is told, how its asking widened. */
  | { readonly what: 'other' }
  /** Called again in one play only. */
  | { readonly what: 'calls-again' | 'calls-no-more' };

export type Group = Change & {
  /** Where the contact came to first. */
  readonly queue: string;
  contacts: number;
  /** Together, in the second play more than in the first. */
  waitMs: number;
  /** Some of them. */
  readonly examples: string[];
};

export interface Differences {
  /** Contacts that were played. */
  contacts: number;
  groups: Group[];
  /** Agents of whom something else was decided. */
  readonly agents: Set<AgentId>;
  /** Something else was decided that is about nobody, such as an alarm. */
  centre: boolean;
}

const examplesMax = 5;

export function differencesOf(before: Ways, after: Ways): Differences {
  const groups = new Map<string, Group>();
  const add = (contact: string, change: Change, queue: string, waitMs: number): void => addTo(groups, { ...change, queue, contacts: 1, waitMs, examples: [contact] });
  for (const [contact, way] of before.contacts) {
    const then = after.contacts.get(contact);
    if (then === undefined) add(contact, { what: 'calls-no-more' }, way.queue, 0);
    else if (!isSamePrint(way.print, then.print)) add(contact, changeOf(way, then), way.queue || then.queue, then.waitMs - way.waitMs);
  }
  for (const [contact, way] of after.contacts) if (!before.contacts.has(contact)) add(contact, { what: 'calls-again' }, way.queue, 0);
  const everyone = new Set([...before.agents.keys(), ...after.agents.keys()]);
  const agents = new Set([...everyone].filter((agent) => !isSamePrint(before.agents.get(agent), after.agents.get(agent))));
  return { contacts: new Set([...before.contacts.keys(), ...after.contacts.keys()]).size, groups: sorted(groups), agents, centre: !isSamePrint(before.centre, after.centre) };
}

/** Of several plays together. */
export function together(all: readonly Differences[]): Differences {
  const groups = new Map<string, Group>();
  for (const one of all) for (const group of one.groups) addTo(groups, { ...group, examples: [...group.examples] });
  return { contacts: all.reduce((sum, { contacts }) => sum + contacts, 0), groups: sorted(groups), agents: new Set(all.flatMap(({ agents }) => [...agents])), centre: all.some(({ centre }) => centre) };
}

/** Not one decision differs. */
export const isEmpty = ({ groups, agents, centre }: Differences): boolean => groups.length === 0 && agents.size === 0 && !centre;

function changeOf(before: Way, after: Way): Change {
  if (before.end !== after.end) return { what: 'end', from: before.end, to: after.end };
  if (before.last !== after.last) return { what: 'queue', from: before.last, to: after.last };
  if (before.agent !== after.agent) return { what: 'agent' };
  if (before.waitMs !== after.waitMs) return { what: after.waitMs < before.waitMs ? 'sooner' : 'later' };
  return { what: before.rung === after.rung ? 'other' : 'offers' };
}

function addTo(groups: Map<string, Group>, group: Group): void {
  const { queue, contacts, waitMs, examples, ...change } = group;
  const key = `${queue} ${Object.values(change).join(' ')}`;
  const there = groups.get(key);
  if (there === undefined) return void groups.set(key, group);
  there.contacts += contacts;
  there.waitMs += waitMs;
  there.examples.push(...examples.slice(0, examplesMax - there.examples.length));
}

const sorted = (groups: ReadonlyMap<string, Group>): Group[] => [...groups].sort(([a, one], [b, other]) => other.contacts - one.contacts || (a < b ? -1 : 1)).map(([, group]) => group);
