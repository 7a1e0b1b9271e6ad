import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { askedOf, explainContact } from '../../src/acd/explain.ts';
import { standingIn } from '../../src/acd/lines.ts';
import type { Event } from '../../src/acd/messages.ts';
import { beginning } from '../../src/acd/moment.ts';
import { inLine } from '../../src/acd/ranking.ts';
import { replay } from '../../src/acd/replay.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { CallbackRule } from '../../src/config/centre-config.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { answers, asks, left, legOf, memory, misses, stateOf, told } from '../support/called-back.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const rule: CallbackRule = { dial: 'customer-first', key: '9', trunk: 'carrier', allow: ['1', '+1'], otherNumber: true, accept: 'answer', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: 60_000, noAnswer: 300_000, unreachable: 600_000 }, expiresMs: 3_600_000, openMax: 2 };
const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };

function tableOf(callback: Partial<CallbackRule> = {}): Table {
  return new Table(sampleCentre(sampleRouting({ queues: { callback: { ...rule, ...callback } }, agents: [agent('1001', {}), agent('1002', {}), supervisor] })));
}

/** The only agent who is there talks to somebody. */
function busy(table: Table): ContactId {
  table.signIn('1001');
  const talker = table.call('13700000000');
  table.enqueue(talker);
  table.answer(talker);
  return talker;
}

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

