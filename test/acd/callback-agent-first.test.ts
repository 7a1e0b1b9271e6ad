import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { LegId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { Table } from '../support/decider.ts';
import { answers, left, legOf, misses, stateOf, tableOf, told } from '../support/called-back.ts';

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
