// Each promise can be broken on paper, and the checker sees it; the live test breaks them in a real centre.

import { describe, expect, test } from 'vitest';
import type { CallEventRow, ContactRow, LegRow, OfferRow } from '../../src/store/tables.ts';
import type { Contact } from '../../src/acd/contact.ts';
import type { Routing } from '../../src/acd/model.ts';
import type { CentreConfig, NeedsRule } from '../../src/config/centre-config.ts';
import type { OrderRules } from '../../torture/promises/order-rule.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';
import { agentsHaveChannels } from '../../torture/promises/agents.ts';
import { channelsAreContacts } from '../../torture/promises/channels.ts';
import { healthIsTrue, type HealthSample } from '../../torture/promises/health.ts';
import { nothingIsLeft, type Footprint } from '../../torture/promises/leftovers.ts';
import { orderIsKept } from '../../torture/promises/order.ts';
import { pairsInRows, pairsInSwitch } from '../../torture/promises/pairs.ts';
import { storiesAreWhole, type Rows } from '../../torture/promises/stories.ts';
import type { Seen } from '../../torture/seen.ts';

const at = (ms: number): Date => new Date(1_000_000 + ms);
/** Rows hold more than the checker reads. */
const row = <Row>(fields: object): Row => fields as Row;
let seq = 0;
const event = (type: string, contact: string, n: number | null, body: Record<string, unknown> = {}, epoch = 1): CallEventRow =>
  row<CallEventRow>({ type, contact, n, body, epoch, seq: (seq += 1), agent: String(body['agent'] ?? ''), queue: 'line' });

describe('1: channels are contacts', () => {
  const connected = row<Contact>({ id: 'c1' as never, leg: 'ch1' as never, state: row({ status: 'connected', agentLeg: 'rx-a-c1-1' as never }) });
  const channel = (id: string, name = 'PJSIP/callers-00000001', state = 'Up') => ({ id, name, state });
  const seen = (more: Partial<Seen>): Seen => ({ contacts: [connected], agents: [], offers: [], closed: [], channels: [channel('ch1'), channel('rx-a-c1-1')], bridges: [], ...more });

  test('holds for a talk with both of its channels', () => expect(channelsAreContacts(seen({}), 1)).toEqual([]));
  test('a channel of nobody', () => expect(channelsAreContacts(seen({ channels: [...seen({}).channels, channel('stray')] }), 1)).toMatchObject([/stray .* belongs to no contact/].map((text) => expect.stringMatching(text))));
  test('a leg without its channel', () => expect(channelsAreContacts(seen({ channels: [channel('ch1')] }), 1)).toEqual([expect.stringMatching(/rx-a-c1-1 is in the state and is no channel/)]));
  test('a contact that only the service counts', () => expect(channelsAreContacts(seen({}), 2)).toHaveLength(1));
});

describe('2: agents and their channels', () => {
  const config = row<CentreConfig>({ agents: new Map([['1001', {}], ['1002', {}]]) as never });
  const agent = (id: string, status: string, device = 'idle') => row<Seen['agents'][number]>({ id: id as never, device: device as never, presence: row({ status: status as never }) });
  const seen = (agents: Seen['agents'], channels: string[] = []): Seen => ({ agents, channels: channels.map((name) => ({ id: name, name, state: 'Up' })), contacts: [], offers: [], closed: [], bridges: [] });

  test('holds for who talks with a channel and who is ready without', () => expect(agentsHaveChannels(seen([agent('1001', 'talking', 'in-call'), agent('1002', 'ready')], ['PJSIP/1001-0000000a']), config)).toEqual([]));
  test.each([
    ['offered without a channel', seen([agent('1001', 'offered')]), /1001 is offered without a channel/],
    ['a phone that rings without a channel', seen([agent('1001', 'ready', 'ringing')]), /phone of 1001 is ringing/],
    ['a channel of an agent who is ready', seen([agent('1001', 'ready')], ['PJSIP/1001-0000000a']), /1001 has a channel/],
  ] as const)('%s', (_, what, found) => expect(agentsHaveChannels(what, config)).toEqual([expect.stringMatching(found)]));
});

