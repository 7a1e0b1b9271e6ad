/** Callers who are to be called back, on a table of the decider. */
import { expect } from 'vitest';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import type { EventOf, EventType } from '../../src/acd/messages.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { CallbackRule } from '../../src/config/centre-config.ts';
import type { LegEnd } from '../../src/telephony/port.ts';
import { Table } from './decider.ts';
import { agent, sampleCentre, sampleRouting } from './sample-routing.ts';

export const rule: CallbackRule = { dial: 'customer-first', key: '9', trunk: 'carrier', allow: ['1', '+1'], otherNumber: true, accept: 'answer', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: 60_000, noAnswer: 300_000, unreachable: 600_000 }, expiresMs: 3_600_000, openMax: 2 };
export const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };

export function tableOf(callback: Partial<CallbackRule> = {}): Table {
  return new Table(sampleCentre(sampleRouting({ queues: { callback: { ...rule, ...callback } }, agents: [agent('1001', {}), agent('1002', {}), supervisor] })));
}

/** The only agent who is there talks to somebody. */
export function busy(table: Table): ContactId {
  table.signIn('1001');
  const talker = table.call('13700000000');
  table.enqueue(talker);
  table.answer(talker);
  return talker;
}

/** What the flow kept as it led to the line. */
export const memory = { flow: 'hotline', node: 'line' };

/** Waits, asks by key, gives the number and hears the last words. */
export function asks(table: Table, contact: ContactId, number = '13900000000'): void {
  table.press(contact, '9');
  table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number } });
}

/** Has left the phone, which is free again. */
export function left(table: Table, number = '13900000000'): ContactId {
  const contact = table.queued('general', 0, { memory });
  asks(table, contact, number);
  table.hangUp(contact);
  table.wait(5_000);
  return contact;
}

export const stateOf = (table: Table, contact: ContactId) => table.centre.contacts.get(contact)?.state;
export const told = <Type extends EventType>(table: Table, type: Type) => table.history.filter((event): event is EventOf<Type> => event.type === type);
export const legOf = (table: Table, contact: ContactId): LegId => table.centre.contacts.get(contact)?.leg ?? expect.fail('gone');
export const answers = (table: Table, contact: ContactId) => table.do({ type: 'leg-up', leg: legOf(table, contact) });
export const misses = (table: Table, contact: ContactId, end: LegEnd) => table.do({ type: 'leg-down', leg: legOf(table, contact), end });
