import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { standingIn } from '../../src/acd/lines.ts';
import type { CallbackRule } from '../../src/config/centre-config.ts';
import { Table } from '../support/decider.ts';
import { answers, asks, busy, left, memory, rule, stateOf, tableOf, told } from '../support/called-back.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

describe('asking', () => {
  test('the key leads out of the line, and the place stands in it as it was once the phone is put down', () => {
    const table = tableOf();
    const contact = table.queued('general', 3, { memory, tier: 'vip' });
    const behind = table.queued();
    table.press(contact, '9');
    expect(told(table, 'contact-left-queue')).toMatchObject([{ contact, because: 'callback', key: '9', memory }]);
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number: '13900000000' } });
    expect(stateOf(table, contact)?.status).toBe('in-flow');
    table.hangUp(contact);
    expect(table.types()).toEqual(['callback-waiting']);
    expect(table.orders()).toEqual([]);
    expect(stateOf(table, contact)).toEqual({ status: 'callback', queue: 'general', queuedAt: 0, enteredAt: 0, priority: 3, tier: 'vip', rests: table.at + 5_000, memory });
    expect(standingIn(table.centre, queueId('general'))).toEqual([contact, behind]);
  });

  test('a flow that ends after the last words puts the phone down itself, and the contact is not over', () => {
    const table = tableOf();
    const contact = table.queued('general', 0, { memory });
    asks(table, contact);
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], exit: { to: 'end' } });
    expect(table.types()).toEqual(['flow-moved', 'callback-waiting']);
    expect(table.orders()).toEqual(['hang-up']);
    table.hangUp(contact);
    expect(stateOf(table, contact)?.status).toBe('callback');
  });

  test('who hangs up before anything was promised is gone', () => {
    const table = tableOf();
    const contact = table.queued('general', 0, { memory });
    table.press(contact, '9');
    table.hangUp(contact);
    expect(table.types()).toEqual(['contact-ended']);
  });

  test('is refused where the queue calls nobody back, for what is no number, and past the limit', () => {
    const table = tableOf();
    const ask = (contact: ContactId, number: string): string[] => {
      table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number } });
      return table.types();
    };
    const none = new Table();
    const stranger = none.queued('general', 0, { memory, keys: ['9'] });
    none.press(stranger, '9');
    none.do({ type: 'flow-moved', contact: stranger, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number: '13800000000' } });
    expect(none.types()).toEqual(['no-callback']);
    left(table, '13900000001');
    left(table, '13900000002');
    const third = table.queued('general', 0, { memory });
    table.press(third, '9');
    expect([ask(third, '12'), ask(third, '138;ls'), ask(third, '13900000003')]).toEqual([['bad-number'], ['bad-number'], ['callbacks-full']]);
  });

  test('only numbers that begin as the queue allows are dialled, the caller’s own among them, and another than his own only where it says so', () => {
    const asked = (rules: Partial<CallbackRule>, number: string): string | undefined => {
      const table = tableOf(rules);
      const contact = table.queued('general', 0, { memory });
      table.press(contact, '9');
      table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number } });
      return table.types()[0];
    };
    expect([asked({ allow: ['138'] }, '13800000000'), asked({ allow: ['139'] }, '13800000000'), asked({ allow: ['00'] }, '13900000000')]).toEqual(['flow-moved', 'bad-number', 'bad-number']);
    expect([asked({ otherNumber: false }, '13800000000'), asked({ otherNumber: false }, '13900000000')]).toEqual(['flow-moved', 'bad-number']);
  });

  test('is offered once after its time, by the key as it is pressed, and not to one who was called back', () => {
    const table = new Table(sampleCentre(sampleRouting({ queues: { callback: rule, announce: { callback: { afterMs: 60_000, key: '9' } } } })));
    const contact = table.queued('general', 0, { memory });
    table.wait(59_999);
    expect(told(table, 'contact-told')).toMatchObject([{ contact, media: [{ name: 'callback-offer-before' }, { say: 'number', number: 9 }, { name: 'callback-offer-after' }] }]);
    table.wait(600_000);
    expect(told(table, 'contact-told')).toHaveLength(1);
    asks(table, contact);
    table.hangUp(contact);
    table.signIn('1001');
    const other = table.call('13700000000');
    table.enqueue(other);
    table.answer(other);
    answers(table, contact);
    table.wait(600_000);
    expect(told(table, 'contact-told')).toHaveLength(1);
  });

  test('again with the same number, from wherever, is the old place and one callback', () => {
    const table = tableOf();
    const first = left(table, '+13900000001');
    const second = table.queued('general', 5, { memory });
    asks(table, second, '13900000001');
    expect(told(table, 'contact-ended')).toMatchObject([{ contact: first, reason: 'callback-merged', during: 'callback' }]);
    table.hangUp(second);
    expect(stateOf(table, second)).toMatchObject({ status: 'callback', queuedAt: 0, priority: 5 });
    expect(table.centre.callbacks.size).toBe(1);
  });
});

describe('he calls again himself', () => {
  test('takes his own place back as a live call, and nobody dials him any more', () => {
    const table = tableOf();
    const talker = busy(table);
    const contact = left(table);
    const behind = table.queued();
    const again = table.call('13900000000');
    table.enqueue(again);
    expect(table.types()).toEqual(['flow-moved', 'contact-ended', 'contact-queued']);
    // The phone that rang at him.
    expect(table.orders()).toEqual(['hang-up', 'answer', 'start-music', 'play', 'write-ticket']);
    expect(told(table, 'contact-queued').at(-1)).toMatchObject({ contact: again, queuedAt: 1, position: 1, merged: contact });
    table.hangUp(talker);
    table.do({ type: 'finish-wrap-up', agent: agentId('1001') });
    expect([table.rungFor(again), table.rungFor(behind)]).toEqual(['1001', undefined]);
  });

  test('in another queue the callback stays', () => {
    const table = tableOf();
    const contact = left(table);
    const again = table.call('13900000000');
    table.enqueue(again, 'billing');
    expect(stateOf(table, contact)?.status).toBe('callback');
  });
});
