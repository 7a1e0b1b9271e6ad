import { describe, expect, test } from 'vitest';
import { agentId, contactId, legId, queueId } from '../../src/base/ids.ts';
import type { AgentId, ContactId } from '../../src/base/ids.ts';
import type { Event, EventOf, Routing } from '../../src/simulate/decider.ts';
import { actsIn } from '../../src/simulate/own-acts.ts';
import { ownVisits } from '../../src/simulate/own-calls.ts';
import { scenarioOfDays } from '../../src/simulate/own-record.ts';
import type { AgentSpan, OwnDay } from '../../src/simulate/own-record.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { scenarioOf } from './scenario.ts';

const name = { zh: '队列', en: 'line' };
const midnight = Date.parse('2026-05-18T00:00:00Z');
const lengthMs = 4 * 3_600_000;

/** A morning that was played, as Postgres would have it: the times are real ones. */
function livedThrough(scenario: Scenario): { readonly day: OwnDay; readonly events: readonly Event[] } {
  const events: Event[] = [];
  replicate(scenario, 0, undefined, (event) => void events.push(event));
  const ended: readonly Event[] = events.map((event) => moved(event, midnight));
  return { events, day: { startsAt: midnight, endsAt: midnight + lengthMs, visits: ownVisits(ended), spans: spansOf(ended), acts: actsIn(ended, midnight) } };
}

/** All that is a time. */
const moved = (event: Event, by: number): Event => JSON.parse(JSON.stringify(event), (key, value: unknown) => (typeof value === 'number' && ['at', 'queuedAt', 'enteredAt', 'until', 'since', 'idleSince'].includes(key) ? value + by : value)) as Event;

function spansOf(events: readonly Event[]): readonly AgentSpan[] {
  const spans: AgentSpan[] = [];
  const last = new Map<AgentId, number>();
  for (const event of events) {
    if (event.type !== 'presence-changed') continue;
    const { presence } = event;
    const before = spans[last.get(event.agent) ?? -1];
    if (before !== undefined) spans[last.get(event.agent) ?? 0] = { ...before, to: event.at };
    last.set(event.agent, spans.length);
    spans.push({ agent: event.agent, status: presence.status, reason: 'reason' in presence ? presence.reason : null, contact: 'contact' in presence ? presence.contact : null, from: event.at, to: midnight + lengthMs });
  }
  return spans;
}

/** Contact by contact: to whom it went after which wait, or how else it ended. */
const outcomes = (events: readonly Event[]): Record<string, string> => Object.fromEntries(events.flatMap((event) => (
  event.type === 'contact-connected' ? [[event.contact, `${event.agent} after ${event.waitMs}`]] : event.type === 'contact-ended' && event.talkMs === 0 ? [[event.contact, `${event.reason} after ${event.waitMs}`]] : []
)));

describe('days of our own', () => {
  const written = {
    length: '4h', replications: 1,
    agents: { first: { count: 5, skills: { talk: 5 }, queues: ['line'] }, second: { count: 2, skills: { talk: 2 }, queues: ['line', 'other'] } },
    shifts: { first: [{ from: '0h', to: '2h' }, { from: '150m', to: '10h' }] },
    queues: { line: { name, needs: 'talk', overflow: { after: '1m', to: 'other' }, wrapUp: { time: '30s' } }, other: { name } },
    classes: {
      a: { queue: 'line', arrivals: { every: '1h', calls: [80, 80, 80] }, talk: { lognormal: { mean: '3m', cv: 1 } }, wrapUp: { exponential: '15s' }, patience: { exponential: '2m' } },
      b: { queue: 'other', priority: 5, arrivals: { every: '1h', calls: [10, 10, 10] }, talk: { exponential: '3m' } },
    },
  };

  test('played again under the same configuration, every contact goes where it went', () => {
    const scenario = scenarioOf(written);
    const { day, events } = livedThrough(scenario);
    expect(day.visits.length).toBeGreaterThan(200);
    expect(day.visits.some(({ holds }) => holds[0]?.gaveUp)).toBe(true);
    const again: Event[] = [];
    replicate(scenarioOfDays([day], scenario.routing, scenario.routing), 0, undefined, (event) => void again.push(event));
    const [then, now] = [outcomes(events), outcomes(again)];
    expect(Object.keys(now).sort()).toEqual(Object.keys(then).sort());
    expect(Object.keys(then).filter((contact) => then[contact] !== now[contact])).toEqual([]);
  });

  test('an agent who is new in the other configuration is there while the team is', () => {
    const scenario = scenarioOf(written);
    const { day } = livedThrough(scenario);
    const { routing } = scenario;
    const [first] = [...routing.agents.values()];
    if (first === undefined) throw new Error('there are agents');
    const [colleague, stranger] = [{ ...first, id: agentId('200000') }, { ...first, id: agentId('200001'), team: 'nobody-else' }];
    const [duties] = scenarioOfDays([day], routing, { ...routing, agents: new Map([...routing.agents, [colleague.id, colleague], [stranger.id, stranger]]) }).duties;
    expect(duties?.get(colleague.id)?.map(({ fromMs }) => fromMs)).toEqual([0, 150 * 60_000]);
    expect(duties?.get(stranger.id)).toEqual([{ fromMs: 0, toMs: lengthMs }]);
  });

  test('the clock on the wall is that of the day: a queue with hours closes when it would have', () => {
    const scenario = scenarioOf(written);
    const { day } = livedThrough(scenario);
    const { routing } = scenario;
    // A Monday.
    const hours = { timeZone: 'UTC', calendar: { name: 'office', week: new Map([[1, [{ fromMinute: 0, toMinute: 60 }]]]), chineseHolidays: false, days: new Map() } };
    const closing = { ...routing, queues: new Map([...routing.queues].map(([id, queue]) => [id, id === 'line' ? { ...queue, hours } : queue])) };
    const away = (played: Routing): number[] => {
      const at: number[] = [];
      replicate(scenarioOfDays([day], routing, played), 0, undefined, (event) => void (event.type === 'contact-turned-away' && at.push(event.at)));
      return at;
    };
    expect(away(routing)).toEqual([]);
    const late = day.visits.filter(({ at, asked }) => asked.into.queue === 'line' && at >= midnight + 3_600_000);
    expect(away(closing).length).toBe(late.length);
    expect(Math.min(...away(closing))).toBeGreaterThanOrEqual(3_600_000);
  });

  const span = (agent: string, status: AgentSpan['status'], reason: string | null = null): AgentSpan => ({ agent: agentId(agent), status, reason, contact: null, from: midnight - 100, to: midnight + 100 });
  test('what agents were at midnight they are at the beginning', () => {
    const { routing } = scenarioOf(written);
    const spans = [span('1001', 'talking'), span('1002', 'paused', 'lunch'), span('1003', 'paused', 'missed'), span('1004', 'offline'), span('1005', 'paused', 'signed-in')];
    const [acts] = scenarioOfDays([{ startsAt: midnight, endsAt: midnight + 1_000, visits: [], spans, acts: [] }], routing, routing).acts ?? [];
    expect(acts?.map(({ agent, at, type }) => `${at} ${agent} ${type}`)).toEqual(['0 1001 sign-in', '0 1001 make-ready', '0 1002 sign-in', '0 1002 pause', '0 1003 sign-in', '0 1003 make-ready', '0 1005 sign-in']);
  });
});

