import { describe, expect, test } from 'vitest';
import { agentId, playId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Event, EventOf } from '../../src/acd/messages.ts';
import { whisperMaxMs } from '../../src/acd/whisper.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import type { Media, Order } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const table = (queues: Partial<QueueConfig> = { whisper: true }, more: Partial<AgentConfig> = {}): Table =>
  new Table(sampleCentre(sampleRouting({ agents: ['1001', '1002'].map((id) => ({ ...agent(id, {}, ['general']), ...more })), queues })));
const events = ({ last }: Table): readonly Event[] => (last.ok ? last.events : []);
const answered = (at: Table): EventOf<'offer-answered'> | undefined => events(at).find((event): event is EventOf<'offer-answered'> => event.type === 'offer-answered');
const orders = <Type extends Order['type']>(at: Table, type: Type): Order[] => (at.last.ok ? at.last.orders.filter((order) => order.type === type) : []);
const spoken = (media: readonly Media[] = []): string[] => media.map((one) => (one.say === 'prompt' ? one.name : one.say === 'number' ? String(one.number) : one.say));
const statusOf = (at: Table, contact: ContactId): string | undefined => at.centre.contacts.get(contact)?.state.status;

/** The phone is answered, and its agent hears it. */
function hearing(at: Table = table(), waitedMs = 0): { at: Table; contact: ContactId } {
  const contact = at.queued();
  at.wait(waitedMs);
  at.signIn('1001');
  at.answer(contact);
  return { at, contact };
}

describe('given a queue with a whisper, when the phone is answered, then', () => {
  test('its agent hears it on the phone while the caller keeps the music, and nobody is joined', () => {
    const { at, contact } = hearing();
    expect(orders(at, 'play')).toMatchObject([{ leg: `rx-a-${contact}-1` }]);
    expect([...orders(at, 'stop-music'), ...orders(at, 'connect')]).toEqual([]);
    expect([statusOf(at, contact), at.presence('1001')]).toEqual(['offered', 'offered']);
  });

  test.each([[2_000, []], [23_000, ['waited-before', '20', 'waited-seconds']], [60_000, ['waited-before', '1', 'waited-minute']], [200_000, ['waited-before', '3', 'waited-minutes']]])('after a wait of %d ms it says the queue and %j', (ms, wait) => {
    const { at } = hearing(table({ whisper: true, maxWaitMs: 900_000 }), ms);
    expect(spoken(answered(at)?.media)).toEqual(['beep', 'queue-name-general', ...wait]);
  });

  test('the two are joined when it is said; the ring is over with the answer, the wait with the talk', () => {
    const { at, contact } = hearing();
    at.at += 2_500;
    at.heard(contact);
    expect(events(at)).toContainEqual(expect.objectContaining({ type: 'contact-connected', ringMs: 1, waitMs: 2_502 }));
    expect(at.orders().indexOf('stop-play')).toBeLessThan(at.orders().indexOf('connect'));
    expect(at.presence('1001')).toBe('talking');
  });

  test('they are joined at the limit, whatever is still being said', () => {
    const { at, contact } = hearing();
    at.wait(whisperMaxMs - 1);
    expect(statusOf(at, contact)).toBe('offered');
    at.wait(1);
    expect(statusOf(at, contact)).toBe('connected');
  });

  test('another sound that ends on the phone joins nobody', () => {
    const { at, contact } = hearing();
    at.do({ type: 'play-ended', leg: at.ringing(contact), play: playId('rx-p-other'), outcome: 'finished' });
    expect(statusOf(at, contact)).toBe('offered');
  });

  test('one that cannot be played keeps nobody waiting', () => {
    const { at, contact } = hearing();
    const [play] = orders(at, 'play');
    if (play !== undefined) at.do({ type: 'order-failed', order: play, reason: 'refused', detail: '' });
    expect(statusOf(at, contact)).toBe('connected');
  });

  test('the agent who hangs up has turned it away, and the caller is rung at the next in the old place', () => {
    const { at, contact } = hearing();
    at.signIn('1002');
    at.phoneSays(contact, 'hung-up');
    expect(events(at)).toContainEqual(expect.objectContaining({ type: 'offer-ended', outcome: 'rejected' }));
    expect([at.presence('1001'), at.rungFor(contact)]).toEqual(['paused', '1002']);
    expect(at.centre.contacts.get(contact)?.state).toMatchObject({ queuedAt: 0 });
  });

  test('a phone that is lost is nobody’s fault', () => {
    const { at, contact } = hearing();
    at.phoneSays(contact, 'gone');
    expect(events(at)).toContainEqual(expect.objectContaining({ type: 'offer-ended', outcome: 'lost' }));
    expect(statusOf(at, contact)).toBe('waiting');
  });

  test('the caller who leaves frees the agent, and the phone is hung up', () => {
    const { at, contact } = hearing();
    at.hangUp(contact);
    expect(at.presence('1001')).toBe('ready');
    expect(orders(at, 'hang-up')).toContainEqual({ type: 'hang-up', leg: `rx-a-${contact}-1`, because: 'normal' });
  });

  test('the desktop turns it away as a ring, and cannot answer it again', () => {
    const { at, contact } = hearing();
    at.do({ type: 'device-changed', agent: agentId('1001'), device: 'in-call', remoteAnswer: true });
    expect(at.do({ type: 'answer', agent: agentId('1001') })).toMatchObject({ refusal: { code: 'already' } });
    at.do({ type: 'hang-up', agent: agentId('1001') });
    expect(orders(at, 'hang-up')).toHaveLength(1);
    expect(statusOf(at, contact)).toBe('waiting');
  });

  test('of the phones that rang at once the others are silent already, and nobody joins', () => {
    const at = table({ whisper: true, strategy: 'ring-all' });
    at.signIn('1001', '1002');
    const contact = at.queued();
    at.answer(contact, '1002');
    expect([at.presence('1001'), at.presence('1002')]).toEqual(['ready', 'offered']);
    expect(at.allRungFor(contact)).toEqual(['1002']);
    at.heard(contact);
    expect(at.presence('1002')).toBe('talking');
  });
});

