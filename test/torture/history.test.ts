// Each rule of the checker has a history that breaks it, and all of them pass a day on which nothing went wrong.

import { describe, expect, test } from 'vitest';
import type { CallEventRow, RecordingRow } from '../../src/store/tables.ts';
import { check } from '../../torture/history/check.ts';
import { isExcused } from '../../torture/history/excused-recordings.ts';
import type { History } from '../../torture/history/history.ts';
import { outsideFaultsMs } from '../../torture/history/outside-faults.ts';
import { told } from '../../torture/history/told.ts';

const begins = 1_000_000;
type Written = readonly [ms: number, type: string, who: { readonly contact?: string; readonly agent?: string }, body?: Record<string, unknown>, epoch?: number];

/** Rows hold more than the checker reads. */
const journal = (written: readonly Written[]): CallEventRow[] =>
  written.map(([ms, type, { contact = null, agent = null }, body = {}, epoch = 1], seq) => ({ type, contact, agent, queue: 'line', body, epoch, seq, at: new Date(begins + ms) }) as CallEventRow);

const moved = (ms: number, from: string, to: string, because = 'asked'): Written => [ms, 'presence-changed', { agent: '1' }, { from, presence: { status: to }, because }];

/** A caller is served by agent 1, who pauses and comes back; another leaves the line while nobody is free. */
const day: readonly Written[] = [
  [0, 'contact-arrived', { contact: 'a' }],
  [1, 'flow-moved', { contact: 'a' }],
  [1, 'contact-queued', { contact: 'a' }, { queuedAt: begins + 1, priority: 0 }],
  [1, 'offer-made', { contact: 'a', agent: '1' }, { offer: 'a-o1', leg: 'rx-a-a-1' }],
  moved(1, 'ready', 'offered', 'offer'),
  [50, 'offer-rang', { contact: 'a', agent: '1' }, { offer: 'a-o1' }],
  [100, 'offer-ended', { contact: 'a', agent: '1' }, { offer: 'a-o1', outcome: 'accepted' }],
  [100, 'contact-connected', { contact: 'a', agent: '1' }, { offer: 'a-o1' }],
  moved(100, 'offered', 'talking', 'connected'),
  [100, 'recording-started', { contact: 'a', agent: '1' }, { recording: 'r-a' }],
  [1_600, 'recording-stopped', { contact: 'a' }, { recording: 'r-a' }],
  [1_600, 'contact-ended', { contact: 'a', agent: '1' }, { reason: 'agent-hung-up', during: 'talk', talkMs: 1_500 }],
  moved(1_600, 'talking', 'wrap-up', 'talk-over'),
  [1_605, 'contact-closed', { contact: 'a' }],
  moved(1_900, 'wrap-up', 'ready', 'wrap-up-over'),
  moved(3_000, 'ready', 'paused'),
  [4_000, 'contact-arrived', { contact: 'b' }],
  [4_001, 'contact-queued', { contact: 'b' }, { queuedAt: begins + 4_001, priority: 0 }],
  [6_000, 'contact-ended', { contact: 'b' }, { reason: 'caller-hung-up', during: 'queue', talkMs: 0 }],
  moved(8_000, 'paused', 'ready'),
];

const asked = (wish: History['asked'][number]['wish'], from: number, answer: History['asked'][number]['answer'] = 'done'): History['asked'][number] => ({ agent: '1', wish, from: begins + from, to: begins + from + 10, answer });
const dial = (number: string, from: number, to: number, more: Partial<History['dials'][number]> = {}): History['dials'][number] => ({ numbers: [number], from: begins + from, to: begins + to, successful: 1, cut: false, errors: '', ...more });
const fault = (name: History['faults'][number]['fault'], from: number, to: number): History['faults'][number] => ({ fault: name, from: begins + from, to: begins + to });

const history = (written: readonly Written[] = day, more: Partial<History> = {}): History => ({
  asked: [asked('pause', 2_995), asked('make-ready', 7_995)], faults: [], dials: [dial('138', -5, 1_610), dial('139', 3_995, 6_000, { leaveAfterMs: 2_000 })],
  phoneCalls: [{ agent: '1', channel: 'rx-a-a-1', from: begins + 120, to: begins + 1_590 }], agents: [{ agent: '1', status: 'ready', device: 'idle' }],
  numbers: new Map([['a', '138'], ['b', '139']]), recordings: [], talkMs: 1_500, ...more, events: journal(written),
});

