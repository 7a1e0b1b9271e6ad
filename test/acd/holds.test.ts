import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { AgentId, ContactId } from '../../src/base/ids.ts';
import type { LastTalk } from '../../src/acd/contact.ts';
import { recordsMs } from '../../src/acd/holds.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const [one, two] = ['1001', '1002'].map(agentId) as [AgentId, AgentId];
const hour = 3_600_000;
const sticky = (): Table => {
  const table = new Table(sampleCentre(sampleRouting({ queues: { sticky: { withinMs: 24 * hour, waitMs: 30_000 } }, agents: [agent('1001', {}), agent('1002', {})] }), 100 * hour));
  table.at = 100 * hour;
  return table;
};
const known = (table: Table, contact: ContactId, last: LastTalk | null) => table.do({ type: 'caller-known', contact, last });
const busy = (table: Table, who: AgentId): ContactId => {
  const contact = table.call();
  known(table, contact, { agent: who, at: table.at - hour });
  table.enqueue(contact);
  table.answer(contact);
  return contact;
};

describe('the same agent as last time', () => {
  test('is rung though another has been idle longer', () => {
    const table = sticky();
    table.signIn('1002', '1001');
    const contact = table.call();
    known(table, contact, { agent: one, at: table.at - hour });
    table.enqueue(contact);
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('who is on a call is waited for, so long; then anyone has it, and it has lost no place', () => {
    const table = sticky();
    table.signIn('1001', '1002');
    busy(table, one);
    const contact = table.call();
    known(table, contact, { agent: one, at: table.at - hour });
    table.enqueue(contact);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(29_999);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(1);
    expect(table.rungFor(contact)).toBe('1002');
    expect(table.history).toContainEqual(expect.objectContaining({ type: 'hold-ended', contact, because: 'time' }));
    expect(table.history).toContainEqual(expect.objectContaining({ type: 'offer-made', contact, waitMs: 30_000 }));
  });

  test('who becomes free in time has it, before those who came later', () => {
    const table = sticky();
    table.signIn('1001');
    const talking = busy(table, one);
    const contact = table.call();
    known(table, contact, { agent: one, at: table.at - hour });
    table.enqueue(contact);
    const later = table.queued();
    table.hangUp(talking);
    table.do({ type: 'finish-wrap-up', agent: one });
    expect(table.rungFor(contact)).toBe('1001');
    expect(table.rungFor(later)).toBeUndefined();
  });

  test.each<[string, (table: Table) => LastTalk]>([
    ['too long ago', ({ at }) => ({ agent: one, at: at - 25 * hour })],
    ['signed out', ({ at }) => ({ agent: agentId('1003'), at: at - hour })],
  ])('%s: anyone, at once', (_, last) => {
    const table = sticky();
    table.signIn('1002', '1001');
    const contact = table.call();
    known(table, contact, last(table));
    table.enqueue(contact);
    expect(table.rungFor(contact)).toBe('1002');
  });

  test('records that come while the caller waits are in time; a stranger waits for nobody', () => {
    const table = sticky();
    table.signIn('1002', '1001');
    const [friend, stranger] = [table.call(), table.call()];
    table.enqueue(friend);
    expect(table.rungFor(friend)).toBeUndefined();
    table.wait(20);
    known(table, friend, { agent: one, at: table.at - hour });
    expect(table.rungFor(friend)).toBe('1001');
    table.enqueue(stranger);
    known(table, stranger, null);
    expect(table.rungFor(stranger)).toBe('1002');
  });

  test('nobody waits for a database: past its time anyone has it, and what comes then changes nothing', () => {
    const table = sticky();
    table.signIn('1002');
    const contact = table.queued();
    table.wait(recordsMs - 2);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(2);
    expect(table.rungFor(contact)).toBe('1002');
    known(table, contact, { agent: one, at: table.at - hour });
    expect(table.rungFor(contact)).toBe('1002');
  });

  test('who signs out, leaves the queue or does not take it is waited for no longer', () => {
    for (const leave of [{ type: 'sign-out', agent: one }, { type: 'leave-queue', agent: one, queue: queueId('general') }] as const) {
      const table = sticky();
      table.signIn('1001', '1002');
      table.do({ type: 'pause', agent: one, reason: 'lunch' });
      const contact = table.call();
      known(table, contact, { agent: one, at: table.at - hour });
      table.enqueue(contact);
      expect(table.rungFor(contact)).toBeUndefined();
      table.do(leave);
      expect(table.rungFor(contact)).toBe('1002');
    }
    const declined = sticky();
    declined.signIn('1002', '1001');
    const contact = declined.call();
    known(declined, contact, { agent: one, at: declined.at - hour });
    declined.enqueue(contact);
    declined.phoneSays(contact, 'rejected');
    expect(declined.rungFor(contact)).toBe('1002');
  });

  test('one who overflows meanwhile is anyone’s there; without a queue that asks, no record makes an event', () => {
    const table = sticky();
    table.signIn('1001');
    const contact = table.call();
    table.do({ type: 'pause', agent: one, reason: 'lunch' });
    known(table, contact, { agent: one, at: table.at - hour });
    table.enqueue(contact, 'billing');
    table.do({ type: 'configure', routing: sampleRouting({ version: 'next', agents: [agent('1001', {}, ['billing'])] }) });
    expect(table.centre.contacts.get(contact)?.hold).toBeUndefined();
    const plain = new Table();
    expect(known(plain, plain.call(), null)).toEqual({ ok: false, refusal: { code: 'nothing-to-do' } });
  });
});

describe('an agent by number', () => {
  test('alone is rung for so long, then anyone', () => {
    const table = new Table();
    table.signIn('1001', '1002');
    table.do({ type: 'pause', agent: two, reason: 'lunch' });
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { agent: { id: two, waitMs: 60_000 } });
    expect(table.rungFor(contact)).toBeUndefined();
    expect(table.queued()).toSatisfy((other: ContactId) => table.rungFor(other) === '1001');
    table.do({ type: 'make-ready', agent: two });
    expect(table.rungFor(contact)).toBe('1002');
    const second = new Table();
    second.signIn('1001');
    const late = second.call();
    second.do({ type: 'sign-in', agent: two });
    second.enqueue(late, 'general', 0, { agent: { id: two, waitMs: 60_000 } });
    second.wait(60_000);
    expect(second.rungFor(late)).toBe('1001');
  });

  test('who is not there, or does not serve the queue, is not waited for', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { agent: { id: two, waitMs: 60_000 } });
    expect(table.rungFor(contact)).toBe('1001');
  });
});
