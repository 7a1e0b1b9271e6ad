/** Days of our own records → what is simulated: the same callers, and agents who are there when they were. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Act, Routing } from './decider.ts';
import type { Distribution } from './distribution.ts';
import { handsIn, isBackFrom } from './own-acts.ts';
import type { OwnVisit } from './own-calls.ts';
import { survivalOf } from './patience.ts';
import type { CallClass, Duty, RecordedCall, Scenario } from './scenario.ts';

export interface OwnDay {
  /** Epoch milliseconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly visits: readonly OwnVisit[];
  readonly spans: readonly AgentSpan[];
  /** What agents and supervisors did. */
  readonly acts: readonly Act[];
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
  const queues = [...new Set(days.flatMap(({ visits }) => visits.map(({ asked }) => asked.into.queue)))].sort();
  return {
    seed: '1', replications: days.length, batches: 1, confidence: 0.95, warmUpMs: 0, lengthMs: Math.max(...days.map(({ startsAt, endsAt }) => endsAt - startsAt)), drainMs: hourMs, intervalMs: hourMs / 2,
    routing: withHands(routing, days),
    startsAt: days.map(({ startsAt }) => startsAt),
    classes: queues.map((queue) => classOf(queue, days)),
    duties: days.map((day) => dutiesOf(day, present, routing)),
    acts: days.map(actsOf),
    phones: phonesOf(days),
  };
}

/** Whose hand it was may be nobody under the other configuration; it is done all the same. */
function withHands(routing: Routing, days: readonly OwnDay[]): Routing {
  const strangers = [...new Set(days.flatMap(({ acts }) => handsIn(acts)))].filter((id) => !routing.agents.has(id));
  if (strangers.length === 0) return routing;
  return { ...routing, agents: new Map([...routing.agents, ...strangers.map((id): [AgentId, AgentConfig] => [id, { id, name: { zh: id, en: id }, role: 'supervisor', team: '', queues: [], skills: {} }])]) };
}

/** What each agent was at the beginning, and what was done from there on. */
function actsOf({ startsAt, spans, acts }: OwnDay): readonly Act[] {
  const first = new Map<AgentId, AgentSpan>();
  for (const span of spans) if (span.from < startsAt && span.to > startsAt) first.set(span.agent, span);
  const begun = [...first.values()].flatMap(({ agent, status, reason }): readonly Act[] => {
    if (status === 'offline') return [];
    const signIn: Act = { type: 'sign-in', at: 0, agent };
    if (status !== 'paused' || isBackFrom(reason)) return [signIn, { type: 'make-ready', at: 0, agent }];
    return reason === null || reason === signedIn ? [signIn] : [signIn, { type: 'pause', at: 0, agent, reason }];
  });
  return [...begun, ...acts.map((act) => ({ ...act, at: act.at - startsAt }))];
}

/** Callers of one queue: those whom the flow led there first. */
function classOf(queue: QueueId, days: readonly OwnDay[]): CallClass {
  const own = days.map(({ startsAt, visits }) => ({ startsAt, visits: visits.filter(({ asked }) => asked.into.queue === queue) }));
  const talksOf = (visits: readonly OwnVisit[]): number[] => visits.flatMap((visit) => talkMsOf(visit) ?? []);
  const talks = own.flatMap(({ visits }) => talksOf(visits));
  return {
    name: queue, queue, priority: 0, tags: [],
    arrivals: {
      type: 'recorded',
      days: own.map(({ startsAt, visits }) => visits.map((visit) => callOf(visit, startsAt)).sort((a, b) => a.at - b.at)),
      leaving: survivalOf(own.flatMap(({ visits }) => visits.flatMap(({ holds }) => holds.slice(0, 1)))),
    },
    // Of who was never answered it is drawn: from the queue's talks, or else from all.
    talk: { type: 'seen', valuesMs: talks.length > 0 ? talks : days.flatMap(({ visits }) => talksOf(visits)) },
  };
}

/** Of all that one contact had. */
const talkMsOf = ({ talks }: OwnVisit): number | undefined => (talks.length === 0 ? undefined : talks.reduce((sum, { ms }) => sum + ms, 0));

function callOf({ ani, at, last, answers: _, ...own }: OwnVisit, startsAt: number): RecordedCall {
  const talkMs = talkMsOf({ ani, at, answers: _, ...own });
  return {
    at: at - startsAt, ani, priority: own.asked.into.priority, waitMs: own.holds[0]?.waitMs ?? 0, ...(talkMs !== undefined && { talkMs }),
    own: { ...own, ...(last === undefined ? {} : { last: last && { ...last, at: last.at - startsAt } }) },
  };
}

function phonesOf(days: readonly OwnDay[]): Scenario['phones'] {
  const answers = days.flatMap(({ visits }) => visits.flatMap((visit) => visit.answers));
  const misses = days.flatMap(({ spans }) => spans.filter(({ status, reason }) => status === 'paused' && reason === missed));
  const none = { type: 'fixed', meanMs: 0 } as const;
  const seen = (valuesMs: readonly number[]): Distribution => (valuesMs.length === 0 ? none : { type: 'seen', valuesMs });
  return {
    ring: none, answer: seen(answers.map(({ ringMs }) => ringMs)), missedShare: misses.length / Math.max(1, misses.length + answers.length), back: seen(misses.map(({ from, to }) => to - from)),
    dialled: days.flatMap(({ visits }) => visits.flatMap(({ dialled }) => dialled)),
  };
}

/** The router's own word for a phone that nobody answered. That is what decisions led to, and may be another's the next time. */
const missed = 'missed';
const signedIn = 'signed-in';
const isThere = ({ status, reason }: AgentSpan): boolean => status !== 'offline' && (status !== 'paused' || isBackFrom(reason));

/**
 * An agent who is only in the configuration that is played did nothing in the record, and is there while anybody of the
 * team was; where it is a new team, while anybody was.
 */
function dutiesOf({ startsAt, spans }: OwnDay, present: Routing, routing: Routing): ReadonlyMap<AgentId, readonly Duty[]> {
  const there = Map.groupBy(spans.filter(isThere).map(({ agent, from, to }) => ({ agent, fromMs: Math.max(0, from - startsAt), toMs: Math.max(0, to - startsAt) })), ({ agent }) => agent);
  const lived = new Set(spans.map(({ agent }) => agent));
  const together = (agents: readonly AgentId[]): Duty[] => united(agents.flatMap((agent) => there.get(agent) ?? []));
  const teams = Map.groupBy([...present.agents.values()], ({ team }) => team);
  const everyone = together([...there.keys()]);
  const duties = new Map<AgentId, readonly Duty[]>();
  for (const { id, team } of routing.agents.values()) {
    if (present.agents.has(id) || lived.has(id)) continue;
    const colleagues = teams.get(team);
    duties.set(id, colleagues === undefined ? everyone : together(colleagues.map((agent) => agent.id)));
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
