/** Days of our own records → what is simulated: the same callers, and agents who are there when they were. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { Routing } from './decider.ts';
import type { Distribution } from './distribution.ts';
import type { OwnVisit } from './own-calls.ts';
import { survivalOf } from './patience.ts';
import type { CallClass, Duty, OwnCall, RecordedCall, Scenario } from './scenario.ts';

export interface OwnDay {
  /** Epoch milliseconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly visits: readonly OwnVisit[];
  readonly spans: readonly AgentSpan[];
}

/** What an agent was, as the reports have it; the last one of the day may go on. */
export interface AgentSpan {
  readonly agent: AgentId;
  readonly status: 'offline' | 'ready' | 'paused' | 'offered' | 'talking' | 'wrap-up';
  readonly reason: string | null;
  readonly contact: ContactId | null;
  readonly from: number;
  readonly to: number;
}

const hourMs = 3_600_000;

/** `present`: under which the days were lived; `routing`: under which they are played. */
export function scenarioOfDays(days: readonly OwnDay[], present: Routing, routing: Routing): Scenario {
  const answers = days.flatMap(({ visits }) => visits.flatMap(({ answer }) => answer ?? []));
  const wrapUps = new Map(days.flatMap(({ spans }) => spans.flatMap(({ status, contact, from, to }) => (status === 'wrap-up' && contact !== null ? [[contact, to - from] as const] : []))));
  const queues = [...new Set(days.flatMap(({ visits }) => visits.map(({ asked }) => asked.into.queue)))].sort();
  return {
    seed: '1', replications: days.length, batches: 1, confidence: 0.95, warmUpMs: 0, lengthMs: Math.max(...days.map(({ startsAt, endsAt }) => endsAt - startsAt)), drainMs: hourMs, intervalMs: hourMs / 2,
    routing,
    startsAt: days.map(({ startsAt }) => startsAt),
    classes: queues.map((queue) => classOf(queue, days, wrapUps, answers, present)),
    duties: days.map((day) => dutiesOf(day, present, routing)),
    phones: phonesOf(days, answers),
  };
}

type Answer = NonNullable<OwnVisit['answer']>;

/** Callers of one queue: those whom the flow led there first. */
function classOf(queue: QueueId, days: readonly OwnDay[], wrapUps: ReadonlyMap<ContactId, number>, answers: readonly Answer[], present: Routing): CallClass {
  const own = days.map(({ startsAt, visits }) => ({ startsAt, visits: visits.filter(({ asked }) => asked.into.queue === queue) }));
  const talks = own.flatMap(({ visits }) => visits.flatMap(({ answer }) => answer?.talkMs ?? []));
  return {
    name: queue, queue, priority: 0, tags: [],
    arrivals: {
      type: 'recorded',
      days: own.map(({ startsAt, visits }) => visits.map((visit) => callOf(visit, startsAt, wrapUps, present)).sort((a, b) => a.at - b.at)),
      leaving: survivalOf(own.flatMap(({ visits }) => visits.map(({ waitMs, gaveUp }) => ({ waitMs, gaveUp })))),
    },
    // Of who was never answered it is drawn: from the queue's talks, or else from all.
    talk: { type: 'seen', valuesMs: talks.length > 0 ? talks : answers.map(({ talkMs }) => talkMs) },
  };
}

function callOf({ contact, ani, at, asked, last, waitMs, gaveUp, answer }: OwnVisit, startsAt: number, wrapUps: ReadonlyMap<ContactId, number>, present: Routing): RecordedCall {
  const queueMs = answer && present.queues.get(answer.queue)?.wrapUpMs;
  const wrapUpMs = wrapUps.get(contact);
  // One that lasted to its end would last to another's end too.
  const early = answer !== undefined && wrapUpMs !== undefined && (queueMs === undefined || wrapUpMs < queueMs - nearMs);
  const own: OwnCall = { contact, asked, gaveUp, ...(early ? { wrapUpMs } : {}), ...(last === undefined ? {} : { last: last && { ...last, at: last.at - startsAt } }) };
  return { at: at - startsAt, ani, priority: asked.into.priority, waitMs, ...(answer && { talkMs: answer.talkMs }), own };
}

/** A timer's word comes some milliseconds late. */
const nearMs = 250;

function phonesOf(days: readonly OwnDay[], answers: readonly Answer[]): Scenario['phones'] {
  const misses = days.flatMap(({ spans }) => spans.filter(({ status, reason }) => status === 'paused' && reason === missed));
  const none = { type: 'fixed', meanMs: 0 } as const;
  const seen = (valuesMs: readonly number[]): Distribution => (valuesMs.length === 0 ? none : { type: 'seen', valuesMs });
  return { ring: none, answer: seen(answers.map(({ ringMs }) => ringMs)), missedShare: misses.length / Math.max(1, misses.length + answers.length), back: seen(misses.map(({ from, to }) => to - from)) };
}

/** The router's own word for a phone that nobody answered. That is what decisions led to, and may be another's the next time. */
const missed = 'missed';
const isThere = ({ status, reason }: AgentSpan): boolean => status !== 'offline' && (status !== 'paused' || reason === missed || reason === 'rejected');

/**
 * Who works when. An agent who is only in the configuration that is played has no record, and is there while anybody
 * of the team was; where it is a new team, while anybody was.
 */
function dutiesOf({ startsAt, spans }: OwnDay, present: Routing, routing: Routing): ReadonlyMap<AgentId, readonly Duty[]> {
  const byAgent = Map.groupBy(spans, ({ agent }) => agent);
  const duties = new Map([...byAgent].map(([agent, own]) => [agent, dutiesIn(own.toSorted((a, b) => a.from - b.from), startsAt)]));
  const together = (agents: readonly AgentId[]): Duty[] => united(agents.flatMap((agent) => duties.get(agent) ?? []));
  const teams = Map.groupBy([...present.agents.values()], ({ team }) => team);
  const everyone = together([...duties.keys()]);
  for (const { id, team } of routing.agents.values()) {
    if (present.agents.has(id) || duties.has(id)) continue;
    const colleagues = teams.get(team);
    duties.set(id, colleagues === undefined ? everyone : together(colleagues.map((agent) => agent.id)));
  }
  return duties;
}

function dutiesIn(spans: readonly AgentSpan[], startsAt: number): Duty[] {
  const duties: Duty[] = [];
  for (const [index, span] of spans.entries()) {
    if (!isThere(span)) continue;
    const before = spans[index - 1];
    const next = spans[index + 1];
    const pause = next?.status === 'paused' && next.reason !== null && !isThere(next) ? { pause: next.reason } : {};
    const last = duties.at(-1);
    const [fromMs, toMs] = [Math.max(0, span.from - startsAt), Math.max(0, span.to - startsAt)];
    if (last !== undefined && before !== undefined && isThere(before)) duties[duties.length - 1] = { fromMs: last.fromMs, toMs, ...pause };
    else duties.push({ fromMs, toMs, ...pause });
  }
  return duties;
}

/** Spans that touch or overlap become one. */
function united(duties: readonly Duty[]): Duty[] {
  const whole: Duty[] = [];
  for (const { fromMs, toMs } of duties.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = whole.at(-1);
    if (last !== undefined && fromMs <= last.toMs) whole[whole.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
    else whole.push({ fromMs, toMs });
  }
  return whole;
}
