import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { BreakRule, CallbackRule, QueueConfig } from '../../src/config/centre-config.ts';
import { compare } from '../../src/simulate/compare.ts';
import type { Event, Routing } from '../../src/simulate/decider.ts';
import { isEmpty } from '../../src/simulate/differences.ts';
import { scenarioOfDays } from '../../src/simulate/own-record.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import { agent, sampleRouting } from '../support/sample-routing.ts';
import { livedDay, midnight } from './lived-day.ts';

const callback: CallbackRule = { dial: 'customer-first', allow: [''], otherNumber: false, key: '9', accept: 'key', near: 1, ringMs: 25_000, tries: 2, againMs: { busy: 60_000, noAnswer: 120_000, unreachable: 120_000 }, expiresMs: 3_600_000, openMax: 50 };
const routing = ((): Routing => {
  const plain = sampleRouting({
    agents: [
      agent('1001', { talk: 5 }, ['line', 'other']), agent('1002', { talk: 3 }, ['line', 'other']), agent('1003', { talk: 3 }, ['line']), { ...agent('1004', { talk: 3 }, ['line', 'experts']), autoAnswer: true },
      agent('1005', {}, ['other', 'experts']), { ...agent('1006', {}, ['other']), mobile: { number: '13900000000' } },
      agent('3001', {}, ['island']), agent('3002', {}, ['island']),
      { ...agent('2001', {}, []), role: 'supervisor' },
    ],
    breaks: new Map<string, BreakRule>([['talk-to-leader', { approval: true }], ['lunch', { atOnce: 2, approval: false }]]),
  });
  const [base] = plain.queues.values();
  if (base === undefined) throw new Error('the sample has queues');
  const queue = (id: string, more: Partial<QueueConfig>): [QueueConfig['id'], QueueConfig] => [queueId(id), { ...base, ...more, id: queueId(id) }];
  const { overflow: _, ...rest } = base;
  const needs = { text: 'talk >= 3', tree: { type: 'level', skill: 'talk', is: '>=', level: 3 } } as const;
  return {
    ...plain,
    centre: { ...plain.centre, pauseReasons: new Map([...plain.centre.pauseReasons, ['talk-to-leader', { zh: '谈话', en: 'Talk' }]]) },
    queues: new Map([
      queue('line', { ...rest, needs, overflow: { afterMs: 90_000, to: queueId('other') }, escalation: queueId('experts'), callback, maxWaiting: 12, redialMs: 300_000, wrapUpMode: 'time-boxed' }),
      queue('other', { ...rest, needs: { text: 'true', tree: { type: 'anyone' } }, callback: { ...callback, dial: 'agent-first' }, escalation: queueId('experts'), wrapUpMode: 'optional', whisper: true, strategy: 'ring-all', ringAtOnce: 3 }),
      queue('experts', { ...rest, needs: { text: 'true', tree: { type: 'anyone' } }, wrapUpMode: 'discretionary', empty: { joining: [], waiting: ['offline'] } }),
      queue('island', { ...rest, needs: { text: 'true', tree: { type: 'anyone' } }, maxWaitMs: 240_000, strategy: 'round-robin' }),
    ]),
  };
})();

/** What was decided, without what only says how the switch is told of it, and where in the flow a caller is. */
const decided = (events: readonly Event[], from: number): readonly string[] => events.flatMap((event) => {
  if (unplayed.has(event.type)) return [];
  return [JSON.stringify(event, (key, value: unknown) => (key === 'n' || key === 'play' || key === 'orders' || key === 'memory' || key === 'recording' || key === 'bridge' ? undefined : typeof value === 'number' && times.has(key) && value >= from ? value - from : value))];
});
/** The way to the queue is the flow's, and the record begins where it ends. */
const unplayed: ReadonlySet<string> = new Set(['contact-arrived', 'flow-moved', 'contact-closed', 'recording-started', 'recording-stopped']);
const times: ReadonlySet<string> = new Set(['at', 'queuedAt', 'enteredAt', 'until', 'since', 'idleSince', 'next', 'arrivedAt', 'leftAt']);

const played = (under: Routing, day: Parameters<typeof scenarioOfDays>[0][number]): readonly Event[] => {
  const events: Event[] = [];
  replicate(scenarioOfDays([day], routing, under), 0, undefined, (event) => void events.push(event));
  return events;
};

/** Contact by contact, as compare tells them apart. */
const byContact = (events: readonly Event[]): ReadonlyMap<string, string> => {
  const told = new Map<string, string>();
  for (const event of events) if ('contact' in event) told.set(event.contact, `${told.get(event.contact) ?? ''}${JSON.stringify({ ...event, version: undefined })}`);
  return told;
};

const seeds = ['1', '2', '3'];
const days = seeds.map((seed) => livedDay(routing, seed, 350));

describe('a day with everything that people do in one', () => {
  test('has everything', () => {
    const happened = new Set(days.flatMap(({ events }) => events.map((event) => ('because' in event ? `${event.type} ${event.because}` : event.type === 'contact-ended' ? `${event.type} ${event.reason}` : event.type))));
    for (const what of [
      'contact-left-queue withdrawn', 'contact-left-queue key', 'contact-left-queue closed', 'contact-re-prioritised', 'queue-closed', 'queue-reopened', 'queue-left', 'queue-joined', 'contact-escalated', 'contact-overflowed', 'break-asked', 'break-decided',
      'presence-requested', 'wrap-up-requested', 'presence-changed missed', 'presence-changed rejected', 'presence-changed callback-over', 'callback-connected', 'callback-missed', 'contact-ended callback-withdrawn', 'contact-ended callback-declined', 'contact-ended agent-hung-up',
    ]) expect(happened).toContain(what);
  });

  test.each(seeds)('played again under the same configuration, what was decided is decided again, to the millisecond (seed %s)', (seed) => {
    const { day, events } = days[Number(seed) - 1] ?? livedDay(routing, seed, 350);
    expect(decided(played(routing, day), midnight)).toEqual(decided(events, midnight));
    // Also where the supervisor who lent a hand is nobody any more.
    const without = { ...routing, agents: new Map([...routing.agents].filter(([, { role }]) => role === 'agent')) };
    expect(decided(played(without, day), midnight)).toEqual(decided(events, midnight));
  });

  test.each(seeds)('compared with itself it is empty; with one agent’s skill changed exactly the contacts are listed of which something else is decided (seed %s)', (seed) => {
    const { day, events } = days[Number(seed) - 1] ?? livedDay(routing, seed, 350);
    const present = scenarioOfDays([day], routing, routing);
    expect(isEmpty(compare(present, present, 0).differences)).toBe(true);
    const unlearned: Routing = { ...routing, version: 'new', agents: new Map([...routing.agents].map(([id, one]) => [id, id === expert ? { ...one, skills: {} } : one])) };
    const { differences } = compare(present, scenarioOfDays([day], routing, unlearned), 0);
    const [before, after] = [byContact(played(routing, day)), byContact(played(unlearned, day))];
    const affected = [...before.keys()].filter((contact) => before.get(contact) !== after.get(contact));
    expect(differences.groups.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(affected.length);
    const lost = events.flatMap((event) => (event.type === 'contact-connected' && event.agent === expert && event.queue === 'line' ? [event.contact] : []));
    expect(lost.length).toBeGreaterThan(5);
    expect(affected).toEqual(expect.arrayContaining(lost));
    expect(affected.length).toBeLessThan(before.size);
  });
});

const expert = agentId('1001');
