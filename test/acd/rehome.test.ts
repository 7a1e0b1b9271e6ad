import { describe, expect, test } from 'vitest';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Routing } from '../../src/acd/model.ts';
import { queueId } from '../../src/base/ids.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { sampleRouting } from '../support/sample-routing.ts';

/** The sample without `billing`; with a replacement, `general` is it. */
function without(replaced: boolean): Routing {
  const routing = sampleRouting({ version: 'later' });
  const queues = new Map([...routing.queues].filter(([id]) => id !== 'billing').map(([id, queue]) => [id, replaced ? { ...queue, replaces: [queueId('billing')] } : queue]));
  const agents = new Map([...routing.agents].map(([id, agent]) => [id, { ...agent, queues: [queueId('general')] }]));
  return { ...routing, queues, agents };
}

/** The service begins again with another configuration, and everybody is still there. */
function begunAgain(before: Table, routing: Routing): Table {
  const { contacts, agents, offers, legs } = before.centre;
  const ringing = new Set([...offers.values()].map(({ leg }) => leg));
  const table = new Table(makeCentre(routing, { contacts: [...contacts.values()], agents: [...agents.values()], offers: [...offers.values()], closed: [] }, before.at));
  table.at = before.at;
  table.do({ type: 'switch-seen', startedAt: -1, legs: [...legs.keys()].map((leg) => ({ leg, role: roleOf(leg), state: ringing.has(leg) ? 'ringing' : 'up', ani: '', dnis: '4000', since: 0 })), bridges: [], devices: [] });
  return table;
}

describe('a queue that was taken out of the configuration', () => {
  test('its callers stand in the queue that replaces it, in their order among those who are there', () => {
    const before = new Table();
    const [old, own, urgent] = [before.queued('billing'), before.queued('general'), before.queued('billing', 5)];
    const table = begunAgain(before, without(true));
    expect(standingIn(table.centre, queueId('general'))).toEqual([urgent, old, own]);
    expect(table.history).toContainEqual(expect.objectContaining({ type: 'contact-overflowed', contact: old, from: 'billing', queue: 'general', because: 'queue-removed' }));
    table.signIn('1003');
    expect(table.rungFor(urgent)).toBe('1003');
  });

  test('with no replacement they hear the flow again', () => {
    const before = new Table();
    const contact = before.queued('billing');
    const table = begunAgain(before, without(false));
    expect(table.centre.contacts.get(contact)?.state).toEqual({ status: 'in-flow', memory: null });
    expect(table.history).toContainEqual(expect.objectContaining({ type: 'contact-turned-away', contact, queue: 'billing', reason: 'queue-removed' }));
    expect(table.orders()).toContain('stop-music');
    expect(standingIn(table.centre, queueId('billing'))).toEqual([]);
    table.enqueue(contact, 'general');
    expect(table.centre.contacts.get(contact)?.state.status).toBe('waiting');
  });

  test('a phone that rings for one of them stops, and its agent is free', () => {
    const before = new Table();
    before.signIn('1001');
    const contact = before.queued('billing');
    const ringing = before.ringing(contact);
    const table = begunAgain(before, without(false));
    expect(table.last.ok && table.last.orders).toContainEqual({ type: 'hang-up', leg: ringing, because: 'normal' });
    expect(table.presence('1001')).toBe('ready');
  });

  test('a talk goes on; if its agent is lost, the caller is not stranded either', () => {
    const before = new Table();
    before.signIn('1001');
    const contact = before.queued('billing');
    const phone = before.ringing(contact);
    before.answer(contact);
    const table = begunAgain(before, without(true));
    expect(table.centre.contacts.get(contact)?.state.status).toBe('connected');
    table.do({ type: 'leg-down', leg: phone, end: 'failed' });
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ status: 'waiting', queue: 'general' });
    table.do({ type: 'leg-down', leg: callerLeg(contact), end: 'hung-up' });
    expect(table.centre.contacts.size).toBe(0);
  });
});
