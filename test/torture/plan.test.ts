import { describe, expect, test } from 'vitest';
import { makePlan } from '../../torture/schedule/plan.ts';

describe('a random schedule', () => {
  const options = { seed: 7, lengthMs: 600_000, agents: 30 };

  test('is the same for the same seed and another for another', () => {
    expect(makePlan(options)).toEqual(makePlan(options));
    expect(makePlan({ ...options, seed: 8 })).not.toEqual(makePlan(options));
  });

  test('is in order, within its length, and names agents who are there', () => {
    const steps = makePlan(options);
    expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(steps.every(({ atMs }) => atMs >= 0 && atMs < options.lengthMs)).toBe(true);
    expect(steps.every((step) => !('agent' in step) || step.agent < options.agents)).toBe(true);
  });

  test('reaches every kind of step', () => {
    const steps = makePlan(options);
    const kinds = new Set(steps.map((step) => (step.type === 'stop' ? step.who : step.type)));
    expect(kinds).toEqual(new Set(['call', 'pause', 'make-ready', 'kill-service', 'service', 'redis', 'postgres', 'asterisk']));
  });
});