describe('one visit', () => {
  const contact: ContactId = contactId('c-1-1');
  const line = queueId('line');
  const arrived: Event = { type: 'contact-arrived', at: 0, n: 1, contact, leg: legId('1.1'), ani: '13800001234', dnis: '4000', language: 'zh', flow: 'hotline', version: 'v' };
  const ended = (at: number, more: Partial<EventOf<'contact-ended'>> = {}): Event => ({ type: 'contact-ended', at, n: 9, contact, reason: 'caller-hung-up', during: 'queue', waitMs: 0, talkMs: 0, ...more });
  const queued = (at: number, more: Partial<EventOf<'contact-queued'>> = {}): Event => ({ type: 'contact-queued', at, n: 2, contact, queue: line, priority: 3, queuedAt: at, position: 1, restored: false, ...more });

  test('what the flow asked goes with it: data, needs, keys, a seat, one agent first', () => {
    const asks = [{ afterMs: 0, needs: { text: 'vip', tree: { type: 'level', skill: 'vip', is: '>=', level: 1 } } }] as const;
    const moved: Event = { type: 'flow-moved', at: 1, n: 2, contact, path: [], data: { lang: '2' }, language: 'en', memory: null, orders: [] };
    const seat = { like: { id: contact, queuedAt: 1, priority: 0 }, at: 5 };
    const [visit] = ownVisits([arrived, moved, queued(10, { tier: 'vip', keys: ['1'], asks, position: 2, seat, hold: { for: agentId('1001'), until: 5_010, why: 'direct' } }), ended(70)]);
    expect(visit).toMatchObject({ at: 10, holds: [{ waitMs: 60, gaveUp: true }], asked: { into: { queue: 'line', priority: 3, data: { lang: '2' }, tier: 'vip', keys: ['1'], asks, position: 2, agent: { id: '1001', waitMs: 5_000 } } } });
  });

  test('a key while waiting, and where the flow led then', () => {
    const left: Event = { type: 'contact-left-queue', at: 40, n: 3, contact, queue: line, because: 'key', key: '1', waitMs: 30, memory: null };
    const [visit] = ownVisits([arrived, queued(10), left, queued(90, { queue: queueId('other'), queuedAt: 10, priority: 1 }), ended(200)]);
    expect(visit).toMatchObject({ at: 10, holds: [{ waitMs: 190 }], asked: { key: { key: '1', afterMs: 30 }, next: { afterMs: 50, asked: { into: { queue: 'other', priority: 1 } } } } });
  });

  test('who was turned away had the patience of others; who never came to a queue or is still there is left out', () => {
    const away: Event = { type: 'contact-turned-away', at: 10, n: 2, contact, queue: line, reason: 'full', memory: null };
    expect(ownVisits([arrived, away, ended(30, { reason: 'flow-ended', during: 'flow' })])).toMatchObject([{ holds: [{ gaveUp: false }], at: 10 }]);
    expect(ownVisits([arrived, ended(30, { during: 'flow' })])).toEqual([]);
    expect(ownVisits([arrived, queued(10)])).toEqual([]);
  });
});
