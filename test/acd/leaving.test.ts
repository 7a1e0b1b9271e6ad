import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { AwayReason, QueueConfig } from '../../src/config/centre-config.ts';
import { awayReasons } from '../../src/config/centre-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { standingIn } from '../../src/acd/lines.ts';
import type { EventOf } from '../../src/acd/messages.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const memory = { flow: 'hotline', node: 'billing' };
const tableOf = (queues: Partial<QueueConfig>): Table => new Table(sampleCentre(sampleRouting({ queues })));
const stateOf = (table: Table, contact: ContactId) => table.centre.contacts.get(contact)?.state;
const left = (table: Table) => table.history.filter((event): event is EventOf<'contact-left-queue'> => event.type === 'contact-left-queue');

describe('a key pressed in line', () => {
  test('leads back into the flow with its memory, and the music stops', () => {
    const table = new Table();
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { keys: ['1', '*'], memory });
    table.at += 40_000;
    table.press(contact, '*');
    expect(left(table)).toMatchObject([{ contact, queue: 'general', because: 'key', key: '*', waitMs: 40_000, memory }]);
    expect(table.orders()).toEqual(['stop-music', 'write-ticket']);
    expect(stateOf(table, contact)).toEqual({ status: 'in-flow', memory, kept: { queue: 'general', queuedAt: 0, enteredAt: 0 } });
    expect(standingIn(table.centre, queueId('general'))).toEqual([]);
  });

  test('keeps the place: who comes back stands where he stood, before those who came while he was away', () => {
    const table = new Table();
    const first = table.call();
    table.enqueue(first, 'general', 0, { keys: ['1'], memory });
    table.at += 1_000;
    const second = table.queued();
    table.press(first, '1');
    table.at += 60_000;
    table.enqueue(first, 'general', 0, { keys: ['1'], memory });
    expect(standingIn(table.centre, queueId('general'))).toEqual([first, second]);
    expect(table.last.ok && table.last.events).toContainEqual(expect.objectContaining({ type: 'contact-queued', queuedAt: 0, enteredAt: 0, position: 1 }));
    table.signIn('1001');
    table.answer(first);
    expect(table.history).toContainEqual(expect.objectContaining({ type: 'contact-connected', contact: first, waitMs: table.at }));
  });

  test('takes the age along into another queue, whose own time begins anew', () => {
    const table = new Table();
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { keys: ['1'], memory });
    table.at += 30_000;
    table.press(contact, '1');
    table.enqueue(contact, 'billing', 0);
    expect(stateOf(table, contact)).toMatchObject({ status: 'waiting', queue: 'billing', queuedAt: 0, enteredAt: 30_000 });
  });

  test('stops the phone that rings for the caller, and its agent is free', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { keys: ['1'], memory });
    table.press(contact, '1');
    expect(table.orders()).toEqual(['hang-up', 'stop-music', 'write-ticket']);
    expect([table.presence('1001'), stateOf(table, contact)?.status]).toEqual(['ready', 'in-flow']);
  });

  test('that leads nowhere is nothing, nor is any in a talk or in a flow', () => {
    const table = new Table();
    const contact = table.call();
    table.press(contact, '1');
    expect(table.types()).toEqual(['nothing-to-do']);
    table.enqueue(contact, 'general', 0, { keys: ['1'], memory });
    table.press(contact, '2');
    expect(table.types()).toEqual(['nothing-to-do']);
    table.signIn('1001');
    table.answer(contact);
    table.press(contact, '1');
    expect(table.types()).toEqual(['nothing-to-do']);
  });

  test('leads on after an overflow, a requeue and a restart', () => {
    const table = new Table();
    const contact = table.call();
    table.enqueue(contact, 'billing', 0, { keys: ['1'], memory });
    table.wait(60_000);
    expect(stateOf(table, contact)).toMatchObject({ queue: 'general', memory, keys: ['1'] });
    table.signIn('1003');
    const phone = table.ringing(contact);
    table.answer(contact);
    table.do({ type: 'leg-down', leg: phone, end: 'failed' });
    const { contacts, agents, offers } = table.centre;
    const again = new Table(makeCentre(table.centre.routing, { contacts: [...contacts.values()], agents: [...agents.values()], offers: [...offers.values()], closed: [] }, table.at));
    again.at = table.at;
    again.press(contact, '1');
    expect(left(again)).toMatchObject([{ because: 'key', key: '1', queue: 'general', memory }]);
  });
});

