import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { legId, playId } from '../../src/base/ids.ts';
import type { LegId } from '../../src/base/ids.ts';
import { isWorthReading, readEvent, trunkOf } from '../../src/telephony/facts.ts';
import { endAfterAnswer, endBeforeAnswer } from '../../src/telephony/leg-end.ts';
import { newLeg } from '../../src/telephony/legs.ts';
import type { Legs } from '../../src/telephony/legs.ts';
import { PastLegs } from '../../src/telephony/past-legs.ts';
import type { Fact } from '../../src/telephony/port.ts';

/** One call and two unanswered rings, as Asterisk 22.10 told of them. */
const recorded = readFileSync(new URL('recorded/call.jsonl', import.meta.url), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
const caller = legId('rexian-1795372061.0');
const rung = (n: number): LegId => legId(`rx-a-c-rexian-1795372061-0-${n}`);

function replay(events: readonly unknown[], legs: Legs): Fact[] {
  return events.flatMap((event) => {
    const read = readEvent(event, legs);
    expect(read.read).not.toBe('unreadable');
    return read.read === 'fact' ? [read.fact] : [];
  });
}

/** As the ring orders leave them. */
const ordered = (): Legs => new Map([1, 2, 3].map((n) => [rung(n), newLeg('agent')]));

describe('a recorded call', () => {
  test('is told in facts, each once and in order', () => {
    const legs = ordered();
    expect(replay(recorded, legs).map((fact) => [fact.type, 'leg' in fact ? fact.leg : '', 'end' in fact ? fact.end : ''])).toEqual([
      ['call-arrived', caller, ''],
      ['play-ended', caller, ''],
      ['key-pressed', caller, ''],
      ['leg-ringing', rung(1), ''],
      ['leg-up', rung(1), ''],
      ['leg-down', rung(1), 'hung-up'],
      ['leg-ringing', rung(2), ''],
      ['leg-down', rung(2), 'no-answer'],
      ['leg-ringing', rung(3), ''],
      ['leg-down', rung(3), 'busy'],
      ['leg-down', caller, 'hung-up'],
    ]);
    expect(legs.size).toBe(0);
  });

  test('carries numbers, the key and Asterisk’s own times', () => {
    const facts = replay(recorded, ordered());
    expect(facts[0]).toEqual({
      type: 'call-arrived', at: Date.parse(String(recorded[0]?.['timestamp']).replace('+0000', 'Z')), leg: caller,
      contact: 'c-rexian-1795372061-0', ani: '13912345678', dnis: '4000', trunk: 'callers',
    });
    expect(facts.find(({ type }) => type === 'key-pressed')).toMatchObject({ key: '1', leg: caller });
  });

  test('names the trunk by its endpoint, and by the address where the dialplan gives it', () => {
    expect(trunkOf('PJSIP/carrier-a-0000001f', '192.0.2.7:5060')).toEqual({ trunk: 'carrier-a@192.0.2.7' });
    expect(trunkOf('PJSIP/callers-00000000', '[2001:db8::1]:5060')).toEqual({ trunk: 'callers@[2001:db8::1]' });
    expect(trunkOf('PJSIP/callers-00000000')).toEqual({ trunk: 'callers' });
    expect(trunkOf('Local/4000@hotline;1')).toEqual({});
  });

  test('a leg that nobody knows has no end, so an event told twice makes no second one', () => {
    const legs = ordered();
    const ends = recorded.filter(({ type }) => type === 'StasisEnd' || type === 'ChannelDestroyed');
    const twice = replay([...recorded, ...ends], legs);
    expect(twice.filter(({ type }) => type === 'leg-down')).toHaveLength(4);
  });

  test('a caller seen in the comparison does not arrive again', () => {
    const legs: Legs = new Map([[caller, newLeg('caller', { up: true })]]);
    expect(replay(recorded.slice(0, 1), legs)).toEqual([]);
  });
});

test('who hangs up is gone at once, before Asterisk has taken the channel out of its bridge', () => {
  const of = (type: string, id: LegId, more: object = {}) => ({ type, timestamp: '2026-11-22T18:35:43.507+0000', channel: { id, name: 'PJSIP/1001-00000001', state: 'Up', caller: { number: '1001' } }, ...more });
  const legs: Legs = new Map([[rung(1), newLeg('agent', { up: true })], [rung(2), newLeg('agent')], [caller, newLeg('caller')]]);
  const past = new PastLegs();
  const read = (event: object) => readEvent(event, legs, past);
  expect(read(of('ChannelHangupRequest', rung(1), { cause: 16 }))).toMatchObject({ fact: { type: 'leg-down', leg: rung(1), end: 'hung-up' } });
  expect(read(of('ChannelHangupRequest', caller, { cause: 16 }))).toMatchObject({ fact: { type: 'leg-down', leg: caller, end: 'hung-up' } });
  // What comes afterwards is said already, and brings nobody back.
  for (const type of ['StasisEnd', 'ChannelDestroyed']) expect(read(of(type, rung(1)))).toEqual({ read: 'nothing' });
  expect(read(of('StasisStart', caller, { args: ['inbound', '4000'] }))).toEqual({ read: 'nothing' });
  // A phone that never answered: whether it was busy or declined, its destruction says.
  expect(read(of('ChannelHangupRequest', rung(2), { cause: 21 }))).toEqual({ read: 'nothing' });
  expect(read(of('ChannelDestroyed', rung(2), { cause: 21, tech_cause: 603 }))).toMatchObject({ fact: { leg: rung(2), end: 'rejected' } });
});

test('a phone that Asterisk gave up for want of a sound is lost, whatever number its soft hang-up carries', () => {
  const leg = rung(1);
  const legs: Legs = new Map([[leg, newLeg('agent', { up: true })]]);
  const of = (type: string, more: object = {}) => ({ type, timestamp: '2026-11-22T18:35:43.507+0000', channel: { id: leg, name: 'PJSIP/1001-00000001', state: 'Up', caller: { number: '1001' } }, ...more });
  expect(replay([of('ChannelHangupRequest', { cause: 1, soft: true }), of('StasisEnd')], legs)).toEqual([]);
  expect(replay([of('ChannelDestroyed', { cause: 44 })], legs)).toMatchObject([{ type: 'leg-down', leg, end: 'failed' }]);
});

test('a stopped play is told apart by our own memory, because Asterisk calls it done', () => {
  const leg = newLeg('caller', { up: true });
  const play = playId('rx-p-c-rexian-1795372061-0-1');
  leg.plays.set(play, { stopped: true });
  const finished = recorded.find(({ type }) => type === 'PlaybackFinished');
  expect(replay([finished], new Map([[caller, leg]]))).toMatchObject([{ type: 'play-ended', play, outcome: 'stopped' }]);
  expect(leg.plays.size).toBe(0);
});

test('events of other kinds are left alone; a known one that cannot be read is said to be so', () => {
  expect(readEvent({ type: 'SomethingNewInAsterisk30', whatever: 1 }, new Map())).toEqual({ read: 'nothing' });
  expect(readEvent({ type: 'StasisStart', channel: {} }, new Map())).toMatchObject({ read: 'unreadable', type: 'StasisStart' });
  expect(readEvent('nonsense', new Map())).toMatchObject({ read: 'unreadable' });
});

test('control characters in a caller’s number do not get in', () => {
  const arrival = structuredClone(recorded[0]) as { channel: { caller: { number: string } } };
  arrival.channel.caller.number = `1391\r\n${'9'.repeat(200)}`;
  const [fact] = replay([arrival], new Map());
  expect(fact).toMatchObject({ ani: `1391${'9'.repeat(60)}` });
});

test.each([
  [{ cause: 17, status: 486 }, 'busy'],
  [{ cause: 21, status: 403 }, 'rejected'],
  [{ cause: 17, status: 603 }, 'rejected'],
  [{ cause: 19, status: 480 }, 'no-answer'],
  [{ cause: 18 }, 'no-answer'],
  [{ cause: 20 }, 'unreachable'],
  [{ cause: 3 }, 'unreachable'],
  [{ cause: 16 }, 'hung-up'],
  [{ cause: 34, status: 503 }, 'failed'],
  [{}, 'failed'],
] as const)('a ring that ended with %j was %s', (ending, end) => {
  expect(endBeforeAnswer(ending)).toBe(end);
});

test('a talk that the network ended is told apart from one that a person ended', () => {
  expect([16, 32, undefined, 102, 38].map((cause) => endAfterAnswer({ cause }))).toEqual(['hung-up', 'hung-up', 'hung-up', 'failed', 'failed']);
});

describe('a wire that loses nothing but mixes everything up', () => {
  const ofType = (type: string, leg: LegId) => recorded.find((event) => event['type'] === type && (event['channel'] as { id?: string } | undefined)?.id === leg);
  const past = new PastLegs();
  const read = (legs: Legs, memory: PastLegs, ...events: unknown[]): Fact[] => events.flatMap((event) => {
    const one = readEvent(event, legs, memory);
    return one.read === 'fact' ? [one.fact] : [];
  });

  test('a call that is told of after its end is no call', () => {
    const legs: Legs = new Map();
    expect(read(legs, past, ofType('StasisEnd', caller), ofType('StasisStart', caller), ofType('ChannelDestroyed', caller), ofType('StasisStart', caller))).toEqual([]);
    expect(legs.size).toBe(0);
  });

  test('a caller who went through the apology and came in again is one', () => {
    const legs: Legs = new Map();
    const memory = new PastLegs();
    const at = (event: object | undefined, timestamp: string) => ({ ...event, timestamp });
    const start = ofType('StasisStart', caller);
    const end = ofType('StasisEnd', caller);
    const facts = read(legs, memory, at(start, '2026-01-01T00:00:01.000+0000'), at(end, '2026-01-01T00:00:05.000+0000'), at(start, '2026-01-01T00:00:09.000+0000'), at(end, '2026-01-01T00:00:05.000+0000'));
    expect(facts.map(({ type }) => type)).toEqual(['call-arrived', 'leg-down', 'call-arrived']);
    expect(legs.has(caller)).toBe(true);
  });

  test('a key told twice was pressed once, the same key pressed again was pressed twice', () => {
    const legs: Legs = new Map([[caller, newLeg('caller')]]);
    const key = recorded.find(({ type }) => type === 'ChannelDtmfReceived');
    expect(read(legs, new PastLegs(), key, key, { ...key, timestamp: '2099-01-01T00:00:00.000+0000' })).toHaveLength(2);
  });

  test('a phone that rings and is known to nobody is told of, so that it can be stopped; one that has ended is not', () => {
    const memory = new PastLegs();
    const rings = recorded.find((event) => event['type'] === 'ChannelStateChange' && (event['channel'] as { id: string }).id === rung(1));
    expect(read(new Map(), memory, rings)).toMatchObject([{ type: 'leg-ringing', leg: rung(1) }]);
    expect(read(new Map(), memory, ofType('ChannelDestroyed', rung(1)), rings)).toEqual([]);
  });

  test('of what was kept for us, only keys and the calls that came and went are news', () => {
    const seen = new Set([rung(1)]);
    const worth = (event: unknown, legs: ReadonlySet<LegId>) => isWorthReading(event, legs);
    expect([ofType('StasisStart', caller), ofType('StasisEnd', caller)].map((event) => worth(event, seen))).toEqual([true, true]);
    expect([ofType('StasisStart', caller), ofType('StasisEnd', caller)].map((event) => worth(event, new Set([caller])))).toEqual([false, false]);
    expect([ofType('StasisStart', rung(1)), ofType('ChannelDestroyed', rung(2))].map((event) => worth(event, seen))).toEqual([false, false]);
    const key = recorded.find(({ type }) => type === 'ChannelDtmfReceived');
    expect([worth(key, new Set([caller])), worth(key, seen)]).toEqual([true, false]);
  });
});
