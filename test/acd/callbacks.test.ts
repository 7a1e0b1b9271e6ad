import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { LegId } from '../../src/base/ids.ts';
import { askedOf, explainContact } from '../../src/acd/explain.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { beginning } from '../../src/acd/moment.ts';
import { inLine } from '../../src/acd/ranking.ts';
import { Table } from '../support/decider.ts';
import { answers, asks, busy, left, legOf, memory, misses, rule, stateOf, tableOf, told } from '../support/called-back.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

describe('customer first', () => {
  test('he is dialled when nobody is in front of him and somebody could talk to him, through the trunk and from the number he called', () => {
    const table = tableOf();
    const talker = busy(table);
    const ahead = table.queued();
    const contact = left(table);
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.hangUp(talker);
    table.do({ type: 'finish-wrap-up', agent: agentId('1001') });
    expect(table.rungFor(ahead)).toBe('1001');
    expect(told(table, 'callback-attempted')).toMatchObject([{ contact, leg: `rx-k-${contact}-1`, number: '13900000000', trunk: 'carrier', attempt: 1 }]);
    expect(table.last.ok && table.last.orders).toContainEqual({ type: 'ring', leg: `rx-k-${contact}-1`, to: { kind: 'number', number: '13900000000', trunk: 'carrier' }, caller: '4000', contact, timeoutMs: 35_000 });
  });

  test('nobody is dialled while nobody is there', () => {
    const table = tableOf();
    const contact = left(table);
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.do({ type: 'sign-in', agent: agentId('1001') });
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.do({ type: 'make-ready', agent: agentId('1001') });
    expect(stateOf(table, contact)?.status).toBe('dialling');
  });

  test('he answers, hears music, and is rung for before whoever came after him', () => {
    const table = tableOf();
    const talker = busy(table);
    const contact = left(table);
    const behind = table.queued();
    answers(table, contact);
    expect(table.types()).toEqual(['callback-connected']);
    expect(table.orders()).toEqual(['start-music', 'write-ticket']);
    table.hangUp(talker);
    table.do({ type: 'finish-wrap-up', agent: agentId('1001') });
    expect([table.rungFor(contact), table.rungFor(behind)]).toEqual(['1001', undefined]);
    table.answer(contact);
    expect(table.last.ok && table.last.orders).toContainEqual(expect.objectContaining({ type: 'connect', legs: [`rx-k-${contact}-1`, `rx-a-${contact}-1`] }));
    expect(table.last.ok && table.last.orders).toContainEqual(expect.objectContaining({ type: 'start-recording', leg: `rx-k-${contact}-1` }));
  });

  test('his wait is the time on the phone, and not the hours between', () => {
    const table = tableOf();
    const contact = table.queued('general', 0, { memory });
    table.at = 40_000;
    asks(table, contact);
    table.hangUp(contact);
    table.at = 2_000_000;
    table.signIn('1001');
    answers(table, contact);
    table.at += 3_000;
    table.answer(contact);
    expect(told(table, 'contact-connected')).toMatchObject([{ waitMs: 43_000 }]);
  });

  test('one at a time is dialled, unless the queue says that more may be near', () => {
    for (const [near, dialled] of [[1, 1], [2, 2]] as const) {
      const table = tableOf({ near, openMax: 9 });
      busy(table);
      for (const number of ['13900000001', '13900000002', '13900000003']) left(table, number);
      expect(told(table, 'callback-attempted')).toHaveLength(dialled);
    }
  });

  test('overflow, the longest wait and an empty queue count from when he was reached, and then hold for him as for anyone', () => {
    const table = new Table(sampleCentre(sampleRouting({ queues: { callback: rule, maxWaitMs: 60_000, empty: { joining: [], waiting: ['offline'] } } })));
    busy(table);
    const contact = left(table);
    answers(table, contact);
    table.wait(59_999);
    expect(stateOf(table, contact)?.status).toBe('waiting');
    table.wait(1);
    expect(told(table, 'contact-left-queue').at(-1)).toMatchObject({ contact, because: 'waited', memory });
  });
});

describe('where who answers has to press a key', () => {
  test('he is on the line once he has, and what was said to him ends', () => {
    const table = tableOf({ accept: 'key' });
    busy(table);
    const contact = left(table);
    answers(table, contact);
    expect([table.types(), table.orders()]).toEqual([['callback-answered'], ['play']]);
    table.do({ type: 'key-pressed', leg: legOf(table, contact), key: '7', heldMs: 80 });
    expect(table.types()).toEqual(['nothing-to-do']);
    table.do({ type: 'key-pressed', leg: legOf(table, contact), key: '1', heldMs: 80 });
    expect([table.types(), table.orders()]).toEqual([['callback-connected'], ['stop-play', 'start-music', 'write-ticket']]);
    expect(stateOf(table, contact)?.status).toBe('waiting');
  });

  test('an answering machine is an attempt like one that nobody answers', () => {
    const table = tableOf({ accept: 'key' });
    busy(table);
    const contact = left(table);
    answers(table, contact);
    table.wait(30_000);
    expect(told(table, 'callback-missed')).toMatchObject([{ contact, end: 'no-answer', counts: true }]);
    expect(table.orders()).toContain('hang-up');
  });

  test('who puts the phone down instead is called again later, and who presses 2 is not', () => {
    const table = tableOf({ accept: 'key' });
    busy(table);
    const [first, second] = [left(table), left(table, '13900000001')];
    answers(table, first);
    misses(table, first, 'hung-up');
    expect(told(table, 'callback-missed')).toMatchObject([{ contact: first, counts: true, next: table.at + 300_000 }]);
    answers(table, second);
    table.do({ type: 'key-pressed', leg: legOf(table, second), key: '2', heldMs: 80 });
    expect(told(table, 'contact-ended')).toMatchObject([{ contact: second, reason: 'callback-declined', during: 'callback' }]);
  });
});

