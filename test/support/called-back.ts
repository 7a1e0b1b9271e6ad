/** Callers who are to be called back, on a table of the decider. */
import { expect } from 'vitest';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import type { EventOf, EventType } from '../../src/acd/messages.ts';
import type { LegEnd } from '../../src/telephony/port.ts';
import type { Table } from './decider.ts';

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
