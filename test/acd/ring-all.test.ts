import { describe, expect, test } from 'vitest';
import { agentId, legId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { askedOf } from '../../src/acd/explain.ts';
import { estimateOfNext } from '../../src/acd/estimate.ts';
import { inLine } from '../../src/acd/ranking.ts';
import type { Event, EventOf } from '../../src/acd/messages.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import { queueId } from '../../src/base/ids.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const table = (queues: Partial<QueueConfig> = {}, agents: readonly AgentConfig[] = ['1001', '1002', '1003', '1004'].map((id) => agent(id, {}, ['general'])), more: Parameters<typeof sampleRouting>[0] = {}): Table =>
  new Table(sampleCentre(sampleRouting({ agents, queues: { strategy: 'ring-all', ...queues }, ...more })));
const events = ({ last }: Table): readonly Event[] => (last.ok ? last.events : []);
const ended = (at: Table): Record<string, string> => Object.fromEntries(events(at).filter((event): event is EventOf<'offer-ended'> => event.type === 'offer-ended').map((event) => [event.agent, event.outcome]));

describe('given a queue that rings all, when a contact comes, then', () => {
  test('every agent who may take it is rung at once', () => {
    const at = table();
    at.signIn('1001', '1002', '1003');
    expect(at.allRungFor(at.queued())).toEqual(['1001', '1002', '1003']);
  });

  test('no more than may be at once, the longest idle of them; another phone rings for each that falls out', () => {
    const at = table({ ringAtOnce: 2 });
    at.signIn('1003', '1001', '1002');
    const contact = at.queued();
    expect(at.allRungFor(contact)).toEqual(['1003', '1001']);
    at.phoneSays(contact, 'busy', '1003');
    expect(at.allRungFor(contact)).toEqual(['1001', '1002']);
  });

  test('ten where the queue does not say how many', () => {
    const ids = Array.from({ length: 12 }, (_, n) => String(1001 + n));
    const at = table({}, ids.map((id) => agent(id, {}, ['general'])));
    at.signIn(...ids);
    expect(at.allRungFor(at.queued())).toHaveLength(10);
  });

  test('who comes free while it rings is rung too, for a whole ring time', () => {
    const at = table();
    at.signIn('1001');
    const contact = at.queued();
    at.wait(10_000);
    at.signIn('1002');
    expect(at.allRungFor(contact)).toEqual(['1001', '1002']);
    at.wait(6_000);
    expect(at.allRungFor(contact)).toEqual(['1002']);
    expect([at.presence('1001'), at.presence('1002')]).toEqual(['paused', 'offered']);
  });

  test('the first in line has all the phones, and the next those that are left', () => {
    const at = table({ ringAtOnce: 2 });
    at.signIn('1001', '1002', '1003');
    const [first, second] = [at.queued(), at.queued()];
    expect([at.allRungFor(first), at.allRungFor(second)]).toEqual([['1001', '1002'], ['1003']]);
    at.answer(second);
    at.signIn('1004');
    expect([at.allRungFor(first), at.allRungFor(second)]).toEqual([['1001', '1002'], []]);
  });

  test('one level rings, the next when none of it rings any more; those of a lower one join', () => {
    const levels = (level: number) => ({ levels: { general: { level, position: 1 } } });
    const at = table({}, [agent('1001', {}, ['general']), { ...agent('1002', {}, ['general']), ...levels(2) }, { ...agent('1003', {}, ['general']), ...levels(2) }]);
    at.signIn('1001', '1002', '1003');
    const contact = at.queued();
    expect(at.allRungFor(contact)).toEqual(['1001']);
    at.phoneSays(contact, 'rejected');
    expect(at.allRungFor(contact)).toEqual(['1002', '1003']);
    at.do({ type: 'make-ready', agent: agentId('1001') });
    expect(at.allRungFor(contact)).toEqual(['1002', '1003', '1001']);
  });

  test('with a wait for each level the next joins those that ring', () => {
    const at = table({ levelWaitMs: 5_000 }, [agent('1001', {}, ['general']), { ...agent('1002', {}, ['general']), levels: { general: { level: 2, position: 1 } } }]);
    at.signIn('1001', '1002');
    const contact = at.queued();
    expect(at.allRungFor(contact)).toEqual(['1001']);
    at.wait(5_000);
    expect(at.allRungFor(contact)).toEqual(['1001', '1002']);
  });

  test('kept for one agent it rings there alone, and everywhere when the hold is over', () => {
    const at = table({ sticky: { withinMs: 60_000, waitMs: 5_000 } });
    at.signIn('1001', '1002');
    const contact = at.call();
    at.do({ type: 'caller-known', contact, last: { agent: agentId('1002'), at: at.at } });
    at.enqueue(contact);
    expect(at.allRungFor(contact)).toEqual(['1002']);
    at.wait(5_000);
    expect(at.allRungFor(contact)).toEqual(['1002', '1001']);
  });
});

describe('given several phones that ring for a contact, when', () => {
  function ringing(): { at: Table; contact: ReturnType<Table['queued']> } {
    const at = table();
    at.signIn('1001', '1002', '1003');
    const contact = at.queued();
    at.at += 3_000;
    return { at, contact };
  }

  test('one is answered, it has the caller and the others are free in the same step, with nothing missed and nothing lost', () => {
    const { at, contact } = ringing();
    at.answer(contact, '1002');
    expect(ended(at)).toEqual({ 1001: 'answered-elsewhere', 1002: 'accepted', 1003: 'answered-elsewhere' });
    expect(['1001', '1002', '1003'].map((id) => at.presence(id))).toEqual(['ready', 'talking', 'ready']);
    expect(at.centre.agents.get(agentId('1001'))).toMatchObject({ restUntil: 0, presence: { idleSince: 0 } });
    expect(at.last.ok && at.last.orders.filter(({ type }) => type === 'hang-up')).toEqual([1, 3].map((n) => ({ type: 'hang-up', leg: legId(`rx-a-${contact}-${n}`), because: 'answered-elsewhere' })));
    expect(at.orders()).toContain('connect');
  });

  test('two are answered in the same millisecond, the second is hung up and its agent takes the next call', () => {
    const { at, contact } = ringing();
    const late = at.ringing(contact, '1003');
    at.answer(contact, '1001');
    at.do({ type: 'leg-up', leg: late });
    expect(events(at)).toMatchObject([{ type: 'stray-removed', leg: late }]);
    expect(at.last.ok && at.last.orders).toEqual([{ type: 'hang-up', leg: late, because: 'normal' }]);
    at.do({ type: 'leg-down', leg: late, end: 'hung-up' });
    expect(at.presence('1003')).toBe('ready');
    expect(at.allRungFor(at.queued())).toEqual(['1002', '1003']);
  });

  test.each([['rejected', 'paused'], ['busy', 'ready'], ['unreachable', 'ready'], ['no-answer', 'paused']] as const)('one is %s, only its agent is left alone and the others ring on', (end, then) => {
    const { at, contact } = ringing();
    at.phoneSays(contact, end, '1001');
    expect(at.allRungFor(contact)).toEqual(['1002', '1003']);
    expect(at.presence('1001')).toBe(then);
    at.answer(contact, '1003');
    expect(at.presence('1003')).toBe('talking');
  });

  test('all have failed, the contact waits on in its place, and those who had their rest ring again', () => {
    const { at, contact } = ringing();
    const next = at.queued();
    for (const who of ['1001', '1002', '1003']) at.phoneSays(contact, 'busy', who);
    expect(at.centre.contacts.get(contact)?.state).toMatchObject({ status: 'waiting', queuedAt: 3 });
    at.wait(10_000);
    expect([at.allRungFor(contact), at.allRungFor(next)]).toEqual([['1001', '1002', '1003'], []]);
  });

  test('the caller leaves, all are silenced and nobody is counted as missed', () => {
    const { at, contact } = ringing();
    at.hangUp(contact);
    expect(ended(at)).toEqual({ 1001: 'withdrawn', 1002: 'withdrawn', 1003: 'withdrawn' });
    expect(at.last.ok && at.last.orders.flatMap((order) => (order.type === 'hang-up' && order.leg.startsWith('rx-a-') ? order.because : []))).toEqual(['normal', 'normal', 'normal']);
    expect(['1001', '1002', '1003'].map((id) => at.presence(id))).toEqual(['ready', 'ready', 'ready']);
  });

  test('an agent asked to be paused afterwards, it is so though another was quicker', () => {
    const { at, contact } = ringing();
    at.do({ type: 'pause', agent: agentId('1001'), reason: 'lunch' });
    at.answer(contact, '1002');
    expect(at.presence('1001')).toBe('paused');
  });

  test('the queue rings one at a time from now on, those that ring ring on and nobody joins', () => {
    const { at, contact } = ringing();
    at.do({ type: 'configure', routing: { ...at.centre.routing, version: 'v2', queues: new Map([...at.centre.routing.queues].map(([id, queue]) => [id, { ...queue, strategy: 'longest-idle' }])) } });
    at.signIn('1004');
    expect(at.allRungFor(contact)).toEqual(['1001', '1002', '1003']);
    at.answer(contact, '1003');
    expect(at.presence('1003')).toBe('talking');
  });

  test('the service dies, a new one knows them all, and those whose call is gone ring anew', () => {
    const { at, contact } = ringing();
    const stored = structuredClone({ contacts: [...at.centre.contacts.values()], agents: [...at.centre.agents.values()], offers: [...at.centre.offers.values()], closed: [] });
    const again = new Table(makeCentre(at.centre.routing, stored, at.at));
    again.at = at.at;
    expect(again.allRungFor(contact)).toEqual(['1001', '1002', '1003']);
    const [caller, kept] = [[...stored.contacts][0]?.leg ?? legId(''), again.ringing(contact, '1002')];
    again.do({ type: 'switch-seen', startedAt: -1, bridges: [], devices: [], legs: [{ leg: caller, role: 'caller', state: 'up', ani: '', dnis: '4000', since: 0 }, { leg: kept, role: 'agent', state: 'ringing', ani: '', dnis: '', since: 0 }] });
    expect(ended(again)).toEqual({ 1001: 'lost', 1003: 'lost' });
    expect(again.allRungFor(contact)).toEqual(['1002', '1001', '1003']);
    again.do({ type: 'leg-up', leg: kept });
    expect(again.presence('1002')).toBe('talking');
  });

  test('the service dies and two were answered meanwhile, one has the caller and the other is hung up', () => {
    const { at, contact } = ringing();
    const stored = structuredClone({ contacts: [...at.centre.contacts.values()], agents: [...at.centre.agents.values()], offers: [...at.centre.offers.values()], closed: [] });
    const again = new Table(makeCentre(at.centre.routing, stored, at.at));
    again.at = at.at;
    const caller = stored.contacts[0]?.leg ?? legId('');
    const phones = ['1001', '1002', '1003'].map((id) => ({ leg: again.ringing(contact, id), role: 'agent', state: id === '1003' ? 'ringing' : 'up', ani: '', dnis: '', since: 0 }) as const);
    again.do({ type: 'switch-seen', startedAt: -1, bridges: [], devices: [], legs: [{ leg: caller, role: 'caller', state: 'up', ani: '', dnis: '4000', since: 0 }, ...phones] });
    expect(['1001', '1002', '1003'].map((id) => again.presence(id))).toEqual(['talking', 'ready', 'ready']);
    const hungUp = again.last.ok ? again.last.orders.flatMap((order) => (order.type === 'hang-up' ? order.leg : [])) : [];
    expect(new Set(hungUp)).toEqual(new Set(phones.slice(1).map(({ leg }) => leg)));
  });
});

test('asked why, a contact that rings at as many phones as may tells of those and of who is not rung', () => {
  const at = table({ ringAtOnce: 2 });
  at.signIn('1001', '1002', '1003');
  const contact = inLine(at.centre.contacts.get(at.queued()));
  expect(contact && askedOf(at.centre, contact).candidates.map(({ agent: id, verdict }) => [id, verdict.code])).toEqual([['1003', 'free'], ['1001', 'ringing'], ['1002', 'ringing'], ['1004', 'not-signed-in']]);
});

test('for whom phones ring waits no more: the estimate counts one who is taken, however many ring', () => {
  const at = table();
  at.signIn('1001', '1002', '1003');
  const flowing = (): number => Math.round(at.centre.flowing.get(queueId('general'))?.taken ?? 0);
  for (let n = 0; n < 6; n += 1) {
    const waiting = [at.queued(), at.queued()];
    at.at += 1_000;
    for (const contact of waiting) at.answer(contact, at.allRungFor(contact)[0]);
    for (const contact of waiting) at.hangUp(contact);
    for (const id of ['1001', '1002', '1003']) if (at.presence(id) === 'wrap-up') at.do({ type: 'finish-wrap-up', agent: agentId(id) });
  }
  // The first of each two is taken as it comes.
  expect(flowing()).toBe(6);
  expect(estimateOfNext(at.centre, queueId('general'))?.p50Ms).toBeLessThan(2_000);
});