const without = (type: string, contact?: string): readonly Written[] => day.filter(([, of, who]) => of !== type || (contact !== undefined && who.contact !== contact));
const withMore = (...more: readonly Written[]): readonly Written[] => [...day, ...more].toSorted(([a], [b]) => a - b);
const offered = (ms: number, contact = 'b'): Written => [ms, 'offer-made', { contact, agent: '1' }, { offer: `${contact}-o1`, leg: `rx-a-${contact}-1` }];
const rules = (of: History): string[] => [...new Set(check(of).map(({ rule }) => rule))];

test('a day on which nothing went wrong breaks no rule', () => expect(check(history())).toEqual([]));

describe('an answer lost', () => {
  test('acknowledged, and not in the journal', () => expect(rules(history(day.filter(([ms]) => ms !== 8_000)))).toContain('answer lost'));
  test('a rest that ends is the answer to who asks for calls, one that begins is not', () => {
    const resting = (body: Record<string, unknown>) => history(withMore([8_500, 'rest-set', { agent: '1' }, { until: 8_500, ...body }]), { asked: [...history().asked, asked('make-ready', 8_498)] });
    expect(check(resting({}))).toEqual([]);
    expect(rules(resting({ because: 'busy' }))).toContain('answer lost');
  });
  test('one event is not the answer to two', () => expect(check(history(day, { asked: [...history().asked, asked('pause', 2_999)] }))).toMatchObject([{ rule: 'answer lost', agents: ['1'] }]));
  test('a refusal and an unknown answer promise nothing', () => expect(check(history(day, { asked: [...history().asked, asked('sign-out', 9_000, 'refused'), asked('sign-out', 9_100, 'unknown')] }))).toEqual([]));
});

describe('away and offered', () => {
  const offeredWhileAway = withMore(offered(4_100));
  test('offered after "paused" and before "ready"', () => expect(rules(history(offeredWhileAway))).toContain('away and offered'));
  test('offered after "signed out"', () => {
    const out = offeredWhileAway.map((one) => (one[0] === 3_000 ? moved(3_000, 'ready', 'offline') : one));
    expect(rules(history(out, { asked: [asked('sign-out', 2_995)] }))).toContain('away and offered');
  });
  test('a make-ready that may have been done ends it', () => expect(rules(history(offeredWhileAway, { asked: [asked('pause', 2_995), asked('make-ready', 4_050, 'unknown')] }))).not.toContain('away and offered'));
});

describe('served once', () => {
  const again: readonly Written[] = [[1_610, 'contact-connected', { contact: 'a', agent: '2' }]];
  test('connected a second time', () => expect(rules(history(withMore(...again)))).toContain('served twice'));
  test('connected again by another agent, having lost the first', () => expect(rules(history(withMore([1_200, 'contact-requeued', { contact: 'a' }], ...again)))).not.toContain('served twice'));
  test('one call that is two contacts', () => expect(rules(history(day, { numbers: new Map([['a', '138'], ['b', '138']]) }))).toContain('served twice'));
  test('two calls from one number', () => expect(rules(history(day, { numbers: new Map([['a', '139'], ['b', '139']]), dials: [dial('139', -5, 1_610), dial('139', 3_995, 6_000, { leaveAfterMs: 2_000 })] }))).not.toContain('served twice'));
});