describe('the longest wait', () => {
  test('past it the caller goes back into the flow, with the age and a new time if he comes again', () => {
    const table = tableOf({ maxWaitMs: 90_000 });
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { memory });
    table.wait(89_999);
    expect(stateOf(table, contact)?.status).toBe('waiting');
    table.wait(1);
    expect(left(table)).toMatchObject([{ because: 'waited', waitMs: 90_000, memory }]);
    table.enqueue(contact, 'general', 0, { memory });
    table.wait(89_999);
    expect(stateOf(table, contact)).toMatchObject({ status: 'waiting', queuedAt: 0, enteredAt: 90_000 });
  });

  test('counts from the queue in which he is, and an overflow at the same moment wins', () => {
    const table = tableOf({ maxWaitMs: 60_000 });
    const contact = table.call();
    table.enqueue(contact, 'billing', 0, { memory });
    table.wait(60_000);
    expect(stateOf(table, contact)).toMatchObject({ status: 'waiting', queue: 'general' });
    table.wait(60_000);
    expect(left(table)).toMatchObject([{ because: 'waited', queue: 'general', waitMs: 120_000 }]);
  });

  test('waits for the phone that rings, and comes when it is not answered', () => {
    const table = tableOf({ maxWaitMs: 20_000 });
    const contact = table.queued();
    table.wait(15_000);
    table.signIn('1001');
    table.wait(10_000);
    expect(stateOf(table, contact)?.status).toBe('offered');
    table.wait(6_000);
    expect(stateOf(table, contact)?.status).toBe('in-flow');
  });
});

describe('an empty queue', () => {
  const away: Readonly<Record<AwayReason, (table: Table) => void>> = {
    offline: () => {},
    paused: (table) => table.do({ type: 'sign-in', agent: agentId('1003') }),
    unskilled: (table) => table.signIn('1003'),
    unreachable: (table) => {
      table.signIn('1003');
      table.do({ type: 'device-changed', agent: agentId('1003'), device: 'unreachable' });
    },
    unknown: (table) => {
      table.signIn('1003');
      table.do({ type: 'device-changed', agent: agentId('1003'), device: 'unknown' });
    },
    ringing: (table) => {
      table.signIn('1003');
      table.queued();
    },
    talking: (table) => {
      table.signIn('1003');
      table.answer(table.queued());
    },
    'wrap-up': (table) => {
      table.signIn('1003');
      const contact = table.queued();
      table.answer(contact);
      table.hangUp(contact);
    },
  };
  const lone = (empty: NonNullable<QueueConfig['empty']>): Table => {
    const routing = sampleRouting({ queues: { empty } });
    const table = new Table(sampleCentre({ ...routing, agents: new Map([...routing.agents].filter(([id]) => id === '1003')) }));
    table.do({ type: 'device-changed', agent: agentId('1003'), device: 'idle' });
    return table;
  };

  test.each(awayReasons)('takes nobody whose only agent is %s, where that is said; and does where another reason is', (reason) => {
    const queue = reason === 'unskilled' ? 'billing' : 'general';
    const refusing = lone({ joining: [reason], waiting: [] });
    away[reason](refusing);
    const turned = refusing.call();
    refusing.enqueue(turned, queue, 0, { memory });
    expect(refusing.history).toContainEqual({ type: 'contact-turned-away', at: refusing.at, n: 3, contact: turned, queue, reason: 'empty', memory });
    const taking = lone({ joining: awayReasons.filter((other) => other !== reason), waiting: [] });
    away[reason](taking);
    taking.enqueue(taking.call(), queue, 0, { memory });
    expect(taking.types()).toContain('contact-queued');
  });

  test('one agent who is none of it is enough', () => {
    const table = tableOf({ empty: { joining: ['offline', 'paused', 'unreachable'], waiting: [] } });
    table.signIn('1003');
    table.enqueue(table.call());
    expect(table.types()).toContain('contact-queued');
  });

  test('gives those who wait back to their flows when its last agent goes', () => {
    const table = tableOf({ empty: { joining: [], waiting: ['offline', 'paused'] } });
    table.signIn('1001');
    const talking = table.queued();
    table.answer(talking);
    const [one, other] = [table.queued(), table.queued()];
    table.hangUp(talking);
    table.do({ type: 'pause', agent: agentId('1001'), reason: 'lunch' });
    expect(stateOf(table, one)?.status).toBe('waiting');
    table.wait(20_000);
    expect([stateOf(table, one)?.status, stateOf(table, other)?.status, table.presence('1001')]).toEqual(['in-flow', 'in-flow', 'paused']);
    expect(left(table).map(({ contact, because }) => [contact, because])).toEqual([[one, 'empty'], [other, 'empty']]);
  });

  test('leaves one alone for whom a phone rings, until it is not answered', () => {
    const table = tableOf({ empty: { joining: [], waiting: ['offline', 'paused', 'ringing'] } });
    table.signIn('1001');
    const offered = table.call();
    table.enqueue(offered, 'general', 0, { memory });
    expect(stateOf(table, offered)?.status).toBe('offered');
    const second = table.call();
    table.enqueue(second, 'general', 0, { memory });
    expect(stateOf(table, second)).toMatchObject({ status: 'in-flow' });
    table.wait(15_000);
    expect([stateOf(table, offered)?.status, table.presence('1001')]).toEqual(['in-flow', 'paused']);
  });

  test('is not told by phones of which nothing is heard while the switch is away', () => {
    const table = tableOf({ empty: { joining: ['offline', 'unknown'], waiting: ['offline', 'unknown'] } });
    table.signIn('1001');
    table.do({ type: 'device-changed', agent: agentId('1001'), device: 'idle' });
    const contact = table.queued();
    table.do({ type: 'switch-lost' });
    table.do({ type: 'device-changed', agent: agentId('1001'), device: 'unknown' });
    expect(['waiting', 'offered']).toContain(stateOf(table, contact)?.status);
  });
});