describe('3: stories', () => {
  const whole = (): Rows => ({
    events: [event('contact-arrived', 'c1', 1), event('flow-moved', 'c1', 2), event('contact-ended', 'c1', 3), event('contact-closed', 'c1', null)],
    contacts: [row<ContactRow>({ id: 'c1', ended_at: at(9) })], legs: [row<LegRow>({ id: 'ch1', ended_at: at(9) })], offers: [row<OfferRow>({ id: 'o1', ended_at: at(5) })], failures: 0,
  });
  const without = (type: string): Rows => ({ ...whole(), events: whole().events.filter((one) => one.type !== type) });

  test('holds for one whole story', () => expect(storiesAreWhole(whole(), { placed: 1 })).toEqual([]));
  test.each<[string, Rows, { placed: number; stateLost?: boolean }, RegExp]>([
    ['an event that is missing', without('flow-moved'), { placed: 1 }, /contact-ended has number 3 where 2 comes/],
    ['no end', without('contact-ended'), { placed: 1 }, /0 ends/],
    ['two ends', { ...whole(), events: [...whole().events, event('contact-ended', 'c1', 4)] }, { placed: 1 }, /2 ends/],
    ['something after the end', { ...whole(), events: [...whole().events, event('flow-moved', 'c1', 4)] }, { placed: 1 }, /flow-moved comes after the end/],
    ['a call that is no contact', whole(), { placed: 2 }, /2 calls were placed, Postgres knows 1/],
    ['a contact that nobody placed', whole(), { placed: 0 }, /0 calls were placed, Postgres knows 1/],
    ['no row', { ...whole(), contacts: [] }, { placed: 1 }, /no row/],
    ['a row without an end', { ...whole(), contacts: [row({ id: 'c1', ended_at: null })] }, { placed: 1 }, /no end in its row/],
    ['a leg without an end', { ...whole(), legs: [row({ id: 'ch1', ended_at: null })] }, { placed: 1 }, /leg ch1/],
    ['an offer without an end', { ...whole(), offers: [row({ id: 'o1', ended_at: null })] }, { placed: 1 }, /offer o1/],
    ['an event without its rows', { ...whole(), failures: 1 }, { placed: 1 }, /1 events have no rows/],
    ['a second beginning', { ...whole(), events: [event('contact-arrived', 'c1', 1), ...whole().events] }, { placed: 1 }, /2 beginnings/],
  ])('%s', (_, rows, played, found) => expect(storiesAreWhole(rows, played).join('\n')).toMatch(found));

  test('a contact may begin again where the state was lost, in a later epoch and nowhere else', () => {
    const again = (epoch: number): Rows => ({ ...whole(), events: [event('contact-arrived', 'c1', 1), event('contact-queued', 'c1', 2), ...whole().events.map((one) => ({ ...one, epoch }))] });
    expect(storiesAreWhole(again(2), { placed: 1, stateLost: true })).toEqual([]);
    expect(storiesAreWhole(again(2), { placed: 1 })).not.toEqual([]);
    expect(storiesAreWhole(again(1), { placed: 1, stateLost: true })).not.toEqual([]);
  });
});

describe('5: order', () => {
  const queued = (contact: string, queuedAt: number, priority = 0): CallEventRow => event('contact-queued', contact, 2, { queuedAt, priority });
  const offered = (contact: string): CallEventRow => event('offer-made', contact, 3, { agent: '1001' });
  const over = (contact: string, outcome: string): CallEventRow => event('offer-ended', contact, 4, { outcome, agent: '1001' });

  test('holds for the older first, and for the more urgent before the older', () => {
    expect(orderIsKept([queued('a', 1), queued('b', 2), queued('c', 3, 5), offered('c'), offered('a'), offered('b')])).toEqual([]);
  });
  test('the younger before the older', () => expect(orderIsKept([queued('a', 1), queued('b', 2), offered('b')])).toEqual([expect.stringMatching(/b was offered .* before a/)]));
  test('the less urgent before the more urgent', () => expect(orderIsKept([queued('a', 1), queued('b', 2, 5), offered('a')])).toHaveLength(1));
  test('whose offer was not answered keeps the place', () => {
    const start = [queued('a', 1), queued('b', 2), offered('a'), over('a', 'no-answer')];
    expect(orderIsKept([...start, offered('a')])).toEqual([]);
    expect(orderIsKept([...start, offered('b')])).toHaveLength(1);
  });
  test('who was lost by an agent goes back to the old place', () => {
    const start = [queued('a', 1), queued('b', 2), offered('a'), over('a', 'accepted'), event('contact-requeued', 'a', 6, { because: 'agent-lost' })];
    expect(orderIsKept([...start, offered('b')])).toHaveLength(1);
  });
  test('an offer to who is not in line', () => expect(orderIsKept([offered('a')])).toHaveLength(1));
});

