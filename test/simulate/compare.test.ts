import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import { compare } from '../../src/simulate/compare.ts';
import { isEmpty, together } from '../../src/simulate/differences.ts';
import { compareFigures, figuresOf } from '../../src/simulate/figures.ts';
import { runComparisons } from '../../src/simulate/pool.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { scenarioOf } from './scenario.ts';

const name = { zh: '队列', en: 'line' };
const busy = scenarioOf({
  length: '2h', replications: 3, drain: '10m',
  agents: { first: { count: 3, skills: { talk: 5 }, queues: ['line'] }, second: { count: 2, skills: { talk: 2 }, queues: ['line', 'other'] } },
  queues: { line: { name, needs: 'talk', overflow: { after: '1m', to: 'other' } }, other: { name } },
  phones: { answer: { exponential: '3s' }, missed: { share: 0.02, back: { fixed: '1m' } } },
  classes: {
    a: { queue: 'line', arrivals: { perHour: 70 }, talk: { lognormal: { mean: '3m', cv: 1 } }, patience: { exponential: '2m' }, redial: { share: 0.4, after: { exponential: '3m' } } },
    b: { queue: 'line', priority: 5, arrivals: { perHour: 10 }, talk: { exponential: '3m' }, known: 0.3 },
  },
});

const withQueue = (id: string, change: Partial<QueueConfig>): Scenario => {
  const { routing } = busy;
  return { ...busy, routing: { ...routing, version: 'new', queues: new Map([...routing.queues].map(([each, queue]) => [each, each === id ? { ...queue, ...change } : queue])) } };
};

/** Everything that was decided, without the configuration's name. */
const decided = (scenario: Scenario): string[] => {
  const all: string[] = [];
  replicate(scenario, 0, undefined, (event) => void all.push(JSON.stringify({ ...event, version: undefined })));
  return all;
};

