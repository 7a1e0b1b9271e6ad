import { describe, expect, test } from 'vitest';
import { agentId, bridgeId } from '../../src/base/ids.ts';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import { nextDeadline } from '../../src/acd/deadlines.ts';
import type { SeenBridge, SeenLeg } from '../../src/telephony/port.ts';
import { callerLeg, Table } from '../support/decider.ts';

describe('while the switch is away', () => {
  test('a ring time that ends ends nothing, and an answer given there meanwhile counts', () => {
    const { table, contact, phone } = rung();
    table.do({ type: 'switch-lost' });
    expect(nextDeadline(table.centre)).toBeUndefined();
    table.wait(120_000);
    expect(table.types()).toEqual(['nothing-to-do']);
    seen(table, [caller(contact), { ...caller(contact), leg: phone, role: 'agent' }]);
    expect(table.types()).toEqual(['offer-ended', 'contact-connected', 'presence-changed', 'recording-started', 'contact-repaired', 'switch-changed']);
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

  test('a caller who is being transferred is claimed again and hears music, and the ring goes on', () => {
    const table = new Table();
    const contact = table.call();
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'number', target: { number: '8001' }, timeoutMs: 30_000 } });
    const leg = [...table.centre.legs.keys()].find((it) => it.startsWith('rx-t-')) ?? callerLeg(contact);
    seen(table, [caller(contact), { ...caller(contact), leg, role: 'transfer', state: 'ringing' }]);
    expect(table.orders()).toEqual(['claim', 'start-music']);
  });

  test('a caller whose ring was lost together with the answer and the music gets all of it again', () => {
    const { table, contact } = rung();
    table.do({ type: 'switch-lost' });
    seen(table, [{ ...caller(contact), state: 'ringing' }]);
    expect(ordersOn(table, callerLeg(contact))).toEqual(['claim', 'answer', 'start-music', 'write-ticket']);
  });

  test('a talk whose bridge was never made is made whole, one that stands is let alone', () => {
    const { table, contact, phone } = rung();
    table.answer(contact);
    const state = table.centre.contacts.get(contact)?.state;
    if (state?.status !== 'connected') throw new Error('they do not talk');
    const legs = [caller(contact), { ...caller(contact), leg: phone, role: 'agent' as const }];
    seen(table, legs);
    expect(ordersOn(table, callerLeg(contact))).toEqual(['claim', 'answer', 'stop-music', 'connect', 'start-recording', 'resume-recording', 'write-ticket']);
    seen(table, legs, [{ bridge: state.bridge, legs: [callerLeg(contact), phone] }]);
    expect(ordersOn(table, callerLeg(contact))).toEqual(['claim', 'answer', 'stop-music', 'start-recording', 'resume-recording', 'write-ticket']);
  });

  test('a recording that is paused is paused again: the word may have been lost', () => {
    const { table, contact, phone } = rung();
    table.answer(contact);
    table.do({ type: 'pause-recording', agent: agentId('1001') });
    seen(table, [caller(contact), { ...caller(contact), leg: phone, role: 'agent' }]);
    expect(table.orders().slice(-3)).toEqual(['start-recording', 'pause-recording', 'write-ticket']);
  });

  test('a bridge that nobody needs is dissolved', () => {
    const table = new Table();
    seen(table, [], [{ bridge: bridgeId('rx-b-c-1-1'), legs: [] }]);
    expect(table.last).toMatchObject({ orders: [{ type: 'dissolve', bridge: 'rx-b-c-1-1' }] });
  });

  test('a phone that begins to ring for an offer that is over is stopped', () => {
    const { table, contact, phone } = rung();
    table.hangUp(contact);
    table.do({ type: 'leg-ringing', leg: phone });
    expect(table.last).toMatchObject({ orders: [{ type: 'hang-up', leg: phone }] });
  });
});

describe('while the switch does not answer', () => {
  test('nothing falls due and nobody is offered a call', () => {
    const { table } = rung();
    table.do({ type: 'switch-stalled' });
    const next = table.queued();
    table.signIn('1002');
    table.wait(120_000);
    expect([nextDeadline(table.centre), table.rungFor(next), table.centre.switchUp]).toEqual([undefined, undefined, false]);
    table.do({ type: 'switch-resumed' });
    expect([table.centre.switchUp, table.rungFor(next) !== undefined]).toEqual([true, true]);
  });

  test('a ring time that ended meanwhile is nobody’s fault: the agent is ready, and is rung again', () => {
    const { table, contact, phone } = rung();
    table.do({ type: 'switch-stalled' });
    table.at += 120_000;
    table.do({ type: 'switch-resumed' });
    expect(table.types()).toEqual(['offer-ended', 'presence-changed', 'switch-changed', 'offer-made', 'presence-changed']);
    expect(table.last).toMatchObject({ orders: [{ type: 'hang-up', leg: phone }, { type: 'ring' }] });
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('an answer that was held up on its way counts', () => {
    const { table, contact, phone } = rung();
    table.do({ type: 'switch-stalled' });
    table.at += 120_000;
    table.do({ type: 'leg-up', leg: phone });
    table.do({ type: 'switch-resumed' });
    expect([table.centre.contacts.get(contact)?.state.status, table.presence('1001')]).toEqual(['connected', 'talking']);
  });
});

describe('a pause of the recording that fails', () => {
  const failing = (type: 'pause-recording' | 'resume-recording') => {
    const { table, contact } = rung();
    table.answer(contact);
    table.do({ type: 'pause-recording', agent: agentId('1001') });
    if (type === 'resume-recording') table.do({ type, agent: agentId('1001') });
    const order = table.last.ok ? table.last.orders.find((one) => one.type === type) : undefined;
    if (order === undefined) throw new Error(`no ${type} was ordered`);
    table.do({ type: 'order-failed', order, reason: 'disconnected', detail: 'timed-out' });
    return table;
  };

  test('is not shown as a pause', () => {
    expect(failing('pause-recording').types()).toEqual(['recording-resumed']);
  });

  test('and one that cannot be ended is a failed recording, so that it ends', () => {
    expect(failing('resume-recording').types()).toEqual(['recording-failed']);
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

function seen(table: Table, legs: readonly SeenLeg[], bridges: readonly SeenBridge[] = []): void {
  table.do({ type: 'switch-seen', startedAt: -1, legs, bridges, devices: [] });
}

/** The types of the orders that are about this leg, but for what is played on it. */
function ordersOn({ last }: Table, leg: LegId): string[] {
  const orders = last.ok ? last.orders : [];
  return orders.flatMap((order) => (order.type !== 'play' && (('leg' in order && order.leg === leg) || ('legs' in order && order.legs[0] === leg)) ? [order.type] : []));
}