describe('a callback that is not answered', () => {
  test('rests by its cause, keeps the place meanwhile, and is tried again', () => {
    const table = tableOf();
    busy(table);
    const contact = left(table);
    const other = left(table, '13900000001');
    misses(table, contact, 'busy');
    expect(told(table, 'callback-missed')).toMatchObject([{ contact, end: 'busy', counts: true, next: table.at + 60_000 }]);
    expect(stateOf(table, other)?.status).toBe('dialling');
    expect(standingIn(table.centre, queueId('general'))).toEqual([contact, other]);
    answers(table, other);
    table.wait(59_000);
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.wait(1_000);
    expect(stateOf(table, contact)?.status).toBe('dialling');
    expect(legOf(table, contact)).toBe(`rx-k-${contact}-2`);
  });

  test('stops ringing after its time, and ends after the last attempt without being an abandon', () => {
    const table = tableOf();
    busy(table);
    const contact = left(table);
    table.wait(30_000);
    expect(table.orders()).toEqual(['hang-up']);
    expect(told(table, 'callback-missed')).toMatchObject([{ end: 'no-answer' }]);
    table.wait(300_000);
    misses(table, contact, 'unallocated');
    expect(told(table, 'contact-ended')).toMatchObject([{ contact, reason: 'callback-unreached', during: 'callback', queue: 'general' }]);
  });

  test('that was lost in the switch is none of the attempts', () => {
    const table = tableOf({ tries: 1 });
    busy(table);
    const contact = left(table);
    misses(table, contact, 'gone');
    expect(told(table, 'callback-missed')).toMatchObject([{ counts: false, next: table.at + 10_000 }]);
    table.wait(10_000);
    expect(stateOf(table, contact)?.status).toBe('dialling');
  });

  test('expires, and the order of a late phone is a hang-up', () => {
    const table = tableOf();
    const contact = left(table);
    table.wait(3_600_000);
    expect(told(table, 'contact-ended')).toMatchObject([{ contact, reason: 'callback-expired', during: 'callback' }]);
    table.wait(10_000);
    table.do({ type: 'leg-up', leg: `rx-k-${contact}-1` as LegId });
    expect(table.types()).toEqual(['stray-removed']);
  });

  test('is withdrawn by a supervisor, also while it rings, and by nobody else', () => {
    const table = tableOf();
    busy(table);
    const contact = left(table);
    table.do({ type: 'withdraw', agent: agentId('1001'), contact, reason: '' });
    expect(table.types()).toEqual(['not-allowed']);
    table.do({ type: 'withdraw', agent: agentId('2001'), contact, reason: 'solved by mail' });
    expect(table.types()).toEqual(['contact-ended']);
    expect(told(table, 'contact-ended')).toMatchObject([{ contact, reason: 'callback-withdrawn', by: '2001', note: 'solved by mail' }]);
    expect(table.orders()).toEqual(['hang-up']);
  });
});

describe('why', () => {
  test('tells each attempt with its rule, and that the customer is away while nobody is rung', () => {
    const table = tableOf();
    busy(table);
    const contact = left(table);
    misses(table, contact, 'busy');
    table.signIn('1002');
    const { routing } = table.centre;
    const moment = beginning(routing, () => routing);
    moment.centre.switchUp = true;
    const decisions = explainContact(moment, table.history.map((event, index) => ({ id: `1-${index + 1}`, event })), contact);
    expect(decisions.flatMap(({ event, rule: decided }) => (event.type.startsWith('callback-') ? [[event.type, decided?.path.slice(1).join('.')]] : []))).toEqual([
      ['callback-asked', 'callback'], ['callback-waiting', undefined], ['callback-due', 'callback.again'], ['callback-attempted', 'callback.near'], ['callback-missed', 'callback.again'],
    ]);
    const waits = inLine(table.centre.contacts.get(contact)) ?? expect.fail('not in line');
    const verdicts = askedOf(table.centre, waits).candidates.map(({ agent: id, verdict }) => [id, verdict.code]);
    expect(verdicts.toSorted()).toEqual([['1001', 'customer-away'], ['1002', 'customer-away']]);
  });
});
