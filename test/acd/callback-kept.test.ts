/** What a promised callback must withstand: switches, trunks, restarts, and its own queue. */
import { describe, expect, test, vi } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { hearsKey } from '../../src/acd/leaving.ts';
import { step } from '../../src/acd/step.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { CallbackRule, QueueConfig } from '../../src/config/centre-config.ts';
import type { LegEnd } from '../../src/telephony/port.ts';
import { readTicket, writeTicket } from '../../src/telephony/ticket.ts';
import { Table } from '../support/decider.ts';
import { answers, asks, left, legOf, memory, misses, stateOf, told } from '../support/called-back.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const rule: CallbackRule = { dial: 'customer-first', key: '9', trunk: 'carrier', allow: ['1'], otherNumber: true, accept: 'answer', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: 60_000, noAnswer: 300_000, unreachable: 600_000 }, expiresMs: 28_800_000, openMax: 20 };
const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };

const tableOf = (callback: Partial<CallbackRule> = {}, queue: Partial<QueueConfig> = {}): Table =>
  new Table(sampleCentre(sampleRouting({ queues: { callback: { ...rule, ...callback }, ...queue }, agents: [agent('1001', {}, ['general']), supervisor] })));

/** The only agent talks to somebody. */
function busy(table: Table): ContactId {
  table.signIn('1001');
  const talker = table.queued('general', 0, { memory });
  table.answer(talker);
  return talker;
}

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

describe('whom we hang up on', () => {
  test('is not dialled while his phone is still busy with that, first in line or not', () => {
    const table = tableOf();
    busy(table);
    const contact = table.queued('general', 0, { memory });
    asks(table, contact);
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], exit: { to: 'end' } });
    expect(told(table, 'callback-waiting')).toMatchObject([{ contact, next: table.at + 5_000 }]);
    table.wait(4_999);
    expect(stateOf(table, contact)).toMatchObject({ status: 'callback', rests: table.at + 1 });
    table.wait(1);
    expect(stateOf(table, contact)?.status).toBe('dialling');
  });
});

describe('an attempt', () => {
  test.each<[LegEnd, boolean]>([['busy', true], ['no-answer', true], ['rejected', true], ['unallocated', true], ['unreachable', false], ['failed', false], ['hung-up', false], ['gone', false]])('that ends as %s counts: %s', (end, counts) => {
    const table = tableOf({ tries: 1 });
    busy(table);
    const contact = left(table);
    misses(table, contact, end);
    expect(told(table, 'callback-missed')).toMatchObject([{ contact, end, counts }]);
    expect(told(table, 'contact-ended')).toHaveLength(counts ? 1 : 0);
  });

  test('that the switch refuses does not count, and rests longer each time, up to its longest and to an end', () => {
    const table = tableOf({ tries: 1, expiresMs: 259_200_000 });
    busy(table);
    const contact = left(table);
    const rests: number[] = [];
    while (stateOf(table, contact)?.status === 'dialling') {
      table.do({ type: 'order-failed', order: { type: 'ring', leg: legOf(table, contact), to: { kind: 'number', number: '13900000000' }, caller: '', contact, timeoutMs: 1 }, reason: 'refused', detail: '' });
      const { next = table.at } = told(table, 'callback-missed').at(-1) ?? {};
      rests.push(next - table.at);
      table.wait(next - table.at);
    }
    expect(rests.slice(0, 8)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]);
    expect(rests).toHaveLength(30);
    expect(told(table, 'contact-ended')).toMatchObject([{ contact, reason: 'callback-unreached' }]);
  });

  test('whose time ran out while the switch stood still is none of his', () => {
    const table = tableOf({ tries: 1 });
    busy(table);
    const contact = left(table);
    table.do({ type: 'switch-stalled' });
    table.at += 40_000;
    table.do({ type: 'switch-resumed' });
    expect(told(table, 'callback-missed')).toMatchObject([{ contact, end: 'gone', counts: false }]);
    table.wait(10_000);
    expect(stateOf(table, contact)?.status).toBe('dialling');
  });
});

