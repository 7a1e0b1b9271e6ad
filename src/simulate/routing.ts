/**
 * The configuration that is simulated: the centre's own, a traffic file's, or the one with parts of the other. All of it
 * is made by the readers of config/, so that it has whatever the decider reads.
 */
import { agentId, queueId } from '../base/ids.ts';
import type { AgentId, QueueId } from '../base/ids.ts';
import { readAgents } from '../config/agents-file.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { CentreConfig, QueueConfig } from '../config/centre-config.ts';
import { readCentre } from '../config/centre-file.ts';
import { quoted, unknownName } from '../config/problem.ts';
import type { Finding, Path } from '../config/problem.ts';
import { readQueues } from '../config/queues-file.ts';
import { isRecord } from '../config/schema.ts';
import { meets } from './decider.ts';
import { firstNumber } from './recorded-agents.ts';
import type { Routing } from './decider.ts';
import type { Written } from './traffic-file.ts';

export type Base = Pick<CentreConfig, 'version' | 'centre' | 'queues' | 'agents'>;

/** A waiting line that only the traffic file knows: every agent who meets its needs serves it. */
export interface OwnLine {
  readonly name: string;
  readonly needs: string;
  readonly serviceLevelMs?: number | undefined;
  /** Its callers bring their wrap-up times: the agent ends each, and no box does. */
  readonly wrapUps: boolean;
  readonly path: Path;
}

/** An agent of a record. */
export interface Server {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly string[];
}

const agentsMax = 50_000;

export function routingOf({ queues, agents }: Written, lines: readonly OwnLine[], seen: readonly Server[], base: Base | undefined): { readonly routing?: Routing; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const groups = isRecord(agents) ? agents : undefined;
  const people = groups === undefined && agents !== 'recorded' ? [...(base?.agents.values() ?? [])] : [];
  const skills = new Set([...people.map((agent) => agent.skills), ...Object.values(groups ?? {}).map((group) => (isRecord(group) && isRecord(group['skills']) ? group['skills'] : {}))].flatMap((levels) => Object.keys(levels)));

  const written = queues === undefined ? undefined : readQueues(queues, skills);
  findings.push(...(written?.findings ?? []).map((finding) => below(['queues'], finding)));
  // Its times are no times of a calendar: every queue is open.
  const always = [...(base?.queues ?? [])].map(([id, { hours: _, ...queue }]) => [id, queue] as const);
  const known = new Map([...always, ...(written?.value ?? [])]);
  const own = new Map<QueueId, QueueConfig>();
  for (const line of lines) {
    if (known.has(queueId(line.name))) findings.push({ path: line.path, onKey: true, code: 'duplicate', text: { zh: `已有名为 ${quoted(line.name)} 的队列`, en: `there is a queue ${quoted(line.name)} already` } });
    const read = readQueues({ [line.name]: rawLine(line) }, skills);
    findings.push(...read.findings.map((finding) => ({ ...finding, path: [...line.path, ...finding.path.slice(1)] })));
    for (const [id, queue] of read.value) own.set(id, queue);
  }
  if (groups !== undefined) {
    const read = readGroups(groups, [...known.keys()]);
    findings.push(...read.findings);
    people.push(...read.people);
  }
  const serving = agents === 'recorded' ? namedInRecord(seen, [...known.keys(), ...own.keys()]) : people.map((agent) => ({ ...agent, queues: [...agent.queues, ...meeting(agent, own)] }));
  const served = serving.filter(({ queues: theirs }) => theirs.length > 0);
  if (findings.length === 0 && served.length === 0) findings.push({ path: ['agents'], code: 'no-agents', text: { zh: '没有座席接听任何队列', en: 'no agent serves any queue' } });
  const centre = base?.centre ?? bareCentre();
  if (findings.length > 0 || centre === undefined) return { findings };
  return { findings, routing: { version: base?.version ?? 'traffic', centre, queues: new Map([...known, ...own]), agents: new Map(served.map((agent) => [agent.id, agent])) } };
}

const below = (path: Path, finding: Finding): Finding => ({ ...finding, path: [...path, ...finding.path] });

const meeting = (agent: AgentConfig, queues: ReadonlyMap<QueueId, QueueConfig>): QueueId[] =>
  agent.role !== 'agent' && agent.queues.length === 0 ? [] : [...queues.values()].filter(({ needs }) => meets(agent.skills, needs.tree)).map(({ id }) => id);

const rawLine = ({ name, needs, serviceLevelMs, wrapUps }: OwnLine) => ({
  name: { zh: name, en: name },
  needs,
  wrapUp: wrapUps ? { mode: 'discretionary' } : { time: '0s' },
  ...(serviceLevelMs === undefined ? {} : { serviceLevel: `${serviceLevelMs}ms` }),
  maxWaiting: 100_000,
  record: 'never',
  sayAgentNumber: false,
});

/** A centre that lets in whoever comes: nothing of a traffic file's own centre is about admission. */
const bareCentre = () => readCentre({ id: 'simulated', name: { zh: '模拟', en: 'Simulated' }, timeZone: 'UTC', admission: { callsPerSecond: 10_000, perCaller: { calls: 10_000 } } }, []).value;

/** Agents of whom a record knows no more than the name and the calls. */
const namedInRecord = (seen: readonly Server[], queues: readonly QueueId[]): AgentConfig[] => [
  ...readAgents(Object.fromEntries(seen.map(({ id, name, queues: theirs }) => [id, { name: { zh: name, en: name }, team: 'recorded', queues: theirs }])), queues).value.values(),
];

/** `first: { count: 12, skills: { billing: 5 }, queues: [billing] }`: twelve agents, numbered one after the other. */
function readGroups(groups: Readonly<Record<string, unknown>>, queues: readonly QueueId[]): { readonly people: readonly AgentConfig[]; readonly findings: readonly Finding[] } {
  const people: AgentConfig[] = [];
  const findings: Finding[] = [];
  for (const [team, group] of Object.entries(groups)) {
    const path = ['agents', team];
    if (!isRecord(group)) {
      findings.push({ path, code: 'wrong-type', text: { zh: '此处应为“键: 值”', en: 'this should be a block of “key: value”' } });
      continue;
    }
    const { count, ...rest } = group;
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || people.length + count > agentsMax) {
      findings.push({ path: [...path, 'count'], code: 'out-of-range', text: { zh: '此处应为座席人数', en: 'this should be a number of agents' }, hint: { zh: `1 至 ${agentsMax} 的整数，各组合计不超过 ${agentsMax}`, en: `a whole number from 1, ${agentsMax} in all groups together` } });
      continue;
    }
    for (const key of Object.keys(rest)) if (!groupFields.includes(key)) findings.push({ path: [...path, key], onKey: true, ...unknownName('field', key, groupFields) });
    const first = String(firstNumber + people.length);
    const { skills = {}, queues: named = queues } = rest;
    const read = readAgents({ [first]: { name: { zh: team, en: team }, team, skills, queues: named } }, queues);
    findings.push(...read.findings.map((finding) => ({ ...finding, path: [...path, ...finding.path.slice(1)] })));
    for (const agent of read.value.values()) {
      for (let index = 0; index < count; index += 1) people.push({ ...agent, id: agentId(String(Number(first) + index)) });
    }
  }
  return { people, findings };
}

const groupFields = ['count', 'skills', 'queues'];
