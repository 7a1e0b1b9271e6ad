/** What a promised callback must withstand: switches, trunks, restarts, and its own queue. */
import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import type { EventOf, EventType } from '../../src/acd/messages.ts';
import type { AgentConfig, CallbackRule, QueueConfig } from '../../src/config/centre-config.ts';
import type { LegEnd } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const memory = { flow: 'hotline', node: 'line' };
const rule: CallbackRule = { key: '9', trunk: 'carrier', allow: ['1'], otherNumber: true, accept: 'answer', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: 60_000, noAnswer: 300_000, unreachable: 600_000 }, expiresMs: 28_800_000, openMax: 20 };
const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };

const tableOf = (callback: Partial<CallbackRule> = {}, queue: Partial<QueueConfig> = {}): Table =>
  new Table(sampleCentre(sampleRouting({ queues: { callback: { ...rule, ...callback }, ...queue }, agents: [agent('1001', {}, ['general']), supervisor] })));

function asks(table: Table, contact: ContactId, number = '13900000000'): void {
  table.press(contact, '9');
  table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number } });
}

/** The only agent talks to somebody. */
function busy(table: Table): ContactId {
  table.signIn('1001');
  const talker = table.queued('general', 0, { memory });
  table.answer(talker);
  return talker;
}

/** Has left the phone, and the short time after it is over. */
function left(table: Table, number = '13900000000'): ContactId {
  const contact = table.queued('general', 0, { memory });
  asks(table, contact, number);
  table.hangUp(contact);
  table.wait(10_000);
  return contact;
}

const stateOf = (table: Table, contact: ContactId) => table.centre.contacts.get(contact)?.state;
const told = <Type extends EventType>(table: Table, type: Type) => table.history.filter((event): event is EventOf<Type> => event.type === type);
const legOf = (table: Table, contact: ContactId): LegId => table.centre.contacts.get(contact)?.leg ?? expect.fail('gone');
const answers = (table: Table, contact: ContactId) => table.do({ type: 'leg-up', leg: legOf(table, contact) });
const misses = (table: Table, contact: ContactId, end: LegEnd) => table.do({ type: 'leg-down', leg: legOf(table, contact), end });

describe('those who left the phone', () => {
  test.each([{ maxWaiting: 3 }, { divert: { callersPerAgent: 2.5 } }])('keep no caller out while an agent is free: %j', (limit) => {
    const table = tableOf({}, limit);
    const talker = busy(table);
    for (const number of ['13900000001', '13900000002', '13900000003']) misses(table, left(table, number), 'no-answer');
    table.hangUp(talker);
    table.do({ type: 'finish-wrap-up', agent: agentId('1001') });
    const caller = table.call('13811111111');
    table.enqueue(caller);
    expect(table.rungFor(caller)).toBe('1001');
  });
});