describe('the question to press 1', () => {
  const seenAs = (table: Table, contact: ContactId) => {
    const talker = [...table.centre.contacts.values()].find(({ state }) => state.status === 'connected') ?? expect.fail();
    const { agentLeg, bridge } = talker.state.status === 'connected' ? talker.state : expect.fail();
    const leg = (id: LegId, role: 'caller' | 'agent' | 'callback') => ({ leg: id, role, state: 'up', ani: '', dnis: '', since: 0 }) as const;
    return { legs: [leg(talker.leg, 'caller'), leg(agentLeg, 'agent'), leg(legOf(table, contact), 'callback')], bridges: [{ bridge, legs: [talker.leg, agentLeg] }], devices: [] };
  };

  test('is put again, under its id and with all its time, by the process that follows one that died before it was said', () => {
    const table = tableOf({ accept: 'key' });
    busy(table);
    const contact = left(table);
    answers(table, contact);
    const first = told(table, 'callback-answered')[0] ?? expect.fail();
    const { contacts, agents, offers, routing } = table.centre;
    const after = new Table(makeCentre(routing, { contacts: [...contacts.values()], agents: [...agents.values()], offers: [...offers.values()], closed: [] }, table.at));
    after.at = table.at + 20_000;
    after.do({ type: 'switch-seen', startedAt: 0, ...seenAs(table, contact) });
    expect(after.last.ok && after.last.orders).toContainEqual({ type: 'play', leg: first.leg, play: first.play, media: first.media });
    after.wait(29_999);
    expect(stateOf(after, contact)?.status).toBe('dialling');
    after.do({ type: 'key-pressed', leg: first.leg, key: '1', heldMs: 80 });
    expect(stateOf(after, contact)?.status).toBe('waiting');
  });

  test('that cannot be said is not waited for: he is on the line', () => {
    const table = tableOf({ accept: 'key' });
    busy(table);
    const contact = left(table);
    answers(table, contact);
    const order = table.last.ok ? table.last.orders.find(({ type }) => type === 'play') : undefined;
    table.do({ type: 'order-failed', order: order ?? expect.fail(), reason: 'refused', detail: '' });
    expect(stateOf(table, contact)?.status).toBe('waiting');
    expect(table.orders()).toContain('start-music');
  });
});

describe('one who was called back', () => {
  test.each<[string, Partial<QueueConfig>, string]>([
    ['after the longest wait', { maxWaitMs: 600_000 }, 'waited'],
    ['when nobody is there any more', { empty: { joining: [], waiting: ['offline'] } }, 'empty'],
  ])('leaves %s, counted from when he was reached, on his way in the flow', (_, queue, because) => {
    const table = tableOf({}, queue);
    const talker = busy(table);
    const contact = left(table);
    table.wait(20_000);
    answers(table, contact);
    const reachedAt = table.at;
    table.hangUp(talker);
    table.do({ type: 'sign-out', agent: agentId('1001') });
    table.at = reachedAt + 600_000;
    table.do({ type: 'tick' });
    expect(told(table, 'contact-left-queue').at(-1)).toMatchObject({ contact, because, memory });
  });

  test('leaves by the keys that he had, but not by a 1 that he presses twice', () => {
    const table = tableOf({ accept: 'key' });
    busy(table);
    const contact = table.queued('general', 0, { memory, keys: ['0', '1'] });
    asks(table, contact);
    table.hangUp(contact);
    table.wait(5_000);
    answers(table, contact);
    const press = (key: '0' | '1') => table.do({ type: 'key-pressed', leg: legOf(table, contact), key, heldMs: 80 });
    press('1');
    table.at += 500;
    press('1');
    expect(stateOf(table, contact)?.status).toBe('waiting');
    table.at += 3_000;
    press('0');
    expect(told(table, 'contact-left-queue').at(-1)).toMatchObject({ contact, because: 'key', key: '0', memory });
  });

  test('goes the way of a queue that closes on him, and of one whom a supervisor takes out, from where he was in the flow', () => {
    for (const close of [true, false]) {
      const table = tableOf();
      busy(table);
      const contact = left(table);
      answers(table, contact);
      table.at += 1_000;
      table.do(close ? { type: 'close-queue', agent: agentId('2001'), queue: queueId('general'), reason: 'x', waiting: 'leave' } : { type: 'withdraw', agent: agentId('2001'), contact, reason: 'x' });
      expect(told(table, 'contact-left-queue').at(-1)).toMatchObject({ contact, because: close ? 'closed' : 'withdrawn', memory });
    }
  });

  test('is known by his ticket alone: by his number, the one that he had called, and since when he is on the line', () => {
    const table = tableOf();
    busy(table);
    const contact = left(table);
    table.wait(3_600_000 - table.at);
    if (stateOf(table, contact)?.status !== 'dialling') table.wait(300_000);
    answers(table, contact);
    const ticket = (table.last.ok ? table.last.orders : []).flatMap((order) => (order.type === 'write-ticket' ? order.ticket : []))[0] ?? expect.fail();
    expect(ticket).toMatchObject({ ani: '13800000000', dnis: '4000', reachedAt: table.at });
    expect(readTicket(writeTicket(ticket))).toEqual(ticket);
    const alone = new Table(sampleCentre(sampleRouting({ queues: { callback: rule, maxWaitMs: 600_000 } })));
    alone.at = table.at + 1_000;
    alone.do({ type: 'switch-seen', startedAt: 0, devices: [], bridges: [], legs: [{ leg: legOf(table, contact), role: 'callback', state: 'up', ani: '4000', dnis: '', since: table.at, ticket }] });
    expect(alone.centre.contacts.get(contact)).toMatchObject({ ani: '13800000000', dnis: '4000', state: { status: 'waiting', enteredAt: table.at } });
  });
});

