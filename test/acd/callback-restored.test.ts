import { describe, expect, test } from 'vitest';
import { queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Event } from '../../src/acd/messages.ts';
import { replay } from '../../src/acd/replay.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { answers, asks, busy, left, legOf, memory, misses, stateOf, tableOf, told } from '../support/called-back.ts';
import { sampleCentre } from '../support/sample-routing.ts';

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
