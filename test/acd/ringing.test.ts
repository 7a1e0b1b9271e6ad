import { describe, expect, test } from 'vitest';
import { queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Routing } from '../../src/acd/model.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import type { Order } from '../../src/telephony/port.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const [general, billing] = [queueId('general'), queueId('billing')];

/** Ringing in one queue, music in the other. */
function routingWith(ringing: QueueConfig['id'], more: Partial<QueueConfig> = {}, version = 'test'): Routing {
  const routing = sampleRouting({ version });
  return { ...routing, queues: new Map([...routing.queues].map(([id, queue]) => [id, id === ringing ? { ...queue, music: 'ringing', ...more } : queue])) };
}
const tableWith = (ringing: QueueConfig['id'], more: Partial<QueueConfig> = {}): Table => new Table(sampleCentre(routingWith(ringing, more)));

/** What the caller's own leg is told, in order. */
const told = ({ last }: Table, contact: ContactId): string[] => {
  const orders: readonly Order[] = last.ok ? last.orders : [];
  const leg = callerLeg(contact);
  return orders.flatMap((order) => ('leg' in order && order.leg === leg && order.type !== 'write-ticket' ? [order.type === 'start-music' ? order.music : order.type] : order.type === 'connect' && order.legs[0] === leg ? ['connect'] : []));
};
const seen = (table: Table): void =>
  void table.do({ type: 'switch-seen', startedAt: 0, legs: [...table.centre.legs.keys()].map((leg) => ({ leg, role: roleOf(leg), state: 'up', ani: '', dnis: '4000', since: 0 }) as const), bridges: [], devices: [] });

describe('a queue that rings instead of playing music', () => {
  test('leaves the caller unanswered until an agent answers, and then answers him before the two are joined', () => {
    const table = tableWith(general);
    const contact = table.call();
    table.enqueue(contact);
    expect(told(table, contact)).toEqual(['ringing']);
    table.signIn('1001');
    table.answer(contact);
    expect(told(table, contact)).toEqual(['stop-music', 'answer', 'connect', 'play', 'start-recording']);
  });

  test('rings on after an announcement, a phone that was not answered, and a talk that was lost', () => {
    const table = tableWith(general, { announce: { apology: { afterMs: 10_000, prompt: 'all-busy' } } });
    const contact = table.call();
    table.enqueue(contact);
    table.wait(10_000);
    // The switch itself takes the ringing up again after it.
    expect(told(table, contact)).toEqual(['play']);
    table.signIn('1001', '1002');
    table.phoneSays(contact, 'rejected');
    expect(told(table, contact)).toEqual([]);
    table.answer(contact);
    const state = table.centre.contacts.get(contact)?.state;
    if (state?.status !== 'connected') return expect.fail(state?.status);
    table.do({ type: 'order-failed', order: { type: 'connect', bridge: state.bridge, legs: [callerLeg(contact), state.agentLeg] }, reason: 'refused', detail: '' });
    expect(told(table, contact)).toContain('ringing');
  });

  test('rings on after a reconnect and a restart, and answers nobody by it', () => {
    const table = tableWith(general);
    const contact = table.call();
    table.enqueue(contact);
    seen(table);
    expect(told(table, contact)).toEqual(['claim', 'ringing']);
    const again = new Table(makeCentre(table.centre.routing, JSON.parse(JSON.stringify({ contacts: [...table.centre.contacts.values()], agents: [], offers: [], closed: [] })) as never, 1));
    seen(again);
    expect(told(again, contact)).toEqual(['claim', 'ringing']);
  });

  test('answers on the way to music, and stays unanswered on the way to another that rings', () => {
    const music = tableWith(billing);
    const one = music.call();
    music.enqueue(one, 'billing');
    music.wait(60_000);
    expect(told(music, one)).toEqual(['answer', 'default']);
    const rings = new Table(sampleCentre(sampleRouting({ queues: { music: 'ringing' } })));
    const other = rings.call();
    rings.enqueue(other, 'billing');
    rings.wait(60_000);
    expect(told(rings, other)).toEqual([]);
    seen(rings);
    expect(told(rings, other)).toEqual(['claim', 'ringing']);
  });

  test('rings for one who comes from music, and has been answered', () => {
    const table = tableWith(general);
    const contact = table.call();
    table.enqueue(contact, 'billing');
    expect(told(table, contact)).toEqual(['answer', 'default']);
    table.wait(60_000);
    expect(told(table, contact)).toEqual(['ringing']);
    seen(table);
    expect(told(table, contact)).toEqual(['claim', 'answer', 'ringing']);
  });

  test('is as it was for those who wait when a reload changes it: nobody is connected unanswered', () => {
    const table = tableWith(general);
    const contact = table.call();
    table.enqueue(contact);
    table.do({ type: 'configure', routing: sampleRouting({ version: 'music' }) });
    seen(table);
    expect(told(table, contact)).toEqual(['claim', 'ringing']);
    table.signIn('1001');
    table.answer(contact);
    expect(told(table, contact).slice(0, 3)).toEqual(['stop-music', 'answer', 'connect']);
  });
});