describe('a customer whose record says VIP', () => {
  test('after the key and before the phone is put down keeps a place of that tier', () => {
    for (const before of [true, false]) {
      const table = tableOf();
      const contact = table.queued('general', 0, { memory });
      const known = () => table.do({ type: 'caller-known', contact, last: null, tier: 'vip' });
      table.press(contact, '9');
      if (before) known();
      table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number: '13900000000' } });
      if (!before) known();
      table.hangUp(contact);
      expect(stateOf(table, contact)).toMatchObject({ status: 'callback', tier: 'vip' });
    }
  });
});

describe('one who may not be called back now', () => {
  test('makes no step look at each agent of his queue, and is called as soon as one of them is there', () => {
    const agents = Array.from({ length: 2_000 }, (_, index) => agent(String(100_000 + index), {}, ['general']));
    const table = new Table(sampleCentre(sampleRouting({ agents: [...agents, agent('999999', {}, ['billing'])], queues: { callback: rule } })));
    const contact = left(table);
    const asked = vi.spyOn(table.centre.agents, 'get');
    const { at } = table;
    for (let index = 0; index < 50; index += 1) step(table.centre, { type: 'device-changed', at, agent: agentId('999999'), device: index % 2 === 0 ? 'ringing' : 'idle' });
    for (let index = 0; index < 50; index += 1) step(table.centre, { type: 'device-changed', at, agent: agentId('100000'), device: index % 2 === 0 ? 'ringing' : 'idle' });
    expect(asked.mock.calls.length).toBeLessThan(2_000);
    asked.mockRestore();
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.signIn('101000');
    expect(stateOf(table, contact)?.status).toBe('dialling');
  });

  test('is called when the last who was there has gone and another has come, and not between', () => {
    const table = tableOf();
    table.signIn('1001');
    table.do({ type: 'device-changed', agent: agentId('1001'), device: 'unreachable' });
    const contact = left(table);
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.do({ type: 'device-changed', agent: agentId('1001'), device: 'idle' });
    expect(stateOf(table, contact)?.status).toBe('dialling');
    table.do({ type: 'sign-out', agent: agentId('1001') });
    misses(table, contact, 'busy');
    table.wait(60_000);
    expect(stateOf(table, contact)?.status).toBe('callback');
    table.signIn('1001');
    expect(stateOf(table, contact)?.status).toBe('dialling');
  });
});

test('a key of whom we dial is taken though his answer has not been decided yet', () => {
  const table = tableOf({ accept: 'key' });
  busy(table);
  const contact = left(table);
  const press = { leg: legOf(table, contact), key: '1' } as const;
  // Both come in one read, and each is judged as it comes.
  expect(hearsKey(table.centre, press)).toBe(true);
  answers(table, contact);
  table.do({ type: 'key-pressed', ...press, heldMs: 80 });
  expect(stateOf(table, contact)?.status).toBe('waiting');
});

test('whose queue calls nobody back any more is on the line when he answers, for the words that ask for a key may be there no more', () => {
  const table = tableOf({ accept: 'key' });
  busy(table);
  const contact = left(table);
  misses(table, contact, 'busy');
  const { routing } = table.centre;
  const queues = new Map([...routing.queues].map(([id, { callback: _, ...queue }]) => [id, queue]));
  table.do({ type: 'configure', routing: { ...routing, version: 'next', queues } });
  table.wait(60_000);
  answers(table, contact);
  expect(table.orders()).not.toContain('play');
  expect(stateOf(table, contact)?.status).toBe('waiting');
});
