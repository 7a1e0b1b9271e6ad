import { describe, expect, test } from 'vitest';
import type { AgentConfig, WrapUpMode } from '../../src/config/agent-config.ts';
import { agentId } from '../../src/base/ids.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const own = agentId('1001');

/** One agent who talks, in a queue of this mode, with what is the agent's own. */
function talking(mode: WrapUpMode, more: Partial<AgentConfig> = {}): Table {
  const table = new Table(sampleCentre(sampleRouting({ queues: { wrapUpMode: mode, wrapUpMs: 20_000 }, agents: [{ ...agent('1001', {}), ...more }] })));
  table.signIn('1001');
  table.answer(table.queued());
  return table;
}
const over = (table: Table): void => void table.do({ type: 'hang-up', agent: own });

describe('the wrap-up', () => {
  test('time-boxed: ends at its time, or when the agent says so', () => {
    const table = talking('time-boxed');
    over(table);
    table.wait(10_000);
    expect(table.presence('1001')).toBe('wrap-up');
    table.do({ type: 'finish-wrap-up', agent: own });
    expect(table.presence('1001')).toBe('ready');
  });

  test('time-boxed without early exit: no command ends it, what is asked for comes after it', () => {
    const table = talking('time-boxed-no-early-exit');
    over(table);
    expect(table.do({ type: 'finish-wrap-up', agent: own })).toEqual({ ok: false, refusal: { code: 'wrap-up-fixed' } });
    expect(table.do({ type: 'make-ready', agent: own })).toEqual({ ok: false, refusal: { code: 'wrap-up-fixed' } });
    table.do({ type: 'pause', agent: own, reason: 'lunch' });
    table.wait(19_999);
    expect(table.presence('1001')).toBe('wrap-up');
    table.wait(1);
    expect(table.centre.agents.get(own)?.presence).toMatchObject({ status: 'paused', reason: 'lunch' });
  });

  test('a pause asked for is taken back in a fixed wrap-up too, and the wrap-up goes on', () => {
    const table = talking('time-boxed-no-early-exit');
    table.do({ type: 'pause', agent: own, reason: 'lunch' });
    over(table);
    expect(table.do({ type: 'make-ready', agent: own }).ok).toBe(true);
    expect(table.presence('1001')).toBe('wrap-up');
    table.wait(20_000);
    expect(table.presence('1001')).toBe('ready');
  });

  test('discretionary: lasts until the agent ends it', () => {
    const table = talking('discretionary');
    over(table);
    table.wait(3_600_000);
    expect(table.presence('1001')).toBe('wrap-up');
    table.do({ type: 'make-ready', agent: own });
    expect(table.presence('1001')).toBe('ready');
  });

  test('optional: none, unless the agent asks for it during the talk', () => {
    const without = talking('optional');
    over(without);
    without.wait(0);
    expect(without.presence('1001')).toBe('ready');
    const asked = talking('optional');
    asked.do({ type: 'ask-wrap-up', agent: own });
    over(asked);
    asked.wait(3_600_000);
    expect(asked.presence('1001')).toBe('wrap-up');
    asked.do({ type: 'finish-wrap-up', agent: own });
    expect(asked.presence('1001')).toBe('ready');
    expect(asked.centre.agents.get(own)?.wantsWrapUp).toBeUndefined();
  });

  test('optional, asked for and taken back: none; where one comes anyway there is nothing to ask for', () => {
    const table = talking('optional');
    table.do({ type: 'ask-wrap-up', agent: own });
    expect(table.do({ type: 'ask-wrap-up', agent: own })).toEqual({ ok: false, refusal: { code: 'already' } });
    table.do({ type: 'make-ready', agent: own });
    over(table);
    table.wait(0);
    expect(table.presence('1001')).toBe('ready');
    expect(table.do({ type: 'ask-wrap-up', agent: own })).toEqual({ ok: false, refusal: { code: 'no-call' } });
    expect(talking('time-boxed').do({ type: 'ask-wrap-up', agent: own })).toEqual({ ok: false, refusal: { code: 'already' } });
  });

  test('is the agent’s own where the agent has one: the time, the mode, or both', () => {
    const slower = talking('time-boxed', { wrapUp: { ms: 60_000 } });
    over(slower);
    slower.wait(59_999);
    expect(slower.presence('1001')).toBe('wrap-up');
    slower.wait(1);
    expect(slower.presence('1001')).toBe('ready');
    const free = talking('time-boxed-no-early-exit', { wrapUp: { mode: 'discretionary' } });
    over(free);
    free.wait(60_000);
    expect(free.presence('1001')).toBe('wrap-up');
    free.do({ type: 'finish-wrap-up', agent: own });
    expect(free.presence('1001')).toBe('ready');
  });
});

describe('what is asked for during a call', () => {
  test('a pause comes after the wrap-up, a sign-out too, and make-ready takes either back', () => {
    const paused = talking('time-boxed');
    paused.do({ type: 'pause', agent: own, reason: 'lunch' });
    expect(paused.presence('1001')).toBe('talking');
    over(paused);
    paused.wait(20_000);
    expect(paused.centre.agents.get(own)?.presence).toMatchObject({ status: 'paused', reason: 'lunch' });
    const gone = talking('time-boxed');
    gone.do({ type: 'sign-out', agent: own });
    over(gone);
    gone.wait(20_000);
    expect(gone.presence('1001')).toBe('offline');
    const stays = talking('time-boxed');
    stays.do({ type: 'sign-out', agent: own });
    stays.do({ type: 'make-ready', agent: own });
    over(stays);
    stays.wait(20_000);
    expect(stays.presence('1001')).toBe('ready');
  });

  test('asked for while the phone rings it comes after the ring, if that is not answered', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.do({ type: 'pause', agent: own, reason: 'lunch' });
    table.phoneSays(contact, 'busy');
    expect(table.centre.agents.get(own)?.presence).toMatchObject({ status: 'paused', reason: 'lunch' });
  });
});

describe('idle time', () => {
  test('counts over all queues, from the end of the last talk, and a pause or a missed ring does not renew it', () => {
    const table = new Table(sampleCentre(sampleRouting({ queues: { wrapUpMs: 5_000 } })));
    table.signIn('1001', '1002');
    const first = table.queued('billing');
    expect(table.rungFor(first)).toBe('1001');
    table.answer(first);
    table.wait(10_000);
    over(table);
    table.wait(5_000);
    // 1001 talked in billing, so 1002 has been idle longer for general too, though paused meanwhile.
    table.do({ type: 'pause', agent: agentId('1002'), reason: 'lunch' });
    table.do({ type: 'make-ready', agent: agentId('1002') });
    const second = table.queued('general');
    expect(table.rungFor(second)).toBe('1002');
    table.phoneSays(second, 'no-answer');
    expect(table.rungFor(second)).toBe('1001');
    table.do({ type: 'make-ready', agent: agentId('1002') });
    table.hangUp(second);
    expect(table.rungFor(table.queued('general'))).toBe('1002');
  });
});
