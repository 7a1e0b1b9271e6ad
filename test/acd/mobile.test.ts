import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Event, EventOf } from '../../src/acd/messages.ts';
import { confirmMs } from '../../src/acd/whisper.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import type { Order } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

/** 1001 is rung on a mobile, 1002 at the desk. */
const table = (queues: Partial<QueueConfig> = {}): Table =>
  new Table(sampleCentre(sampleRouting({ agents: [{ ...agent('1001', {}, ['general']), mobile: { number: '13800001234', trunk: 'carrier' } }, agent('1002', {}, ['general'])], queues })));
const events = ({ last }: Table): readonly Event[] => (last.ok ? last.events : []);
const orders = <Type extends Order['type']>(at: Table, type: Type): Order[] => (at.last.ok ? at.last.orders.filter((order) => order.type === type) : []);
const ended = (at: Table): string[] => events(at).flatMap((event) => (event.type === 'offer-ended' ? event.outcome : []));
const statusOf = (at: Table, contact: ContactId): string | undefined => at.centre.contacts.get(contact)?.state.status;

function answered(at: Table = table()): { at: Table; contact: ContactId } {
  at.signIn('1001');
  const contact = at.queued();
  at.answer(contact, '1001');
  return { at, contact };
}

describe('given an agent with a mobile, when a contact comes, then', () => {
  test('the number is rung through its trunk, whatever the phone at the desk does', () => {
    const at = table();
    at.do({ type: 'device-changed', agent: agentId('1001'), device: 'unreachable' });
    at.signIn('1001');
    const contact = at.call();
    at.enqueue(contact);
    expect(orders(at, 'ring')).toMatchObject([{ leg: `rx-a-${contact}-1`, to: { kind: 'number', number: '13800001234', trunk: 'carrier' } }]);
  });

  test('whoever answers hears the queue and what to press, twice, and the caller hears music', () => {
    const { at } = answered();
    const said = events(at).find((event): event is EventOf<'offer-answered'> => event.type === 'offer-answered');
    expect(said?.media.map((one) => one.say === 'prompt' && one.name)).toEqual(['queue-name-general', 'press-1', 'queue-name-general', 'press-1']);
    expect([...orders(at, 'stop-music'), ...orders(at, 'connect')]).toEqual([]);
  });

  test('1 takes the caller, other keys and the end of the prompt do not', () => {
    const { at, contact } = answered();
    for (const key of ['2', '#', '*'] as const) at.pressOn(contact, '1001', key);
    at.heard(contact);
    expect(statusOf(at, contact)).toBe('offered');
    at.pressOn(contact, '1001', '1');
    expect(statusOf(at, contact)).toBe('connected');
    expect(at.orders().indexOf('stop-play')).toBeLessThan(at.orders().indexOf('connect'));
  });

  test('a voicemail that talks on takes nobody: no answer, and the next agent is rung in the old place', () => {
    const { at, contact } = answered();
    at.signIn('1002');
    at.wait(confirmMs);
    expect(ended(at)).toEqual(['no-answer']);
    expect(orders(at, 'hang-up')).toMatchObject([{ leg: `rx-a-${contact}-1` }]);
    expect([at.presence('1001'), at.rungFor(contact)]).toEqual(['paused', '1002']);
  });

  test('one that hangs up is no answer too', () => {
    const { at, contact } = answered();
    at.phoneSays(contact, 'hung-up');
    expect(ended(at)).toEqual(['no-answer']);
    expect(statusOf(at, contact)).toBe('waiting');
  });

  test('the caller’s 1 takes nobody', () => {
    const { at, contact } = answered();
    at.press(contact, '1');
    expect(statusOf(at, contact)).toBe('offered');
  });

  test('a prompt that cannot be played is no way to be asked', () => {
    const { at, contact } = answered();
    const [play] = orders(at, 'play');
    if (play !== undefined) at.do({ type: 'order-failed', order: play, reason: 'refused', detail: '' });
    expect(ended(at)).toEqual(['unreachable']);
    expect(statusOf(at, contact)).toBe('waiting');
  });

  test('the desktop cannot answer it', () => {
    const at = table();
    at.do({ type: 'device-changed', agent: agentId('1001'), device: 'idle', remoteAnswer: true });
    at.signIn('1001');
    at.queued();
    expect(at.do({ type: 'answer', agent: agentId('1001') })).toMatchObject({ refusal: { code: 'no-remote-answer' } });
  });
});

describe('given a mobile that rings beside other phones, when', () => {
  function both(): { at: Table; contact: ContactId } {
    const at = table({ strategy: 'ring-all' });
    at.signIn('1001', '1002');
    const contact = at.queued();
    at.answer(contact, '1001');
    return { at, contact };
  }

  test('it is answered, the others ring on, for it may be a voicemail', () => {
    const { at, contact } = both();
    expect(at.allRungFor(contact)).toEqual(['1001', '1002']);
    at.answer(contact, '1002');
    expect([at.presence('1001'), at.presence('1002')]).toEqual(['ready', 'talking']);
    expect(orders(at, 'hang-up')).toEqual([{ type: 'hang-up', leg: `rx-a-${contact}-1`, because: 'answered-elsewhere' }]);
  });

  test('1 is pressed, the others are silent in the same step', () => {
    const { at, contact } = both();
    at.pressOn(contact, '1001', '1');
    expect([at.presence('1001'), at.presence('1002')]).toEqual(['talking', 'ready']);
  });

  test('another answers and hears the whisper, a 1 on the mobile comes too late', () => {
    const at = table({ strategy: 'ring-all', whisper: true });
    at.signIn('1001', '1002');
    const contact = at.queued();
    at.answer(contact, '1001');
    const mobile = at.ringing(contact, '1001');
    at.answer(contact, '1002');
    at.do({ type: 'key-pressed', leg: mobile, key: '1', heldMs: 80 });
    expect([at.presence('1001'), at.presence('1002')]).toEqual(['ready', 'offered']);
  });
});

test('the service dies while 1 is awaited: it is said again and counts as before', () => {
  const { at, contact } = answered();
  const stored = structuredClone({ contacts: [...at.centre.contacts.values()], agents: [...at.centre.agents.values()], offers: [...at.centre.offers.values()], closed: [] });
  const again = new Table(makeCentre(at.centre.routing, stored, at.at));
  again.at = at.at + 1_000;
  const phone = again.ringing(contact);
  const leg = (id: typeof phone, role: 'caller' | 'agent') => ({ leg: id, role, state: 'up', ani: '', dnis: '4000', since: 0 }) as const;
  again.do({ type: 'switch-seen', startedAt: -1, bridges: [], devices: [], legs: [leg(at.centre.contacts.get(contact)?.leg ?? phone, 'caller'), leg(phone, 'agent')] });
  expect(statusOf(again, contact)).toBe('offered');
  expect(events(again).flatMap((event) => (event.type === 'contact-repaired' ? event.orders.flatMap((order) => (order.type === 'play' ? order.leg : [])) : []))).toEqual([phone]);
  again.pressOn(contact, '1001', '1');
  expect(statusOf(again, contact)).toBe('connected');
});

test('a place among those who are there is a mobile’s, too: the queue is not empty for want of the phone at the desk', () => {
  const at = table({ empty: { joining: ['unreachable', 'offline'], waiting: ['unreachable', 'offline'] } });
  at.do({ type: 'device-changed', agent: agentId('1001'), device: 'unreachable' });
  at.signIn('1001');
  at.do({ type: 'pause', agent: agentId('1001'), reason: 'lunch' });
  expect(statusOf(at, at.queued())).toBe('waiting');
});
