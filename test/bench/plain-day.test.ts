import { describe, expect, test } from 'vitest';
import { largeDay } from '../../bench/large-day.ts';
import { plainDay } from '../../bench/plain-day.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { scenarioOf } from '../simulate/scenario.ts';

const routed = (scenario: Scenario) => {
  const { calls, samples } = replicate(scenario, 0);
  const { answered = 0, abandoned = 0, waitMs = 0 } = samples[0]?.callers.all['all'] ?? {};
  return { calls, answered, abandoned, waitMs };
};

describe('the peer of the simulator’s bench', () => {
  test('serves one line as the router does, caller by caller', () => {
    const scenario = scenarioOf({ length: '20h', drain: '1000h', agents: { first: { count: 5 } }, classes: { calls: { needs: 'true', arrivals: { perHour: 100 }, handle: { exponential: '3m' }, patience: { exponential: '2m' }, redial: { share: 0.5, after: { exponential: '5m' } } } } });
    const [plain, ours] = [plainDay(scenario), routed(scenario)];
    expect(ours.abandoned).toBeGreaterThan(100);
    expect(plain).toMatchObject({ calls: ours.calls, answered: ours.answered, abandoned: ours.abandoned });
    // The router counts in whole milliseconds.
    expect(Math.abs(plain.waitMs - ours.waitMs)).toBeLessThan(ours.calls * 2);
  });

  test('comes to nearly the same day with teams, shifts and phones, and loses nobody', () => {
    const scenario = largeDay({ calls: 10_000, agents: 100 });
    const [plain, ours] = [plainDay(scenario), routed(scenario)];
    expect(plain.answered + plain.abandoned).toBe(plain.calls);
    expect(Math.abs(plain.answered - ours.answered) / ours.answered).toBeLessThan(0.01);
    expect(Math.abs(plain.waitMs / ours.waitMs - 1)).toBeLessThan(0.25);
  });
});

test.each([100, 137, 1_000])('the bench’s day has %d agents in every line and shift', (agents) => {
  const { routing, duties } = largeDay({ calls: 1_000, agents });
  expect(routing.agents.size).toBe(agents);
  expect(duties[0]?.size).toBe(agents);
  expect([...routing.queues.keys()].filter((queue) => ![...routing.agents.values()].some(({ queues, team }) => team.endsWith('night') && queues.includes(queue)))).toEqual([]);
});
