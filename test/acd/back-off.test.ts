import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { LegEnd } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const own = agentId('1001');
const table = (backOffMs?: Parameters<typeof sampleRouting>[0] extends { backOffMs?: infer Times } | undefined ? Times : never): Table => {
  const made = new Table(sampleCentre(sampleRouting({ agents: [agent('1001', {})], ...(backOffMs && { backOffMs }) })));
  made.signIn('1001');
  return made;
};

describe('an offer that came to nothing', () => {
  const times = { busy: 1_000, unreachable: 2_000, rejected: 3_000, noAnswer: 4_000 };
  test.each<[LegEnd, string, number]>([['busy', 'busy', 1_000], ['unreachable', 'unreachable', 2_000], ['rejected', 'rejected', 3_000], ['no-answer', 'no-answer', 4_000]])('%s: the agent is left alone for its own time, then rung again', (end, because, ms) => {
    const at = table(times);
    const contact = at.queued();
    at.phoneSays(contact, end);
    expect(at.centre.agents.get(own)).toMatchObject({ presence: { status: 'ready' }, restUntil: at.at + ms, restBecause: because });
    at.wait(ms - 1);
    expect(at.rungFor(contact)).toBeUndefined();
    at.wait(1);
    expect(at.rungFor(contact)).toBe('1001');
  });

  test.each<[LegEnd, string]>([['rejected', 'rejected'], ['no-answer', 'missed']])('%s without a time: paused until the agent says otherwise', (end, reason) => {
    const at = table();
    at.phoneSays(at.queued(), end);
    expect(at.centre.agents.get(own)?.presence).toMatchObject({ status: 'paused', reason });
  });

  test('an agent who says ready is there: the rest is over', () => {
    const at = table(times);
    const contact = at.queued();
    at.phoneSays(contact, 'no-answer');
    at.do({ type: 'make-ready', agent: own });
    expect(at.rungFor(contact)).toBe('1001');
    expect(at.do({ type: 'make-ready', agent: own })).toMatchObject({ refusal: { code: 'already' } });
  });
});
