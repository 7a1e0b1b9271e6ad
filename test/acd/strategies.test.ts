/** Which agent: each strategy, from what agents have done. */
import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { AgentConfig, QueueLevel } from '../../src/config/agent-config.ts';
import { strategies } from '../../src/config/centre-config.ts';
import type { Needs, QueueConfig, Strategy } from '../../src/config/centre-config.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const four = ['1001', '1002', '1003', '1004'];
const inGeneral = (id: string, level: Partial<QueueLevel> = {}, skills = {}): AgentConfig => ({ ...agent(id, skills, ['general']), levels: { general: { level: 1, position: 1, ...level } } });
const at = (strategy: Strategy, agents: readonly AgentConfig[] = four.map((id) => inGeneral(id)), queues: Partial<QueueConfig> = {}): Table =>
  new Table(sampleCentre(sampleRouting({ queues: { strategy, wrapUpMs: 0, ...queues }, agents })));

/** A whole call: who took it. */
function served(table: Table, talkMs = 10_000): string {
  const contact = table.queued();
  const by = table.rungFor(contact);
  table.answer(contact);
  table.at += talkMs;
  table.hangUp(contact);
  table.wait(0);
  return by ?? 'nobody';
}
const rung = (table: Table, calls = 4): (string | undefined)[] => Array.from({ length: calls }, () => table.rungFor(table.queued()));
const refuse = (table: Table, contact: ContactId): unknown => table.phoneSays(contact, 'rejected');

test('longest idle: whoever talked longest ago, and a call of another queue counts', () => {
  const table = at('longest-idle');
  table.signIn('1003', '1001', '1002');
  expect([served(table), served(table), served(table), served(table)]).toEqual(['1003', '1001', '1002', '1003']);
});

test('fewest calls since the sign-in; of those with as many, the longest idle', () => {
  const table = at('fewest-calls');
  table.signIn('1001', '1002');
  expect([served(table), served(table), served(table), served(table)]).toEqual(['1001', '1002', '1001', '1002']);
  table.do({ type: 'sign-out', agent: agentId('1002') });
  table.signIn('1002');
  // From nothing again, and two behind.
  expect([served(table), served(table), served(table)]).toEqual(['1002', '1002', '1001']);
});

test('least talk time since the sign-in, however many calls that were', () => {
  const table = at('least-talk-time');
  table.signIn('1001', '1002');
  expect([served(table, 60_000), served(table, 20_000), served(table, 20_000), served(table, 30_000), served(table)]).toEqual(['1001', '1002', '1002', '1002', '1001']);
});

test('round robin: whoever had no turn for longest, and a phone that was not answered was a turn', () => {
  const table = at('round-robin');
  table.signIn('1002', '1001', '1003');
  const first = table.queued();
  expect(table.rungFor(first)).toBe('1002');
  refuse(table, first);
  expect(table.rungFor(first)).toBe('1001');
  table.do({ type: 'make-ready', agent: agentId('1002') });
  expect(rung(table, 2)).toEqual(['1003', '1002']);
});

test('round robin in order: the next one after the last in the order of position and number, and from the front again', () => {
  const table = at('round-robin-ordered', [inGeneral('1001'), inGeneral('1002', { position: 2 }), inGeneral('1003'), inGeneral('1004')]);
  table.signIn('1004', '1002', '1003', '1001');
  expect([served(table), served(table), served(table), served(table), served(table)]).toEqual(['1001', '1003', '1004', '1002', '1001']);
});

test.each(['round-robin', 'round-robin-ordered'] as const)('%s remembers whose turn it was over a restart, and over the sign-out of who had it', (strategy) => {
  const table = at(strategy);
  table.signIn(...four);
  expect([served(table), served(table)]).toEqual(['1001', '1002']);
  table.do({ type: 'sign-out', agent: agentId('1002') });
  const { centre } = table;
  const again = new Table(makeCentre(centre.routing, JSON.parse(JSON.stringify({ contacts: [], agents: [...centre.agents.values()], offers: [], closed: [] })) as never, table.at));
  again.centre.switchUp = true;
  again.at = table.at;
  again.signIn('1002');
  expect([served(again), served(again), served(again), served(again)]).toEqual(['1003', '1004', '1001', '1002']);
});

test('linear: always the first in the order of position and number', () => {
  const table = at('linear', [inGeneral('1001', { position: 9 }), inGeneral('1002'), inGeneral('1003')]);
  table.signIn('1001', '1003', '1002');
  expect([served(table), served(table)]).toEqual(['1002', '1002']);
  expect(rung(table, 3)).toEqual(['1002', '1003', '1001']);
});

