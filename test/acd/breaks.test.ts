import { describe, expect, test } from 'vitest';
import type { BreakRule } from '../../src/config/centre-config.ts';
import { agentId } from '../../src/base/ids.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const [one, two, elsewhere, supervisor] = [agentId('1001'), agentId('1002'), agentId('1003'), agentId('2001')];
const people = [agent('1001', {}), agent('1002', {}), { ...agent('1003', {}), team: 'b' }, { ...agent('2001', {}, []), role: 'supervisor' as const }];

function lunch(rule: Partial<BreakRule>): Table {
  const table = new Table(sampleCentre(sampleRouting({ agents: people, breaks: new Map([['lunch', { approval: false, ...rule }]]) })));
  table.signIn('1001', '1002', '1003');
  return table;
}
const pause = (table: Table, who: typeof one) => table.do({ type: 'pause', agent: who, reason: 'lunch' });
const alarms = (table: Table) => [...table.centre.alarms.values()].map(({ code, agent: who }) => `${code} ${who ?? ''}`);

describe('a break', () => {
  test('that lasts too long warns supervisors until it is over', () => {
    const table = lunch({ longestMs: 1_800_000 });
    pause(table, one);
    table.wait(1_799_999);
    expect(alarms(table)).toEqual([]);
    table.wait(1);
    expect(alarms(table)).toEqual(['break-too-long 1001']);
    table.wait(3_600_000);
    expect(alarms(table)).toEqual(['break-too-long 1001']);
    table.do({ type: 'make-ready', agent: one });
    expect(alarms(table)).toEqual([]);
    expect(table.history.filter(({ type }) => type.startsWith('alarm-'))).toMatchObject([{ type: 'alarm-raised', agent: '1001' }, { type: 'alarm-cleared', agent: '1001' }]);
  });

  test('that was over in time warns nobody, and the next counts from its own beginning', () => {
    const table = lunch({ longestMs: 60_000 });
    pause(table, one);
    table.wait(50_000);
    table.do({ type: 'make-ready', agent: one });
    pause(table, one);
    table.wait(50_000);
    expect(alarms(table)).toEqual([]);
    table.wait(10_000);
    expect(alarms(table)).toEqual(['break-too-long 1001']);
  });

  test('is for so many of a team at once; who has one to come after the call counts, other teams do not', () => {
    const table = lunch({ atOnce: 1 });
    const contact = table.queued();
    table.answer(contact);
    expect(table.rungFor(contact) ?? table.presence('1001')).toBe('talking');
    pause(table, one);
    expect(pause(table, two)).toEqual({ ok: false, refusal: { code: 'break-full', detail: '1' } });
    expect(pause(table, elsewhere).ok).toBe(true);
    table.do({ type: 'make-ready', agent: one });
    expect(pause(table, two).ok).toBe(true);
    expect(pause(table, one)).toEqual({ ok: false, refusal: { code: 'break-full', detail: '1' } });
  });

  test('may need a supervisor’s agreement: the agent works on until then', () => {
    const table = lunch({ approval: true });
    pause(table, one);
    expect(table.centre.agents.get(one)).toMatchObject({ presence: { status: 'ready' }, asked: { reason: 'lunch' } });
    expect(pause(table, one)).toEqual({ ok: false, refusal: { code: 'already' } });
    expect(table.do({ type: 'grant-break', agent: two, of: one })).toEqual({ ok: false, refusal: { code: 'not-allowed' } });
    table.do({ type: 'grant-break', agent: supervisor, of: one });
    expect(table.centre.agents.get(one)).toMatchObject({ presence: { status: 'paused', reason: 'lunch' } });
    expect(table.centre.agents.get(one)?.asked).toBeUndefined();
    expect(table.do({ type: 'grant-break', agent: supervisor, of: one })).toEqual({ ok: false, refusal: { code: 'no-break-asked' } });
  });

  test('granted during a talk begins after the wrap-up; denied it does not; taken back there is nothing to grant', () => {
    const table = lunch({ approval: true });
    const contact = table.queued();
    table.answer(contact);
    pause(table, one);
    table.do({ type: 'grant-break', agent: supervisor, of: one });
    expect(table.presence('1001')).toBe('talking');
    table.hangUp(contact);
    table.wait(20_000);
    expect(table.centre.agents.get(one)?.presence).toMatchObject({ status: 'paused', reason: 'lunch' });
    pause(table, two);
    table.do({ type: 'deny-break', agent: supervisor, of: two });
    expect(table.centre.agents.get(two)).toMatchObject({ presence: { status: 'ready' } });
    expect(table.history.at(-1)).toMatchObject({ type: 'break-decided', granted: false, by: '2001' });
    pause(table, two);
    table.do({ type: 'make-ready', agent: two });
    expect(table.do({ type: 'grant-break', agent: supervisor, of: two })).toEqual({ ok: false, refusal: { code: 'no-break-asked' } });
  });

  test('cannot be granted past the number at once; a sign-out forgets what was asked', () => {
    const table = lunch({ approval: true, atOnce: 1 });
    pause(table, one);
    pause(table, two);
    table.do({ type: 'grant-break', agent: supervisor, of: one });
    expect(table.do({ type: 'grant-break', agent: supervisor, of: two })).toEqual({ ok: false, refusal: { code: 'break-full', detail: '1' } });
    table.do({ type: 'sign-out', agent: two });
    expect(table.centre.agents.get(two)?.asked).toBeUndefined();
  });
});
