import { describe, expect, test } from 'vitest';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import { nextDeadline } from '../../src/acd/deadlines.ts';
import type { SeenLeg } from '../../src/telephony/port.ts';
import { callerLeg, Table } from '../support/decider.ts';

describe('while the switch is away', () => {
  test('a ring time that ends ends nothing, and an answer given there meanwhile counts', () => {
    const { table, contact, phone } = rung();
    table.do({ type: 'switch-lost' });
    expect(nextDeadline(table.centre)).toBeUndefined();
    table.wait(120_000);
    expect(table.types()).toEqual(['nothing-to-do']);
    seen(table, [caller(contact), { ...caller(contact), leg: phone, role: 'agent' }]);
    expect(table.types()).toEqual(['offer-ended', 'contact-connected', 'presence-changed', 'recording-started', 'switch-changed']);
    expect(table.presence('1001')).toBe('talking');
  });

  test('a phone that still rings past its time is missed as soon as the switch is seen', () => {
    const { table, contact, phone } = rung();
    table.do({ type: 'switch-lost' });
    table.at += 120_000;
    seen(table, [caller(contact), { ...caller(contact), leg: phone, role: 'agent', state: 'ringing' }]);
    expect(table.types()).toEqual(['contact-repaired', 'switch-changed', 'offer-ended', 'presence-changed']);
    expect(table.orders()).toContain('hang-up');
    expect(table.presence('1001')).toBe('paused');
  });

  test('a contact whose hang-up comes through only afterwards is not taken for a new one', () => {
    const table = new Table();
    const contact = table.call();
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'end' } });
    table.at += 60_000;
    seen(table, [caller(contact)]);
    expect(table.types()).toEqual(['contact-repaired', 'contact-closed']);
    expect(table.orders()).toEqual(['hang-up', 'hang-up']);
  });

  test.each(['in the flow', 'in line'])('a caller %s whose claim was lost with the process is claimed again', (where) => {
    const table = new Table();
    const contact = where === 'in line' ? table.queued() : table.call();
    seen(table, [caller(contact)]);
    expect(table.orders()).toContain('claim');
    expect(table.orders()).not.toContain('hang-up');
  });

  test('a caller who is being transferred is claimed again and nothing else is touched', () => {
    const table = new Table();
    const contact = table.call();
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'number', target: { number: '8001' }, timeoutMs: 30_000 } });
    const leg = [...table.centre.legs.keys()].find((it) => it.startsWith('rx-t-')) ?? callerLeg(contact);
    seen(table, [caller(contact), { ...caller(contact), leg, role: 'transfer', state: 'ringing' }]);
    expect(table.orders()).toEqual(['claim']);
  });
});

test('a transfer that cannot be bridged ends, rather than leaving two people in silence', () => {
  const table = new Table();
  const contact = table.call();
  table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'number', target: { number: '8001' }, timeoutMs: 30_000 } });
  const leg = [...table.centre.legs.keys()].find((it) => it.startsWith('rx-t-')) ?? callerLeg(contact);
  const answered = table.do({ type: 'leg-up', leg });
  const order = answered.ok ? answered.orders.find(({ type }) => type === 'connect') : undefined;
  expect(order).toBeDefined();
  if (order) table.do({ type: 'order-failed', order, reason: 'refused', detail: '500' });
  expect(table.types()).toEqual(['contact-ended']);
  expect(table.orders()).toEqual(['hang-up', 'hang-up', 'dissolve']);
});

function rung(): { table: Table; contact: ContactId; phone: LegId } {
  const table = new Table();
  table.signIn('1001');
  const contact = table.queued();
  return { table, contact, phone: table.ringing(contact) };
}

const caller = (contact: ContactId): SeenLeg => ({ leg: callerLeg(contact), role: 'caller', state: 'up', ani: '', dnis: '4000', since: 0 });

function seen(table: Table, legs: readonly SeenLeg[]): void {
  table.do({ type: 'switch-seen', startedAt: -1, legs, bridges: [], devices: [] });
}
