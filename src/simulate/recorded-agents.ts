/** Who took the recorded calls: which of them each agent can take, and when each was there. */
import { agentId } from '../base/ids.ts';
import type { AgentId } from '../base/ids.ts';
import type { SeenCall } from './recorded-calls.ts';
import type { Duty } from './scenario.ts';

/** Agents who are in no configuration are numbered from here on. */
export const firstNumber = 100_000;

export interface SeenAgent {
  readonly id: AgentId;
  readonly name: string;
  /** The classes of which the agent took a call. */
  readonly classes: ReadonlySet<string>;
}

export function agentsIn(calls: readonly SeenCall[]): SeenAgent[] {
  const classes = new Map<string, Set<string>>();
  for (const call of calls) {
    if (call.agent === '' || !call.answered) continue;
    const theirs = classes.get(call.agent) ?? new Set();
    classes.set(call.agent, theirs.add(call.class));
  }
  return [...classes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, theirs], index) => ({ id: agentId(String(firstNumber + index)), name, classes: theirs }));
}

/**
 * One day's duties. A record tells of calls and not of breaks; but an agent who is free while a caller waits whom this
 * agent takes is not there. So each is there from the first call of the day to the end of the last, but for the times
 * between two calls when somebody waited.
 */
export function dutiesIn(calls: readonly SeenCall[], agents: readonly SeenAgent[]): ReadonlyMap<AgentId, readonly Duty[]> {
  const taken = Map.groupBy(calls.filter(({ answered }) => answered), ({ agent }) => agent);
  return new Map(agents.map(({ id, name, classes }) => {
    const talks = spans((taken.get(name) ?? []).map(({ at, waitMs, talkMs }) => ({ fromMs: at + waitMs, toMs: at + waitMs + talkMs })));
    const waits = spans(calls.filter((call) => classes.has(call.class) && call.waitMs > answerMs).map(({ at, waitMs }) => ({ fromMs: at, toMs: at + waitMs })));
    return [id, spans(talks.flatMap((talk, index) => [...without(waits, talks[index - 1]?.toMs ?? talk.fromMs, talk.fromMs), talk]))];
  }));
}

/** So short a wait may be the ringing and the answer, and says nothing of who was there. */
const answerMs = 10_000;

/** What is left of a time when these spans are taken out of it. */
function without(gone: readonly Duty[], from: number, to: number): Duty[] {
  const left: Duty[] = [];
  let at = from;
  for (const { fromMs, toMs } of gone) {
    if (toMs <= at) continue;
    if (fromMs >= to) break;
    if (fromMs > at) left.push({ fromMs: at, toMs: fromMs });
    at = toMs;
  }
  if (at < to) left.push({ fromMs: at, toMs: to });
  return left;
}

/** Spans that touch or overlap become one. */
function spans(parts: readonly Duty[]): Duty[] {
  const whole: Duty[] = [];
  for (const { fromMs, toMs } of parts.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = whole.at(-1);
    if (last !== undefined && fromMs <= last.toMs) whole[whole.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
    else whole.push({ fromMs, toMs });
  }
  return whole;
}
