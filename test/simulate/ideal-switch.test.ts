import { expect, test } from 'vitest';
import { replicate } from '../../src/simulate/replicate.ts';
import { scenarioOf } from './scenario.ts';

test('an agent who is rung on a mobile presses 1', () => {
  const scenario = scenarioOf({
    length: '1h', replications: 1, agents: { first: { count: 3, queues: ['line'] } }, queues: { line: { name: { zh: '队列', en: 'line' } } },
    classes: { a: { queue: 'line', arrivals: { perHour: 20 }, talk: { fixed: '1m' } } },
  });
  const agents = new Map([...scenario.routing.agents].map(([id, agent]) => [id, { ...agent, mobile: { number: '13900000000' } }]));
  const { samples } = replicate({ ...scenario, routing: { ...scenario.routing, agents } }, 0);
  const all = samples[0]?.callers.all['all'];
  expect(all?.offered).toBeGreaterThan(10);
  expect(all?.answered).toBe(all?.offered);
});