describe('5: order, by the rule of docs/routing.md', () => {
  const needs = (skill: string, level: number): NeedsRule => ({ text: `${skill} >= ${level}`, tree: { type: 'level', skill, is: '>=', level } });
  const base = sampleRouting({ order: { vip: 10, vipTiers: [], acrossQueues: 'priority', ageingMs: 30_000 }, agents: [agent('1001', { billing: 5 }), agent('1002', { billing: 1 }), { ...agent('1003', {}), levels: { billing: { level: 2, position: 1 } } }] });
  const routing: Routing = {
    ...base,
    queues: new Map([...base.queues].map(([id, queue]) => [id, id === 'billing' ? { ...queue, needs: needs('billing', 5), relax: [{ afterMs: 30_000, needs: needs('billing', 1) }, { afterMs: 60_000, needs: needs('billing', 0) }], levelWaitMs: 20_000, priority: 2 } : queue])),
  };
  // The checker reads what the router reads.
  const rules = routing as unknown as OrderRules;
  const strict = { ...rules, centre: { ...rules.centre, order: { vip: 10, vipTiers: [], acrossQueues: 'priority' } } } as OrderRules;
  const told = (type: string, contact: string, body: Record<string, unknown>, queue = 'billing'): CallEventRow => ({ ...event(type, contact, 2, body), queue });
  const queued = (contact: string, at: number, more: Record<string, unknown> = {}, queue = 'billing'): CallEventRow => told('contact-queued', contact, { at, queuedAt: at, priority: 0, ...more }, queue);
  const offered = (contact: string, at: number, by = '1001', queue = 'billing'): CallEventRow => told('offer-made', contact, { at, agent: by }, queue);
  const widened = (contact: string, at: number, steps: Record<string, number>): CallEventRow => told('contact-widened', contact, { at, needs: 0, own: 0, level: 0, ...steps });
  const judged = (...events: CallEventRow[]): string[] => orderIsKept(events, rules);

  test('ageing: the example of the document, and each of its orders turned round', () => {
    const [a, b, c] = [queued('a', 0), queued('b', 50_000, { priority: 2 }), queued('c', 70_000, { priority: 2 })];
    expect(judged(a, b, c, offered('b', 80_000), offered('a', 80_000), offered('c', 80_000))).toEqual([]);
    expect(judged(a, b, c, offered('a', 80_000))).toEqual([expect.stringMatching(/^a was offered to 1001 before b, who was ahead in billing$/)]);
    expect(judged(a, b, c, offered('b', 80_000), offered('c', 80_000))).toEqual([expect.stringMatching(/^c was offered to 1001 before a,/)]);
    // Without ageing it is b, c, a.
    expect(orderIsKept([a, b, c, offered('b', 80_000), offered('c', 80_000), offered('a', 80_000)], strict)).toEqual([]);
    expect(orderIsKept([a, b, c, offered('b', 80_000), offered('a', 80_000)], strict)).toHaveLength(1);
  });

  test('a VIP’s points and the weight of a queue, also between two queues of one agent', () => {
    expect(judged(queued('a', 0), queued('vip', 200_000, { tier: 'vip' }), offered('vip', 200_001), offered('a', 200_002))).toEqual([]);
    expect(judged(queued('a', 0), queued('vip', 200_000, { tier: 'vip' }), offered('a', 200_001))).toHaveLength(1);
    // Billing's two points are worth a minute.
    const both = [queued('g', 0, {}, 'general'), queued('b', 59_000)];
    expect(judged(...both, offered('b', 60_000))).toEqual([]);
    expect(judged(...both, offered('g', 60_000, '1001', 'general'))).toEqual([expect.stringMatching(/^g was offered to 1001 before b, who was ahead in billing$/)]);
    // 1002 may not have the one of billing yet.
    expect(judged(...both, offered('g', 60_000, '1002', 'general'))).toEqual([]);
  });

  test('rings: an agent who does not meet the step in force is not rung, and one who does is no excuse', () => {
    expect(judged(queued('a', 0), offered('a', 1_000, '1002'))).toEqual(['a was offered to 1002 and should not have been: 1002 does not meet billing >= 5']);
    expect(judged(queued('a', 0), widened('a', 30_000, { needs: 1 }), offered('a', 30_000, '1002'))).toEqual([]);
    // b asks more than 1002 has, so a, who has widened, goes first there; the same would be wrong for 1001.
    const two = [queued('b', 0, { priority: 50 }), queued('a', 0), widened('a', 30_000, { needs: 1 })];
    expect(judged(...two, offered('a', 30_000, '1002'))).toEqual([]);
    expect(judged(...two, offered('a', 30_000, '1001'))).toHaveLength(1);
    expect(judged(queued('a', 0), widened('a', 29_000, { needs: 1 }))).toEqual(['a was widened to step 1 of billing 1000 ms before its time']);
    expect(judged(queued('a', 0), widened('a', 30_000, { needs: 2 }))).toHaveLength(1);
  });

  test('levels come after their wait', () => {
    const wide = [queued('a', 0), widened('a', 60_000, { needs: 2, level: 0 })];
    expect(judged(...wide, offered('a', 60_000, '1003'))).toEqual(['a was offered to 1003 and should not have been: 1003 is of level 2, and 1 was the highest to be rung']);
    expect(judged(...wide, widened('a', 60_000, { needs: 2, level: 1 }), offered('a', 60_000, '1003'))).toEqual([]);
    expect(judged(queued('a', 0), widened('a', 19_999, { level: 1 }))).toEqual(['a was widened to level 2 1 ms before its time']);
  });

  test('its own needs go with the contact, over an overflow too; the queue’s steps begin anew', () => {
    const asks = [{ afterMs: 0, needs: needs('vip', 1) }, { afterMs: 15_000, needs: needs('vip', 0) }];
    expect(judged(queued('a', 0, { asks }), offered('a', 1_000))).toEqual([expect.stringContaining('1001 does not meet vip >= 1')]);
    expect(judged(queued('a', 0, { asks }), widened('a', 15_000, { own: 1 }), offered('a', 15_000))).toEqual([]);
    expect(judged(queued('a', 0, { asks }), widened('a', 14_000, { own: 1 }))).toHaveLength(1);
    const over = told('contact-overflowed', 'a', { at: 40_000, priority: 0 });
    expect(judged(queued('a', 0, {}, 'general'), over, offered('a', 40_001, '1002'))).toHaveLength(1);
    expect(judged(queued('a', 0, {}, 'general'), over, widened('a', 69_000, { needs: 1 }))).toHaveLength(1);
    expect(judged(queued('a', 0, {}, 'general'), over, widened('a', 70_000, { needs: 1 }), offered('a', 70_000, '1002'))).toEqual([]);
  });

  test('what a flow has collected decides too; where it is sealed nobody is blamed', () => {
    const spoken: OrderRules = { ...rules, queues: new Map([...rules.queues].map(([id, queue]) => [id, { ...queue, relax: [], needs: { text: 'billing == caller.lang', tree: { type: 'variable', skill: 'billing', is: '==', variable: 'lang' } } }])) };
    const says = (lang: string): CallEventRow => told('flow-moved', 'a', { at: 0, data: { lang } });
    expect(orderIsKept([says('5'), queued('a', 1), offered('a', 2)], spoken)).toEqual([]);
    expect(orderIsKept([says('4'), queued('a', 1), offered('a', 2)], spoken)).toHaveLength(1);
    expect(orderIsKept([says('sealed.1.abc'), queued('a', 1), offered('a', 2)], spoken)).toEqual([]);
  });

  test('a place by request: in front of whose place it was, until another priority or queue', () => {
    const seat = { like: { id: 'a', queuedAt: 0, priority: 0 }, at: -1 };
    const line = [queued('a', 0), queued('b', 1_000), queued('c', 2_000, { seat })];
    expect(judged(...line, offered('c', 3_000), offered('a', 3_000), offered('b', 3_000))).toEqual([]);
    expect(judged(...line, offered('a', 3_000))).toEqual([expect.stringMatching(/^a was offered to 1001 before c,/)]);
    const again = told('contact-re-prioritised', 'c', { at: 2_500, priority: -1 });
    expect(judged(...line, again, offered('a', 3_000), offered('b', 3_000), offered('c', 3_000))).toEqual([]);
    expect(judged(...line, again, offered('c', 3_000))).toHaveLength(1);
    // Nobody of a higher effective priority is overtaken.
    expect(judged(queued('a', 0, { priority: 1 }), queued('c', 2_000, { seat: { like: { id: 'a', queuedAt: 0, priority: 1 }, at: -1 } }))).toEqual(['c was seated in front of a, who has more priority']);
  });

  test('who is kept for one agent is passed over by others and rung by no other', () => {
    const kept = queued('a', 0, { hold: { for: '1002', until: 20_000, why: 'last-agent' } });
    expect(judged(kept, queued('b', 1_000), offered('b', 2_000))).toEqual([]);
    expect(judged(kept, offered('a', 2_000))).toEqual([expect.stringContaining('it was kept for 1002')]);
    expect(judged(kept, told('hold-ended', 'a', {}), queued('b', 1_000), offered('b', 20_000))).toHaveLength(1);
  });

  test('who rings at several phones, is to be called back, or stands in a queue that the agent has left is nobody’s neglect', () => {
    const ends = (contact: string, by: string): CallEventRow => told('offer-ended', contact, { agent: by, outcome: 'no-answer' });
    const twice = [queued('a', 0), queued('b', 1_000), offered('a', 2_000), offered('a', 2_000)];
    expect(judged(...twice, offered('b', 2_000))).toEqual([]);
    expect(judged(...twice, ends('a', '1001'), offered('b', 2_000))).toHaveLength(1);
    expect(judged(queued('a', 0), told('callback-asked', 'a', { place: { queue: 'billing', queuedAt: 0, enteredAt: 0, priority: 0 } }), told('callback-waiting', 'a', {}), queued('b', 1_000), offered('b', 2_000))).toEqual([]);
    const left = event('queue-left', '', null, { agent: '1001', queue: 'billing' });
    const both = [queued('b', 0), queued('g', 59_000, {}, 'general')];
    expect(judged(...both, { ...left, queue: 'billing', contact: null }, offered('g', 60_000, '1001', 'general'))).toEqual([]);
    expect(judged(...both, offered('g', 60_000, '1001', 'general'))).toHaveLength(1);
  });

  test('by a configuration that is not here nothing is judged', () => {
    const other = event('configured', '', null, { version: 'another' });
    expect(judged(other, queued('a', 0), queued('b', 1), offered('b', 2))).toEqual([]);
    expect(judged(other, event('configured', '', null, { version: rules.version }), queued('a', 0), queued('b', 1), offered('b', 2))).toHaveLength(1);
  });

  test('agrees with the router about days of its own', () => {
    // The router's own events, in the checker's hands: whatever it decides by its rule, this one must find right.
    const table = new Table(sampleCentre(routing));
    table.signIn('1001', '1002', '1003');
    const rank = (n: number): number => (n * 7_919) % 13;
    for (let n = 0; n < 120; n += 1) {
      table.at += rank(n) * 900;
      const contact = table.queued(n % 3 === 0 ? 'general' : 'billing', rank(n + 5) % 4, { ...(n % 11 === 0 && { tier: 'vip' }), ...(n % 7 === 0 && { position: 1 + (n % 5) }), ...(n % 13 === 0 && { asks: [{ afterMs: 0, needs: needs('billing', 5) }, { afterMs: 25_000, needs: needs('billing', 0) }] }) });
      for (const offer of [...table.centre.offers.values()]) if (rank(n + Number(offer.agent)) > 2) table.do({ type: 'leg-up', leg: offer.leg });
      for (const one of [...table.centre.contacts.values()]) if (one.state.status === 'connected' && rank(n + one.offersMade) > 6) table.hangUp(one.id);
      if (rank(n + 2) === 3) table.hangUp(contact);
      for (const one of table.centre.agents.values()) if (one.presence.status === 'paused') table.do({ type: 'make-ready', agent: one.id });
      table.wait(1_000);
    }
    const rows = table.history.map((one): CallEventRow => ({ ...event(one.type, 'contact' in one ? one.contact : '', null, one as unknown as Record<string, unknown>), agent: 'agent' in one ? (one.agent ?? null) : null, queue: 'queue' in one ? (one.queue ?? null) : null }));
    expect(rows.filter(({ type }) => type === 'offer-made').length).toBeGreaterThan(40);
    expect(rows.some(({ type }) => type === 'contact-widened')).toBe(true);
    expect(rows.some(({ body }) => 'seat' in body)).toBe(true);
    expect(orderIsKept(rows, rules)).toEqual([]);
    // And a day on which two offers have changed places is not let pass.
    const offers = rows.flatMap(({ type }, index) => (type === 'offer-made' ? [index] : []));
    const wrong = offers.filter((index, n) => {
      const next = offers[n + 1];
      const [one, other] = [rows[index], next === undefined ? undefined : rows[next]];
      if (one === undefined || other === undefined || one.contact === other.contact) return false;
      const swapped = rows.map((each, at) => (at === index ? { ...other } : at === next ? { ...one } : each));
      return orderIsKept(swapped, rules).length > 0;
    });
    expect(wrong.length).toBeGreaterThan(offers.length / 2);
  });
});