describe('calls and contacts', () => {
  const lost = without('contact-arrived', 'a').filter(([, , { contact }]) => contact !== 'b');
  test('a call that is no contact', () => expect(rules(history(lost))).toContain('call lost'));
  test('who left in a fault may be unknown, who stayed may not', () => {
    const seen = history(lost, { dials: [dial('139', 3_995, 6_000, { leaveAfterMs: 2_000 })], faults: [fault('service-killed', 3_900, 5_000)] });
    expect(check(seen).filter(({ rule }) => rule === 'call lost')).toEqual([]);
    expect(rules({ ...seen, dials: seen.dials.map((one) => ({ ...one, leaveAfterMs: undefined })) })).toContain('call lost');
  });
  test('a contact that nobody called for', () => expect(rules(history(day, { numbers: new Map([['a', '138'], ['b', '777']]) }))).toContain('a call of nobody'));
  test('a caller whom SIPp counts as failed, unless Asterisk died', () => {
    const failed = [dial('138', -5, 1_610, { successful: 0 }), ...history().dials.slice(1)];
    expect(rules(history(day, { dials: failed }))).toEqual(['caller failed']);
    expect(rules(history(day, { dials: failed.map((one) => ({ ...one, cut: true })) }))).toEqual([]);
  });
  test('ended as if a caller had hung up who had not', () => expect(rules(history(day, { dials: [dial('138', -5, 1_610), dial('139', 3_995, 6_000)] }))).toEqual(['ended wrongly']));
  test('but not where it is the call of before, from the same number', () => {
    const twice = { numbers: new Map([['a', '138'], ['b', '139'], ['c', '139']]), dials: [...history().dials, dial('139', 6_010, 9_000)] };
    const again: readonly Written[] = [[6_020, 'contact-arrived', { contact: 'c' }], [8_990, 'contact-ended', { contact: 'c' }, { reason: 'other-hung-up' }]];
    expect(rules(history(withMore(...again), twice))).toEqual([]);
    expect(rules(history(withMore(...again.map((one): Written => (one[1] === 'contact-ended' ? [8_990, one[1], one[2], { reason: 'caller-hung-up' }] : one))), twice))).toEqual(['ended wrongly']);
  });
  test('ended as if Asterisk had restarted', () => {
    const restarted = day.map((one): Written => (one[0] === 6_000 ? [6_000, 'contact-ended', { contact: 'b' }, { reason: 'switch-restarted' }] : one));
    expect(rules(history(restarted))).toEqual(['ended wrongly']);
    expect(rules(history(restarted, { faults: [fault('asterisk-killed', 5_500, 9_000)] }))).toEqual([]);
  });
  test('ended as failed', () => expect(rules(history(day.map((one): Written => (one[0] === 6_000 ? [6_000, 'contact-ended', { contact: 'b' }, { reason: 'failed' }] : one))))).toEqual(['ended wrongly']));
});

describe('a phone in a call', () => {
  test('offered to who talks, by the journal', () => expect(rules(history(withMore(offered(1_000))))).toContain('phone in a call'));
  test('offered to a phone that Asterisk holds in another call', () => {
    const other = { agent: '1', channel: 'of-their-own', from: begins - 500, to: begins + 30 };
    expect(rules(history(day, { phoneCalls: [other] }))).toEqual(['phone in a call']);
    expect(rules(history(day, { phoneCalls: [{ ...other, to: begins - 1 }] }))).toEqual([]);
  });
});

describe('waited beside a free agent', () => {
  const idle = day.filter(([ms]) => ms !== 3_000 && ms !== 8_000);
  const nobodyAway = { asked: [] };
  test('who waits while one is ready', () => expect(rules(history(idle, nobodyAway))).toEqual(['waited beside a free agent']));
  test('not in a fault, and not while the phone is busy or rests', () => {
    expect(check(history(idle, { ...nobodyAway, faults: [fault('ari-half-open', 3_900, 5_000)] }))).toEqual([]);
    const busy = [...idle, [3_500, 'device-changed', { agent: '1' }, { device: 'in-call' }] as const].toSorted(([a], [b]) => a - b);
    expect(check(history(busy, nobodyAway))).toEqual([]);
    const rests = [...idle, [3_500, 'rest-set', { agent: '1' }, { until: begins + 5_500 }] as const].toSorted(([a], [b]) => a - b);
    expect(check(history(rests, nobodyAway))).toEqual([]);
  });
  test('what lies outside of faults that overlap', () => {
    const two = [fault('ari-reset', 1_000, 1_500), fault('redis-killed', 2_000, 3_500)];
    expect(outsideFaultsMs(two, begins, begins + 10_000)).toBe(1_000 + 5_000);
    expect(outsideFaultsMs(two, begins + 1_100, begins + 4_000)).toBe(0);
  });
});

describe('out of order', () => {
  test.each<[string, readonly Written[]]>([
    ['an offer before the line', without('contact-queued', 'a')],
    ['a talk without an accepted offer', without('offer-ended')],
    ['a recording that was not started', without('recording-started')],
    ['something of who has not arrived', without('contact-arrived')],
    ['a second arrival', withMore([2, 'contact-arrived', { contact: 'a' }])],
    ['a second end', withMore([1_601, 'contact-ended', { contact: 'a' }, { reason: 'agent-hung-up' }])],
    ['an agent who leaves a state that they were not in', without('presence-changed').concat([moved(1, 'ready', 'offered', 'offer'), moved(100, 'ready', 'talking', 'connected')]).toSorted(([a], [b]) => a - b)],
    ['an event older than the one before it', day.map((one) => (one[1] === 'offer-rang' ? [0, 'offer-rang', { contact: 'a', agent: '1' }, { offer: 'a-o1' }] : one))],
    ['an answer to another offer', day.map((one) => (one[1] === 'offer-rang' ? [50, 'offer-rang', { contact: 'a', agent: '1' }, { offer: 'a-o2' }] : one))],
  ])('%s', (_, written) => expect(rules(history(written))).toContain('out of order'));
});