describe('given an agent who hears it, when the service dies, then', () => {
  function taken(): { at: Table; contact: ContactId; again: Table } {
    const { at, contact } = hearing();
    const stored = structuredClone({ contacts: [...at.centre.contacts.values()], agents: [...at.centre.agents.values()], offers: [...at.centre.offers.values()], closed: [] });
    const again = new Table(makeCentre(at.centre.routing, stored, at.at));
    again.at = at.at + 1_000;
    return { at, contact, again };
  }
  const seen = (legs: readonly (readonly [leg: string, role: 'caller' | 'agent'])[]) => ({ type: 'switch-seen', startedAt: -1, bridges: [], devices: [], legs: legs.map(([leg, role]) => ({ leg: leg as never, role, state: 'up', ani: '', dnis: '4000', since: 0 }) as const) }) as const;

  test('found answered, the two are joined, and what may still be said is cut before', () => {
    const { at, contact, again } = taken();
    const caller = at.centre.contacts.get(contact)?.leg ?? '';
    again.do(seen([[caller, 'caller'], [again.ringing(contact), 'agent']]));
    expect(statusOf(again, contact)).toBe('connected');
    expect(again.orders().indexOf('stop-play')).toBeLessThan(again.orders().indexOf('connect'));
  });

  test('without the phone the caller waits on and is rung again', () => {
    const { at, contact, again } = taken();
    again.do(seen([[at.centre.contacts.get(contact)?.leg ?? '', 'caller']]));
    expect(events(again)).toContainEqual(expect.objectContaining({ type: 'offer-ended', outcome: 'lost' }));
    expect(['waiting', 'offered']).toContain(statusOf(again, contact));
  });

  test('without the caller the phone is hung up', () => {
    const { contact, again } = taken();
    const leg = again.ringing(contact);
    again.do(seen([[leg, 'agent']]));
    expect(orders(again, 'hang-up')).toContainEqual(expect.objectContaining({ leg }));
    expect(again.presence('1001')).toBe('ready');
  });
});

test('an orders’ connection that stalls past the limit joins the two when it is back', () => {
  const { at, contact } = hearing();
  at.do({ type: 'switch-stalled' });
  at.at += whisperMaxMs + 1_000;
  at.do({ type: 'switch-resumed' });
  expect(statusOf(at, contact)).toBe('connected');
});

test('a phone that answers by itself is asked to, and its agent is warned in any queue', () => {
  const at = table({}, { autoAnswer: true });
  at.signIn('1001');
  const contact = at.call();
  at.enqueue(contact);
  expect(orders(at, 'ring')).toMatchObject([{ autoAnswer: true }]);
  at.answer(contact);
  expect(spoken(answered(at)?.media)).toEqual(['beep', 'queue-name-general']);
});

test('without either the two are joined with the answer', () => {
  const { at, contact } = hearing(table({}));
  expect(statusOf(at, contact)).toBe('connected');
  expect(orders(at, 'stop-play')).toEqual([]);
});