test('tiers: level before position, and of one position the longest idle', () => {
  const table = at('tiers', [inGeneral('1001', { level: 2, position: 1 }), inGeneral('1002', { position: 2 }), inGeneral('1003', { position: 1 }), inGeneral('1004', { position: 1 })]);
  table.signIn('1001', '1002', '1004', '1003');
  expect(rung(table)).toEqual(['1004', '1003', '1002', '1001']);
});

test.each(strategies)('%s: a lower level goes first', (strategy) => {
  const table = at(strategy, [inGeneral('1001', { level: 3 }), inGeneral('1002', { level: 2 }), inGeneral('1003', { level: 5 }), inGeneral('1004')]);
  table.signIn('1001', '1003', '1002', '1004');
  expect(rung(table)).toEqual(['1004', '1002', '1001', '1003']);
});

describe('by chance', () => {
  const shares = (table: Table, calls: number): number[] => {
    table.signIn(...four);
    const counts = new Map<string, number>();
    for (let call = 0; call < calls; call += 1) {
      const by = served(table);
      counts.set(by, (counts.get(by) ?? 0) + 1);
    }
    return four.map((id) => (counts.get(id) ?? 0) / calls);
  };

  test('random takes everyone alike, and the same one again for the same events', () => {
    const found = shares(at('random'), 2_000);
    // Four standard deviations of a quarter of 2,000 are 4 %.
    for (const share of found) expect(Math.abs(share - 0.25)).toBeLessThan(0.04);
    expect(shares(at('random'), 2_000)).toEqual(found);
  });

  test('weighted random takes each by weight', () => {
    const found = shares(at('weighted-random', [inGeneral('1001'), inGeneral('1002', { weight: 2 }), inGeneral('1003', { weight: 3 }), inGeneral('1004', { weight: 4 })]), 2_000);
    for (const [index, share] of found.entries()) expect(Math.abs(share - (index + 1) / 10)).toBeLessThan(0.045);
  });

  test('who did not answer is not drawn for the same call for ever', () => {
    const table = at('random');
    table.signIn(...four);
    const contact = table.queued();
    const first = table.rungFor(contact);
    table.phoneSays(contact, 'rejected');
    expect(table.rungFor(contact)).not.toBe(first);
  });
});

describe('by skill', () => {
  const needs: Needs = { type: 'all', of: [{ type: 'level', skill: 'billing', is: '>=', level: 1 }, { type: 'not', of: { type: 'level', skill: 'trainee', is: '>=', level: 1 } }] };
  const skilled = (strategy: Strategy, rule: Needs = needs): Table => at(strategy, [inGeneral('1001', {}, { billing: 3 }), inGeneral('1002', {}, { billing: 9 }), inGeneral('1003', {}, { billing: 1, faults: 10 }), inGeneral('1004', {}, { billing: 5, trainee: 1 })], { needs: { text: 'x', tree: rule } });

  test('most skilled, in what is asked for', () => {
    const table = skilled('most-skilled');
    table.signIn(...four);
    expect(rung(table)).toEqual(['1002', '1001', '1003', undefined]);
  });

  test('least skilled first keeps the experts free', () => {
    const table = skilled('least-skilled');
    table.signIn(...four);
    expect(rung(table)).toEqual(['1003', '1001', '1002', undefined]);
  });

  test('where nothing is asked for, all skills count', () => {
    const table = skilled('least-skilled', { type: 'anyone' });
    table.signIn(...four);
    expect(rung(table)).toEqual(['1001', '1004', '1002', '1003']);
  });
});

test('another strategy is taken while agents wait for calls', () => {
  const table = at('longest-idle');
  table.signIn('1003', '1002', '1001');
  table.do({ type: 'configure', routing: sampleRouting({ version: 'linear', queues: { strategy: 'linear' }, agents: four.map((id) => inGeneral(id)) }) });
  expect(rung(table, 3)).toEqual(['1001', '1002', '1003']);
});

test('one agent who comes free serves the caller who comes first, but the queue chooses among several', () => {
  const table = at('linear');
  table.signIn('1004', '1002');
  table.do({ type: 'switch-lost' });
  const [one, two] = [table.queued(), table.queued()];
  table.do({ type: 'switch-resumed' });
  expect([table.rungFor(one), table.rungFor(two)]).toEqual(['1002', '1004']);
});
