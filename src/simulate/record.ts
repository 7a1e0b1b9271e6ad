/** Calls as they were once: their classes, their lines, and the agents who took them. */
import { queueId } from '../base/ids.ts';
import type { AgentId } from '../base/ids.ts';
import { survivalOf } from './patience.ts';
import { agentsIn, dutiesIn } from './recorded-agents.ts';
import type { SeenCall } from './recorded-calls.ts';
import type { OwnLine, Server } from './routing.ts';
import type { CallClass, Duty, RecordedCall } from './scenario.ts';
import type { Written } from './traffic-file.ts';

export const dayMs = 86_400_000;

export interface Recorded {
  readonly days: readonly string[];
  readonly classes: readonly CallClass[];
  /** Of the classes for which no queue is named. */
  readonly lines: readonly OwnLine[];
  readonly agents: readonly Server[];
  readonly duties: readonly ReadonlyMap<AgentId, readonly Duty[]>[];
}

export function recordOf({ recorded }: Written, seen: readonly SeenCall[]): Recorded {
  const calls = recorded?.days === undefined ? seen : seen.filter(({ date }) => recorded.days?.includes(date));
  const days = [...new Set(calls.map(({ date }) => date))].sort();
  const kinds = [...new Set(calls.map((call) => call.class))].sort();
  const named = recorded?.queues ?? {};
  const agents = agentsIn(calls);
  return {
    days,
    classes: kinds.map((kind) => classOf(kind, calls.filter((call) => call.class === kind), days, recorded)),
    lines: kinds.flatMap((kind) => (named[kind] === undefined ? [{ name: nameOf(kind), needs: 'true', wrapUps: recorded?.wrapUp !== undefined, path: ['recorded'] }] : [])),
    agents: agents.map(({ id, name, classes }) => ({ id, name, queues: [...new Set([...classes].map((kind) => named[kind] ?? nameOf(kind)))] })),
    duties: days.map((day) => dutiesIn(calls.filter(({ date }) => date === day), agents)),
  };
}

function classOf(kind: string, calls: readonly SeenCall[], days: readonly string[], recorded: Written['recorded']): CallClass {
  const answered = calls.filter((call) => call.answered);
  return {
    name: nameOf(kind),
    queue: queueId(recorded?.queues[kind] ?? nameOf(kind)),
    priority: 0,
    tags: [],
    arrivals: {
      type: 'recorded',
      days: days.map((day) => calls.filter(({ date }) => date === day).map((call) => recordedCall(call, recorded)).sort((a, b) => a.at - b.at)),
      leaving: survivalOf(calls.map((call) => ({ waitMs: call.waitMs, gaveUp: !call.answered }))),
    },
    talk: { type: 'seen', valuesMs: answered.map(({ talkMs }) => talkMs) },
    ...(recorded?.wrapUp === undefined ? {} : { wrapUp: recorded.wrapUp }),
  };
}

const recordedCall = ({ at, customer, priority, answered, talkMs, waitMs }: SeenCall, recorded: Written['recorded']): RecordedCall => ({
  at,
  ani: customer,
  priority: recorded?.priorities[String(priority)] ?? priority,
  waitMs,
  ...(answered ? { talkMs } : {}),
});

/** A class of the record under a name that a queue may have. */
const nameOf = (kind: string): string => {
  const name = kind.toLowerCase().replace(/[^a-z0-9_-]/g, '-').slice(0, 60);
  return /^[a-z]/.test(name) ? name : `c-${name}`;
};