describe('agent first', () => {
  const first = { dial: 'agent-first' } as const;

  test('it is offered in its turn, and he is dialled when the agent has answered, who hears music meanwhile', () => {
    const table = tableOf(first);
    const contact = left(table);
    const behind = table.queued();
    table.signIn('1001');
    expect([table.rungFor(contact), table.rungFor(behind)]).toEqual(['1001', undefined]);
    expect(told(table, 'callback-attempted')).toEqual([]);
    table.answer(contact);
    expect(told(table, 'callback-attempted')).toMatchObject([{ contact, for: { agent: '1001', leg: `rx-a-${contact}-1` } }]);
    expect(table.orders()).toEqual(['ring', 'start-music']);
    expect([table.presence('1001'), stateOf(table, contact)?.status]).toEqual(['talking', 'dialling']);
    answers(table, contact);
    expect(told(table, 'contact-connected')).toMatchObject([{ contact, agent: '1001' }]);
    expect(table.last.ok && table.last.orders).toContainEqual({ type: 'stop-music', leg: `rx-a-${contact}-1` });
    expect(table.last.ok && table.last.orders).toContainEqual(expect.objectContaining({ type: 'connect', legs: [`rx-k-${contact}-1`, `rx-a-${contact}-1`] }));
    expect(stateOf(table, contact)).toMatchObject({ status: 'connected', recording: { paused: false } });
    table.do({ type: 'leg-down', leg: legOf(table, contact), end: 'hung-up' });
    expect(told(table, 'contact-ended')).toMatchObject([{ contact, reason: 'caller-hung-up', during: 'talk', agent: '1001' }]);
    expect(table.presence('1001')).toBe('wrap-up');
  });

  test('who does not answer rests, and the agent is free for the next at once', () => {
    const table = tableOf(first);
    const contact = left(table);
    table.signIn('1001');
    table.answer(contact);
    const next = table.queued();
    misses(table, contact, 'no-answer');
    expect(table.orders()).toEqual(['hang-up', 'hang-up', 'ring']);
    expect(table.rungFor(next)).toBe('1001');
    expect(stateOf(table, contact)).toMatchObject({ status: 'callback', rests: table.at + 300_000 });
  });

  test('with a key to press they are joined when he has pressed it', () => {
    const table = tableOf({ ...first, accept: 'key' });
    const contact = left(table);
    table.signIn('1001');
    table.answer(contact);
    answers(table, contact);
    expect(stateOf(table, contact)?.status).toBe('dialling');
    table.do({ type: 'key-pressed', leg: legOf(table, contact), key: '1', heldMs: 80 });
    expect(stateOf(table, contact)?.status).toBe('connected');
  });

  test('an agent who hangs up, or is lost, before he answers frees him for another', () => {
    for (const leave of ['hang-up', 'lost'] as const) {
      const table = tableOf(first);
      const contact = left(table);
      table.signIn('1001');
      table.answer(contact);
      if (leave === 'hang-up') table.do({ type: 'hang-up', agent: agentId('1001') });
      else table.do({ type: 'leg-down', leg: `rx-a-${contact}-1` as LegId, end: 'failed' });
      expect(told(table, 'callback-missed')).toMatchObject([{ contact, end: 'gone', counts: false }]);
      expect([table.presence('1001'), stateOf(table, contact)?.status]).toEqual(['ready', 'callback']);
      table.wait(10_000);
      expect(table.rungFor(contact)).toBe('1001');
    }
  });

  test('withdrawn, or called by himself, while an agent waits for him: the agent is free', () => {
    const table = tableOf(first);
    const contact = left(table);
    table.signIn('1001');
    table.answer(contact);
    const again = table.call('13900000000');
    table.enqueue(again);
    expect(told(table, 'contact-ended')).toMatchObject([{ contact, reason: 'callback-merged' }]);
    expect(table.rungFor(again)).toBe('1001');
  });

  test('a phone that is not answered gives the place back, and a closed queue rings nobody for it until it opens', () => {
    const table = tableOf(first);
    const contact = left(table);
    table.signIn('1001');
    table.phoneSays(contact, 'no-answer');
    expect(stateOf(table, contact)).toMatchObject({ status: 'callback' });
    table.do({ type: 'close-queue', agent: agentId('2001'), queue: queueId('general'), reason: '' });
    table.do({ type: 'make-ready', agent: agentId('1001') });
    expect(table.rungFor(contact)).toBeUndefined();
    table.do({ type: 'reopen-queue', agent: agentId('2001'), queue: queueId('general') });
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('over a restart and a lost agent the two are told apart again', () => {
    const table = tableOf(first);
    const contact = left(table);
    table.signIn('1001');
    table.answer(contact);
    const { centre } = table;
    const again = new Table(makeCentre(centre.routing, { contacts: [...centre.contacts.values()], agents: [...centre.agents.values()], offers: [], closed: [] }, table.at));
    again.at = table.at;
    const seen = (leg: string, role: 'agent' | 'callback', state: 'up' | 'ringing') => ({ leg: leg as LegId, role, state, ani: '', dnis: '', since: 0 });
    again.do({ type: 'switch-seen', startedAt: 0, legs: [seen(`rx-a-${contact}-1`, 'agent', 'up'), seen(`rx-k-${contact}-1`, 'callback', 'ringing')], bridges: [], devices: [] });
    expect([again.presence('1001'), stateOf(again, contact)?.status]).toEqual(['talking', 'dialling']);
    again.do({ type: 'switch-lost' });
    again.do({ type: 'switch-seen', startedAt: 0, legs: [seen(`rx-k-${contact}-1`, 'callback', 'ringing')], bridges: [], devices: [] });
    expect([again.presence('1001'), stateOf(again, contact)?.status]).toEqual(['ready', 'callback']);
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

describe('kept', () => {
  test('over a restart at any step, and made again from the events', () => {
    const table = tableOf();
    busy(table);
    const contact = table.queued('general', 0, { memory });
    const steps = [() => table.press(contact, '9'), () => asks(table, contact), () => table.hangUp(contact), () => misses(table, contact, 'busy'), () => table.wait(60_000), () => answers(table, contact)];
    for (const step of steps) {
      step();
      const { centre } = table;
      const stored = { contacts: [...centre.contacts.values()], agents: [...centre.agents.values()], offers: [...centre.offers.values()], closed: [] };
      expect(makeCentre(centre.routing, stored, table.at).callbacks).toEqual(centre.callbacks);
      const of = (id: ContactId): Event[] => table.history.filter((event) => 'contact' in event && event.contact === id);
      expect(replay(centre.routing, { contacts: new Map([[contact, of(contact)]]), agents: [], queues: [] }).contacts).toEqual([centre.contacts.get(contact)]);
    }
  });

  test('over an Asterisk that restarted: who waits to be called waits on, who was dialled is dialled again', () => {
    const table = tableOf();
    busy(table);
    const dialled = left(table);
    const waits = left(table, '13900000001');
    table.do({ type: 'switch-lost' });
    table.do({ type: 'switch-seen', startedAt: table.at, legs: [], bridges: [], devices: [] });
    expect(told(table, 'callback-missed')).toMatchObject([{ contact: dialled, end: 'gone', counts: false }]);
    expect([stateOf(table, dialled)?.status, stateOf(table, waits)?.status]).toEqual(['callback', 'dialling']);
  });

  test('a phone that answered while we were away is taken up, and his ticket makes his place again', () => {
    const table = tableOf();
    busy(table);
    const contact = left(table);
    const leg = legOf(table, contact);
    const seen = { leg, role: 'callback', state: 'up', ani: '', dnis: '', since: 0 } as const;
    table.do({ type: 'switch-lost' });
    table.do({ type: 'switch-seen', startedAt: 0, legs: [{ leg: callerLeg('c-1700000000-1' as ContactId), role: 'caller', state: 'up', ani: '', dnis: '', since: 0 }, seen], bridges: [], devices: [] });
    expect(stateOf(table, contact)?.status).toBe('waiting');
    const empty = new Table(sampleCentre(table.centre.routing));
    empty.at = table.at;
    empty.do({ type: 'switch-seen', startedAt: 0, legs: [{ ...seen, ticket: { contact, arrivedAt: 0, language: 'zh', n: 9, queue: 'general', queuedAt: 7, priority: 2 } }], bridges: [], devices: [] });
    expect(stateOf(empty, contact)).toMatchObject({ status: 'waiting', queuedAt: 7, priority: 2 });
  });

  test('into the queue that replaces its own; where another of his stands there, one is over', () => {
    const table = tableOf();
    busy(table);
    const inBilling = table.queued('billing', 0, { memory });
    asks(table, inBilling, '13900000001');
    table.hangUp(inBilling);
    const inGeneral = left(table, '13900000001');
    const other = table.queued('billing', 0, { memory });
    asks(table, other, '13900000002');
    table.hangUp(other);
    const { routing } = table.centre;
    const general = routing.queues.get(queueId('general')) ?? expect.fail();
    table.do({ type: 'configure', routing: { ...routing, version: 'next', queues: new Map([[general.id, { ...general, replaces: [queueId('billing')] }]]) } });
    expect(told(table, 'contact-ended')).toMatchObject([{ contact: inBilling, reason: 'callback-merged' }]);
    expect(stateOf(table, other)).toMatchObject({ status: 'callback', queue: 'general' });
    expect(stateOf(table, inGeneral)).toMatchObject({ queue: 'general' });
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
