/** What is known of who should be able to take whose calls, found again with the production router. */
import { describe, expect, test } from 'vitest';
import { pop, push } from '../../src/base/heap.ts';
import { callsOf } from '../../src/simulate/callers.ts';
import { erlangWaitSeconds } from '../../src/simulate/erlang.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { studentT } from '../../src/simulate/student.ts';
import { inMilliseconds, oneLine } from './one-line.ts';
import type { Caller } from './one-line.ts';
import { scenarioOf } from './scenario.ts';

const handle = 180;

/** So many kinds of calls and groups of agents; a group has its own kind's skill and those of the next ones. */
function centre({ kinds, agents, load, skills, ...more }: { readonly kinds: number; readonly agents: number; readonly load: number; readonly skills: number } & Readonly<Record<string, unknown>>): Scenario {
  const names = Array.from({ length: kinds }, (_, index) => `kind${index}`);
  const skillsOf = (group: number) => Object.fromEntries(Array.from({ length: skills }, (_, next) => [names[(group + next) % kinds], 5]));
  return scenarioOf({
    drain: '1000h',
    agents: Object.fromEntries(names.map((name, group) => [name, { count: agents, skills: skillsOf(group) }])),
    classes: Object.fromEntries(names.map((name) => [name, { needs: `${name} >= 1`, serviceLevel: '20s', arrivals: { perHour: (agents * load * 3_600) / handle }, handle: { exponential: `${handle}s` } }])),
    ...more,
  });
}

describe('pooled against separate groups, with the same callers and agents', () => {
  const all = { kinds: 2, agents: 10, load: 0.85, length: '12h', seed: 'pool' };
  const [separate, pooled] = [centre({ ...all, skills: 1 }), centre({ ...all, skills: 2 })];
  const apart = replicate(separate, 0).samples[0]?.callers;
  const together = replicate(pooled, 0).samples[0]?.callers;

  test.each([0, 1])('group %d, which cannot be helped, is an Erlang C line of its own: each caller waits as there', (index) => {
    const waits = waitsOf(callersOf(separate, [index]), 10);
    expect(apart?.class[`kind${index}`]).toMatchObject({ offered: waits.length, waitMs: sum(waits), longestMs: Math.max(...waits) });
  });

  test('two queues that all agents serve are one Erlang C line of them all: each caller waits as there', () => {
    const waits = waitsOf(callersOf(pooled, [0, 1]), 20);
    expect(together?.all['all']).toMatchObject({ offered: waits.length, waitMs: sum(waits), longestMs: Math.max(...waits) });
  });

  test('so the common line’s wait is less than half of the separate ones’, as Erlang C says', () => {
    const theory = (agents: number): number => erlangWaitSeconds({ agents, callsPerSecond: (agents * all.load) / handle, handleSeconds: handle });
    expect(theory(10) / theory(20)).toBeGreaterThan(2);
    expect((apart?.all['all']?.waitMs ?? 0) / (together?.all['all']?.waitMs ?? 1)).toBeGreaterThan(2);
  });
});

/** Wallace and Whitt (2005): with two skills for each agent a centre does nearly as well as when everyone can do all. */
test('two skills per agent give more than four fifths of the gain of full cross-training, at 99 % confidence', () => {
  const replications = 6;
  const waits = [1, 2, 6].map((skills) => {
    const design = centre({ kinds: 6, agents: 5, load: 0.9, skills, warmUp: '1h', length: '3h' });
    return Array.from({ length: replications }, (_, replication) => {
      const counts = replicate(design, replication).samples[0]?.callers.all['all'];
      return (counts?.waitMs ?? 0) / (counts?.offered ?? 1);
    });
  });
  // The same callers met all three designs, so that the share of the gain is seen in each replication by itself.
  const gains = Array.from({ length: replications }, (_, index) => ((waits[0]?.[index] ?? 0) - (waits[1]?.[index] ?? 0)) / ((waits[0]?.[index] ?? 0) - (waits[2]?.[index] ?? 0)));
  const mean = sum(gains) / replications;
  const halfWidth = studentT(0.99, replications - 1) * Math.sqrt(sum(gains.map((gain) => (gain - mean) ** 2)) / (replications - 1) / replications);
  expect(mean - halfWidth).toBeGreaterThan(0.8);
  expect(mean + halfWidth).toBeLessThan(1);
});

/** The calls of these classes in the order in which they come. */
function callersOf(scenario: Scenario, classes: readonly number[]): Caller[] {
  const heap: { readonly caller: Caller; readonly order: number; readonly next: () => ReturnType<ReturnType<typeof callsOf>> }[] = [];
  const sooner = (a: (typeof heap)[number], b: (typeof heap)[number]): boolean => a.caller.at < b.caller.at || (a.caller.at === b.caller.at && a.order < b.order);
  const add = (next: ReturnType<typeof callsOf>, order: number): void => {
    const call = next();
    if (call !== undefined) push(heap, { caller: inMilliseconds(call), order, next }, sooner);
  };
  for (const index of classes) add(callsOf(scenario, 0, index), index);
  const callers: Caller[] = [];
  for (let first = pop(heap, sooner); first !== undefined; first = pop(heap, sooner)) {
    callers.push(first.caller);
    add(first.next, first.order);
  }
  return callers;
}

function waitsOf(callers: readonly Caller[], agents: number): number[] {
  const line = oneLine(agents);
  return callers.map((caller) => line(caller).wait);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