describe('cut off', () => {
  const short = day.map((one): Written => (one[1] === 'contact-ended' && one[2].contact === 'a' ? [1_600, 'contact-ended', { contact: 'a', agent: '1' }, { reason: 'agent-hung-up', during: 'talk', talkMs: 400 }] : one));
  test('a talk shorter than the phone makes it', () => expect(rules(history(short))).toEqual(['cut off']));
  test('unless the agent asked for it, or in a fault', () => {
    const hungUp = short.map((one): Written => (one[1] === 'contact-ended' && one[2].contact === 'a' ? [...one] : one));
    expect(check(history(hungUp, { asked: [...history().asked, asked('hang-up', 1_595)] }))).toEqual([]);
    expect(check(history(short, { faults: [fault('asterisk-stopped', 1_000, 1_700)] }))).toEqual([]);
  });
});

test('order: the younger before the older', () => {
  const two: readonly Written[] = [
    [0, 'contact-arrived', { contact: 'a' }], [1, 'contact-queued', { contact: 'a' }, { queuedAt: 1, priority: 0 }],
    [2, 'contact-arrived', { contact: 'b' }], [3, 'contact-queued', { contact: 'b' }, { queuedAt: 3, priority: 0 }], offered(4),
  ];
  expect(check(history(two, { asked: [] })).find(({ rule }) => rule === 'order')).toMatchObject({ contacts: ['b', 'a'], agents: ['1'] });
});

describe('recordings that may be empty', () => {
  const row = (reason: string): RecordingRow => ({ id: 'r-a', contact: 'a', status: 'failed', reason }) as RecordingRow;
  const events = journal(day);
  test('of a talk that began and was over before the service was back', () => expect(isExcused(events, [fault('service-killed', 90, 1_000)])(row('raw-missing'))).toBe(true));
  test('one that is lost without a fault is a violation, one in a fault is none', () => {
    const lost = { ...row('raw-missing'), started_at: new Date(begins + 100), stopped_at: new Date(begins + 1_600), agent: '1' };
    expect(rules(history(day, { recordings: [lost] }))).toEqual(['recording lost']);
    expect(rules(history(day, { recordings: [lost], faults: [fault('service-killed', 90, 1_000)] }))).toEqual([]);
  });
  test('none without a fault', () => expect(isExcused(events, [])(row('raw-missing'))).toBe(false));
  test('none where the fault came when it ran already', () => expect(isExcused(events, [fault('service-killed', 1_300, 2_500)])(row('raw-missing'))).toBe(false));
  test('of a talk whose first sound was not written yet when its Asterisk was killed', () => expect(isExcused(events, [fault('asterisk-killed', 1_300, 2_500)])(row('raw-missing'))).toBe(true));
  test('none where the talk went on long after', () => expect(isExcused(events, [fault('ami-reset', 90, 300)])(row('raw-missing'))).toBe(false));
  test('none for a fault that has no part in it', () => expect(isExcused(events, [fault('postgres-killed', 90, 1_000)])(row('raw-missing'))).toBe(false));
});

test('a violation is told with those concerned, in order, and nobody else', () => {
  const of = history(withMore(offered(4_100), [4_050, 'contact-arrived', { contact: 'stranger' }]));
  const violation = check(of).find(({ rule }) => rule === 'away and offered');
  const text = violation === undefined ? '' : told(of, violation, begins);
  expect(text.split('\n')[0]).toBe('away and offered: 1 was told "pause" is done and was offered b 1095 ms later');
  expect(text).toMatch(/ 2995 {2}1 asks: pause\n[^]* 3000 [^\n]*presence-changed[^]* 3005 {2}1 is answered: pause done[^]* 4000 [^\n]*contact-arrived b[^]* 4100 [^\n]*offer-made b 1/);
  expect(text).not.toContain('stranger');
});