describe('two plays of the same callers', () => {
  test('the same configuration under another name: not one decision differs', () => {
    const { differences, before, after } = compare(busy, withQueue('none', {}), 0);
    expect(differences).toMatchObject({ groups: [], centre: false });
    expect(isEmpty(differences)).toBe(true);
    expect(differences.contacts).toBeGreaterThan(120);
    expect(after).toEqual(before);
  });

  const changes = fc.record({
    queue: fc.constantFrom('line', 'other'),
    change: fc.oneof(
      fc.record({ strategy: fc.constantFrom('longest-idle', 'linear', 'random', 'least-skilled', 'fewest-calls', 'tiers') }),
      fc.record({ ringMs: fc.constantFrom(4_000, 15_000, 30_000) }),
      fc.record({ wrapUpMs: fc.constantFrom(0, 20_000, 60_000) }),
      fc.record({ maxWaiting: fc.constantFrom(1, 5, 1_000) }),
      fc.record({ maxWaitMs: fc.constantFrom(30_000, 3_600_000) }),
      fc.record({ priority: fc.constantFrom(0, 3) }),
      fc.record({ serviceLevelMs: fc.constantFrom(1_000, 15_000) }),
      fc.record({ redialMs: fc.constantFrom(60_000, 600_000) }),
      fc.record({ sticky: fc.constant({ withinMs: 3_600_000, waitMs: 20_000 }) }),
      fc.record({ overflow: fc.record({ afterMs: fc.constantFrom(10_000, 60_000, 7_200_000), to: fc.constant(queueId('other')) }) }),
      fc.record({ announce: fc.constant({ apology: { afterMs: 10_000, prompt: 'all-busy' } }) }),
    ),
  });

  test('it is empty if and only if no decision differs', () => {
    const plain = decided(busy).sort();
    const seen = { empty: 0, full: 0 };
    fc.assert(fc.property(changes, ({ queue, change }) => {
      // What the record arbitrary gives has the types of the fields it is named by.
      const other = withQueue(queue, change as Partial<QueueConfig>);
      const { differences } = compare(busy, other, 0);
      const same = JSON.stringify(decided(other).sort()) === JSON.stringify(plain);
      expect(isEmpty(differences)).toBe(same);
      seen[same ? 'empty' : 'full'] += 1;
    }), { numRuns: 24, seed: 7 });
    expect(seen.empty).toBeGreaterThan(2);
    expect(seen.full).toBeGreaterThan(10);
  });

  test('a decision about an agent alone, and one about nobody, are differences too', () => {
    const { routing } = busy;
    const alone = { ...busy, routing: { ...routing, queues: new Map([...routing.queues].map(([id, queue]) => [id, { ...queue, wrapUpMs: queue.wrapUpMs + 1 }])) } };
    // Few enough callers that nobody ever meets an agent in wrap-up.
    const calm = (scenario: Scenario): Scenario => ({ ...scenario, classes: scenario.classes.slice(1).map((each) => ({ ...each, arrivals: { type: 'random', everyMs: 7_200_000, calls: [1] } })) });
    const { differences } = compare(calm(busy), calm(alone), 2);
    expect(differences.groups).toEqual([]);
    expect(differences.agents.size).toBeGreaterThan(0);
    expect(isEmpty(differences)).toBe(false);
  });

  test('who went elsewhere is told by queue and by what changed, each contact once', () => {
    const { differences, before, after } = compare(busy, withQueue('line', { maxWaiting: 2, strategy: 'linear' }), 0);
    const away = differences.groups.filter((group) => group.what === 'end' && group.to === 'turned-away');
    expect(away.map(({ queue }) => queue)).toEqual(away.map(() => 'line'));
    expect(away.length).toBeGreaterThan(0);
    expect(differences.groups.map(({ what }) => what)).toContain('agent');
    expect(differences.groups.find(({ what }) => what === 'agent')?.examples[0]).toMatch(/^c-0000000000-\d+$/);
    const turned = (sample: typeof before) => sample.samples[0]?.callers.all['all']?.turnedAway ?? 0;
    const moved = differences.groups.flatMap((group) => (group.what === 'end' ? [(group.to === 'turned-away' ? 1 : 0) * group.contacts - (group.from === 'turned-away' ? 1 : 0) * group.contacts] : []));
    const again = differences.groups.flatMap((group) => (group.what === 'calls-no-more' || group.what === 'calls-again' ? [group.contacts] : [])).reduce((sum, each) => sum + each, 0);
    expect(Math.abs(turned(after) - turned(before) - moved.reduce((sum, each) => sum + each, 0))).toBeLessThanOrEqual(again);
    expect(differences.groups.reduce((sum, { contacts }) => sum + contacts, 0)).toBeLessThanOrEqual(differences.contacts);
  });

  test('an agent who is taken out takes no call, and all that were theirs go elsewhere', () => {
    const gone = agentId('100000');
    const { routing } = busy;
    const other = { ...busy, routing: { ...routing, agents: new Map([...routing.agents].filter(([id]) => id !== gone)) } };
    const { differences, after } = compare(busy, other, 0);
    expect(after.samples[0]?.agents[gone]).toBeUndefined();
    expect(differences.agents.has(gone)).toBe(true);
    expect(differences.groups.length).toBeGreaterThan(0);
  });

  test('on whatever thread, and several plays together', async () => {
    const other = withQueue('line', { strategy: 'random' });
    const here = [0, 1, 2].map((index) => compare(busy, other, index));
    expect(await runComparisons(busy, other, 2)).toEqual(here);
    const all = together(here.map(({ differences }) => differences));
    const sum = (groups: readonly { readonly contacts: number }[]): number => groups.reduce((total, { contacts }) => total + contacts, 0);
    expect(sum(all.groups)).toBe(here.reduce((total, { differences }) => total + sum(differences.groups), 0));
    expect(all.contacts).toBe(here.reduce((total, { differences }) => total + differences.contacts, 0));
  });
});

describe('the change in every figure', () => {
  test('is that of the two, and surer than either alone', () => {
    const many = { ...busy, replications: 8 };
    const other = { ...withQueue('line', { ringMs: 6_000 }), replications: 8 };
    const [before, after] = [many, other].map((scenario) => Array.from({ length: 8 }, (_, index) => replicate(scenario, index).samples).flat());
    if (before === undefined || after === undefined) throw new Error('two plays');
    const compared = compareFigures(many, before, other, after);
    const [one, then] = [figuresOf(many, before), figuresOf(other, after)];
    for (const figure of ['serviceLevel', 'meanWaitMs', 'abandonRate', 'offered', 'occupancy'] as const) {
      expect(compared.all[figure]).toMatchObject({ before: one.all[figure], after: then.all[figure] });
      expect(compared.all[figure].change.mean).toBeCloseTo((then.all[figure].mean ?? NaN) - (one.all[figure].mean ?? NaN), 10);
    }
    // Common random numbers: what chance did to both is not in it.
    expect(compared.all.meanWaitMs.change.halfWidth ?? NaN).toBeLessThan(one.all.meanWaitMs.halfWidth ?? NaN);
    expect(compareFigures(many, before, many, before).all.meanWaitMs.change).toEqual({ mean: 0, halfWidth: 0 });
  });
});