describe('6: pairs', () => {
  const leg = (id: string, contact: string, agent: string, from: number, to: number | null): LegRow => row({ id, role: 'agent', contact, agent, answered_at: at(from), ended_at: to === null ? null : at(to) });
  const queues = new Map([['line', { strategy: 'longest-idle' }], ['all', { strategy: 'ring-all' }]] as const);
  const offer = (id: string, contact: string, agent: string, from: number, to: number, queue = 'line'): OfferRow => row({ id, contact, agent, queue, made_at: at(from), ended_at: at(to) });

  test('holds for one after the other', () => expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, 10), leg('l2', 'b', '1001', 10, 20)], offers: [offer('o1', 'a', '1001', 0, 5), offer('o2', 'b', '1001', 5, 9)], contacts: [] }, queues)).toEqual([]));
  test('two callers to one agent', () => expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, 10), leg('l2', 'b', '1001', 9, 20)], offers: [], contacts: [] }, queues)).toEqual(['agent 1001 had l1 and l2 at once']));
  test('holds where a call was over and its leg was cleaned up later', () =>
    expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, 10), leg('l2', 'b', '1001', 9, 20)], offers: [], contacts: [row<ContactRow>({ id: 'a', ended_at: at(8) })] }, queues)).toEqual([]));
  test('two agents on one caller', () => expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, null), leg('l2', 'a', '1002', 9, 20)], offers: [], contacts: [] }, queues)).toEqual(['contact a had l1 and l2 at once']));
  test('two offers to one agent, two agents rung for one caller', () => {
    expect(pairsInRows({ legs: [], offers: [offer('o1', 'a', '1001', 0, 10), offer('o2', 'b', '1001', 5, 9)], contacts: [] }, queues)).toHaveLength(1);
    expect(pairsInRows({ legs: [], offers: [offer('o1', 'a', '1001', 0, 10), offer('o2', 'a', '1002', 5, 9)], contacts: [] }, queues)).toHaveLength(1);
  });
  test('where all are rung several may ring for one caller, but none for two, and one talks', () => {
    expect(pairsInRows({ legs: [], offers: [offer('o1', 'a', '1001', 0, 10, 'all'), offer('o2', 'a', '1002', 5, 9, 'all')], contacts: [] }, queues)).toEqual([]);
    expect(pairsInRows({ legs: [], offers: [offer('o1', 'a', '1001', 0, 10, 'all'), offer('o2', 'b', '1001', 5, 9, 'all')], contacts: [] }, queues)).toEqual(['agent 1001 had o1 and o2 at once']);
    expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, null), leg('l2', 'a', '1002', 9, 20)], offers: [offer('o1', 'a', '1001', 0, 10, 'all'), offer('o2', 'a', '1002', 5, 9, 'all')], contacts: [] }, queues)).toEqual(['contact a had l1 and l2 at once']);
  });
  test('holds for an offer that was over in the moment in which the next was made, in whatever order the rows come', () => {
    const offers = [offer('o2', 'b', '1001', 5, 9), offer('o1', 'a', '1001', 5, 5)];
    expect(pairsInRows({ legs: [], offers, contacts: [] }, queues)).toEqual([]);
    expect(pairsInRows({ legs: [], offers: offers.toReversed(), contacts: [] }, queues)).toEqual([]);
    expect(pairsInRows({ legs: [], offers: [offer('o2', 'b', '1001', 5, 9), offer('o1', 'a', '1001', 5, 6)], contacts: [] }, queues)).toHaveLength(1);
  });
  test('in Asterisk: an agent with two calls, a bridge with two callers or two agents', () => {
    const agents = new Map([['1001', {}], ['1002', {}]]) as unknown as CentreConfig['agents'];
    const up = (id: string, endpoint: string) => ({ id, name: `PJSIP/${endpoint}-0000000a`, state: 'Up' });
    const channels = [up('a1', '1001'), up('a2', '1002'), up('c1', 'callers'), up('c2', 'callers')];
    const bridge = (...members: string[]) => [{ id: 'b', channels: members }];
    expect(pairsInSwitch(channels, bridge('a1', 'c1'), agents)).toEqual([]);
    expect(pairsInSwitch([...channels, up('a3', '1001')], [...bridge('a1', 'c1'), { id: 'other', channels: ['a3', 'c2'] }], agents)).toEqual(['agent 1001 has two calls that are up: a1, a3']);
    expect(pairsInSwitch(channels, bridge('a1', 'c1', 'c2'), agents)).toEqual(['bridge b holds 2 callers: c1, c2']);
    expect(pairsInSwitch(channels, bridge('a1', 'a2'), agents)).toEqual(['bridge b holds 2 agents: a1, a2']);
    expect(pairsInSwitch([...channels, up('rx-t-x-5', '1001')], [...bridge('a1', 'c1'), { id: 'other', channels: ['rx-t-x-5', 'c2'] }], agents)).toEqual([]);
  });
});

