/** A traffic file, the record it names and the configuration → what is simulated. */
import { queueId } from '../base/ids.ts';
import type { AgentId } from '../base/ids.ts';
import { unknownName } from '../config/problem.ts';
import type { Finding } from '../config/problem.ts';
import { routingOf } from './routing.ts';
import type { Base, OwnLine } from './routing.ts';
import type { Routing } from './decider.ts';
import { dayMs, recordOf } from './record.ts';
import type { SeenCall } from './recorded-calls.ts';
import type { Arrivals, CallClass, Duty, Scenario } from './scenario.ts';
import type { Written, WrittenArrivals, WrittenClass } from './traffic-file.ts';

export type Assembled = { readonly scenario?: Scenario; readonly findings: readonly Finding[] };

/** `another`: the traffic was written for another configuration, and what this one has not is what it is asked about. */
export function assemble(written: Written, seen: readonly SeenCall[], base: Base | undefined, another = false): Assembled {
  const record = recordOf(written, seen);
  const lines = [...ownLines(written), ...record.lines];
  const { routing, findings } = routingOf(written, lines, record.agents, base);
  if (routing === undefined) return { findings };
  const unknown = another ? [] : [...queueFindings(written, routing), ...shiftFindings(written, routing)];
  if (unknown.length > 0) return { findings: unknown };
  const lengthMs = written.length ?? lengthOf(written);
  const intervalMs = written.interval ?? everyOf(written);
  return {
    findings,
    scenario: {
      seed: written.seed,
      replications: written.replications ?? (written.recorded === undefined ? 10 : record.days.length),
      batches: written.batches,
      confidence: written.confidence,
      warmUpMs: written.warmUp,
      lengthMs,
      drainMs: written.drain,
      ...(intervalMs === undefined ? {} : { intervalMs }),
      routing,
      classes: [...Object.entries(written.classes).map(([name, one]) => classOf(name, one, written, lengthMs)), ...record.classes],
      duties: written.agents === 'recorded' ? record.duties : dutiesOf(written, routing),
      phones: { ring: written.phones.ring, answer: written.phones.answer, missedShare: written.phones.missed.share, back: written.phones.missed.back },
    },
  };
}

const ownLines = ({ classes }: Written): OwnLine[] =>
  Object.entries(classes).flatMap(([name, { needs, serviceLevel, wrapUp }]) => (needs === undefined ? [] : [{ name, needs, serviceLevelMs: serviceLevel, wrapUps: wrapUp !== undefined, path: ['classes', name] }]));

function classOf(name: string, one: WrittenClass, { arrivals: common, warmUp }: Written, lengthMs: number): CallClass {
  const { queue, priority, tags, handle, talk, wrapUp, patience, redial, known, share = 1 } = one;
  const none = { type: 'fixed', meanMs: 0 } as const;
  const after = handle === undefined ? wrapUp : none;
  return {
    name, priority, tags,
    queue: queueId(queue ?? name),
    arrivals: arrivalsOf(one.arrivals ?? common ?? { perHour: 0 }, share, warmUp + lengthMs),
    talk: handle ?? talk ?? none,
    ...(after === undefined ? {} : { wrapUp: after }),
    ...(patience === undefined ? {} : { patience }),
    ...(known === undefined ? {} : { knownShare: known }),
    ...(redial === undefined ? {} : { redial: { share: redial.share, after: redial.after, timesMax: redial.times } }),
  };
}

function arrivalsOf(written: WrittenArrivals, share: number, wholeMs: number): Arrivals {
  if ('perHour' in written) return { type: 'random', everyMs: wholeMs, calls: [(share * written.perHour * wholeMs) / 3_600_000] };
  return { type: 'random', everyMs: written.everyMs, calls: written.calls.map((calls) => calls * share) };
}

const listsOf = ({ arrivals, classes }: Written) => [arrivals, ...Object.values(classes).map((one) => one.arrivals)].filter((one) => one !== undefined && 'calls' in one);

/** As long as the longest list of arrivals, a day for a record, else eight hours. */
function lengthOf(written: Written): number {
  const listed = Math.max(0, ...listsOf(written).map(({ everyMs, calls }) => everyMs * calls.length)) - written.warmUp;
  if (listed > 0) return listed;
  return written.recorded === undefined ? dayMs / 3 : dayMs;
}

function everyOf(written: Written): number | undefined {
  const lists = listsOf(written);
  if (lists.length > 0) return Math.min(...lists.map(({ everyMs }) => everyMs));
  return written.recorded === undefined ? undefined : 1_800_000;
}

function queueFindings({ classes, recorded }: Written, { queues }: Routing): Finding[] {
  const named = [
    ...Object.entries(classes).map(([name, { queue }]) => ({ queue, path: ['classes', name, 'queue'] })),
    ...Object.entries(recorded?.queues ?? {}).map(([name, queue]) => ({ queue, path: ['recorded', 'queues', name] })),
  ];
  return named.flatMap(({ queue, path }) => (queue === undefined || queues.has(queueId(queue)) ? [] : [{ path, ...unknownName('queue', queue, queues.keys()) }]));
}

function shiftFindings({ shifts }: Written, { agents }: Routing): Finding[] {
  const teams = new Set([...agents.values()].map(({ team }) => team));
  return Object.keys(shifts).flatMap((team) => (teams.has(team) ? [] : [{ path: ['shifts', team], onKey: true, ...unknownName('word', team, teams) }]));
}

/** A team without shifts is always there. */
function dutiesOf({ shifts }: Written, { agents }: Routing): ReadonlyMap<AgentId, readonly Duty[]>[] {
  if (Object.keys(shifts).length === 0) return [];
  const always = [{ fromMs: 0, toMs: Number.POSITIVE_INFINITY }];
  return [new Map([...agents.values()].map(({ id, team }) => [id, shifts[team]?.map(({ from, to }) => ({ fromMs: from, toMs: to })) ?? always]))];
}
