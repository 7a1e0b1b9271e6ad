import { describe, expect, test } from 'vitest';
import { faults, makePlan, ways, wishes } from '../../torture/schedule/plan.ts';

describe('a random schedule', () => {
  const options = { seed: 7, lengthMs: 600_000, agents: 12, faultEveryMs: 9_000 };

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

  test('reaches every way, every wish and every fault', () => {
    const steps = makePlan(options);
    expect(new Set(steps.flatMap((step) => (step.type === 'call' ? step.to : [])))).toEqual(new Set(ways));
    expect(new Set(steps.flatMap((step) => (step.type === 'ask' ? step.wish : [])))).toEqual(new Set(wishes));
    expect(new Set(steps.flatMap((step) => (step.type === 'fault' ? step.fault : [])))).toEqual(new Set(faults));
    expect(steps.some((step) => step.type === 'call' && step.redial)).toBe(true);
  });

  test('whoever is sent away is sent for again', () => {
    const steps = makePlan(options);
    for (const [index, step] of steps.entries()) {
      if (step.type !== 'ask' || step.wish !== 'sign-out' || step.atMs > options.lengthMs - 10_000) continue;
      const after = steps.slice(index + 1).flatMap((later) => (later.type === 'ask' && later.agent === step.agent ? later.wish : []));
      expect(after).toContain('sign-in');
      expect(after).toContain('make-ready');
    }
  });
});