describe('7: health', () => {
  const good: Omit<HealthSample, 'at'> = { live: 200, ready: 200, service: 'up', asterisk: 'up', owner: 'somebody' };
  const minute = (sample: Partial<HealthSample>): HealthSample[] => Array.from({ length: 61 }, (_, second) => ({ ...good, ...sample, at: second * 1_000 }));

  test('holds for a good minute, and for one of an Asterisk that is dead and said to be', () => {
    expect(healthIsTrue(minute({}))).toEqual([]);
    expect(healthIsTrue(minute({ ready: 503, asterisk: 'dead' }))).toEqual([]);
    expect(healthIsTrue(minute({ live: undefined, ready: undefined, service: 'stopped' }))).toEqual([]);
  });
  test.each<[string, Partial<HealthSample>]>([
    ['ready without Asterisk', { asterisk: 'dead' }],
    ['ready without an owner', { owner: 'nobody' }],
    ['not live when it turns', { live: 500 }],
    ['not ready when all is well', { ready: 503 }],
  ])('%s', (_, sample) => expect(healthIsTrue(minute(sample))).toHaveLength(1));
});

describe('8: nothing left over', () => {
  const files = (count: number): string[] => Array.from({ length: count }, () => 'udp in state 07');
  const before: Footprint = { service: { residentMb: 100, files: files(40) }, asterisk: { residentMb: 50, files: files(60) }, bridges: 0 };
  test('holds for what it was', () => expect(nothingIsLeft(before, before)).toEqual([]));
  test.each<[string, Footprint]>([
    ['memory', { ...before, service: { residentMb: 300, files: files(40) } }],
    ['file descriptors', { ...before, asterisk: { residentMb: 50, files: files(160) } }],
    ['a bridge', { ...before, bridges: 1 }],
  ])('%s', (_, after) => expect(nothingIsLeft(before, after)).toHaveLength(1));
  test('says of what kind it is', () =>
    expect(nothingIsLeft(before, { ...before, asterisk: { residentMb: 50, files: [...files(70), 'pipe:[N]'] } })).toEqual(['asterisk: 71 file descriptors, 60 before; now 10 more udp in state 07, 1 more pipe:[N]']));
});
