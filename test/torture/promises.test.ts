// Each promise can be broken on paper, and the checker sees it; the live test breaks them in a real centre.

import { describe, expect, test } from 'vitest';
import type { CallEventRow, ContactRow, LegRow, OfferRow } from '../../src/store/tables.ts';
import type { Contact } from '../../src/acd/model.ts';
import type { CentreConfig } from '../../src/config/centre-config.ts';
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
  const over = (contact: string, outcome: string): CallEventRow => event('offer-ended', contact, 4, { outcome });

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

describe('6: pairs', () => {
  const leg = (id: string, contact: string, agent: string, from: number, to: number | null): LegRow => row({ id, role: 'agent', contact, agent, answered_at: at(from), ended_at: to === null ? null : at(to) });
  const offer = (id: string, contact: string, agent: string, from: number, to: number): OfferRow => row({ id, contact, agent, made_at: at(from), ended_at: at(to) });

  test('holds for one after the other', () => expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, 10), leg('l2', 'b', '1001', 10, 20)], offers: [offer('o1', 'a', '1001', 0, 5), offer('o2', 'b', '1001', 5, 9)], contacts: [] })).toEqual([]));
  test('two callers to one agent', () => expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, 10), leg('l2', 'b', '1001', 9, 20)], offers: [], contacts: [] })).toEqual(['agent 1001 had l1 and l2 at once']));
  test('holds where a call was over and its leg was cleaned up later', () =>
    expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, 10), leg('l2', 'b', '1001', 9, 20)], offers: [], contacts: [row<ContactRow>({ id: 'a', ended_at: at(8) })] })).toEqual([]));
  test('two agents on one caller', () => expect(pairsInRows({ legs: [leg('l1', 'a', '1001', 0, null), leg('l2', 'a', '1002', 9, 20)], offers: [], contacts: [] })).toEqual(['contact a had l1 and l2 at once']));
  test('two offers to one agent, two agents rung for one caller', () => {
    expect(pairsInRows({ legs: [], offers: [offer('o1', 'a', '1001', 0, 10), offer('o2', 'b', '1001', 5, 9)], contacts: [] })).toHaveLength(1);
    expect(pairsInRows({ legs: [], offers: [offer('o1', 'a', '1001', 0, 10), offer('o2', 'a', '1002', 5, 9)], contacts: [] })).toHaveLength(1);
  });
  test('holds for an offer that was over in the moment in which the next was made, in whatever order the rows come', () => {
    const offers = [offer('o2', 'b', '1001', 5, 9), offer('o1', 'a', '1001', 5, 5)];
    expect(pairsInRows({ legs: [], offers, contacts: [] })).toEqual([]);
    expect(pairsInRows({ legs: [], offers: offers.toReversed(), contacts: [] })).toEqual([]);
    expect(pairsInRows({ legs: [], offers: [offer('o2', 'b', '1001', 5, 9), offer('o1', 'a', '1001', 5, 6)], contacts: [] })).toHaveLength(1);
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
  const before: Footprint = { service: { residentMb: 100, files: 40 }, asterisk: { residentMb: 50, files: 60 }, bridges: 0 };
  test('holds for what it was', () => expect(nothingIsLeft(before, before)).toEqual([]));
  test.each<[string, Footprint]>([
    ['memory', { ...before, service: { residentMb: 300, files: 40 } }],
    ['file descriptors', { ...before, asterisk: { residentMb: 50, files: 160 } }],
    ['a bridge', { ...before, bridges: 1 }],
  ])('%s', (_, after) => expect(nothingIsLeft(before, after)).toHaveLength(1));
});
