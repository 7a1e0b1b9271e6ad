/** queues.yaml: the waiting lines. */
import { z } from 'zod';
import { queueId } from '../base/ids.ts';
import type { QueueId } from '../base/ids.ts';
import { callbackRule, callbackShape } from './callback-file.ts';
import { wrapUpModes } from './agent-config.ts';
import { awayReasons, closingRules, strategies } from './centre-config.ts';
import type { QueueConfig } from './centre-config.ts';
import { duration } from './duration.ts';
import { readNeeds } from './needs.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding } from './problem.ts';
import { readRelax, relaxShape } from './relax.ts';
import { isRecord, line, nameRule, nameShape, parse, shaped, strict, text } from './schema.ts';

const queuesMax = 1_000;

const musicClass = shaped(/^[A-Za-z0-9_-]{1,64}$/, { code: 'bad-name', text: { zh: '音乐类名不合规则', en: 'this is not the name of a music class' } });
const every = duration({ min: '5s', max: '1h' });
const whileWaiting = strict({
  music: musicClass.default('default'),
  apology: strict({ after: duration({ min: '1s', max: '10m' }).default(10_000), prompt: z.string().default('all-busy') }).optional(),
  place: strict({
    first: duration({ min: '1s', max: '1h' }).default(15_000), every: every.default(45_000),
    position: z.enum(['yes', 'no', 'limit', 'more']).default('yes'), limit: z.int().min(1).max(999).default(10), onlyUp: z.boolean().default(false),
    estimate: z.enum(['yes', 'no', 'once']).default('no'),
  }).optional(),
  comfort: strict({ prompts: z.array(z.string()).min(1).max(20), every: every.default(60_000), order: z.enum(['in-order', 'random']).default('in-order') }).optional(),
});

const schema = strict({
  name: text,
  needs: line.default('true'),
  relax: relaxShape.optional(),
  levelWait: duration({ min: '1s', max: '1h' }).optional(),
  strategy: z.enum(strategies).default('longest-idle'),
  ring: duration({ min: '3s', max: '5m' }).default(15_000),
  ringAtOnce: z.int().min(2).max(50).optional(),
  wrapUp: strict({ time: duration({ min: '0s', max: '1h' }).default(20_000), mode: z.enum(wrapUpModes).default('time-boxed') }).prefault({}),
  serviceLevel: duration({ min: '1s', max: '1h' }).default(15_000),
  priority: z.int().min(-1_000).max(1_000).default(0),
  overflow: strict({ after: duration({ min: '1s', max: '24h' }), to: z.string() }).optional(),
  sticky: strict({ within: duration({ min: '1m', max: '365d' }).default(7 * 86_400_000), wait: duration({ min: '1s', max: '1h' }).default(30_000) }).optional(),
  escalation: z.string().optional(),
  replaces: z.array(z.string()).max(100).optional(),
  maxWaiting: z.int().min(1).max(100_000).default(1_000),
  divert: strict({ estimatedWait: duration({ min: '10s', max: '1h' }).optional(), callersPerAgent: z.number().min(0.1).max(1_000).optional() }).optional(),
  redial: duration({ min: '5s', max: '1h' }).optional(),
  maxWait: duration({ min: '1s', max: '24h' }).optional(),
  empty: strict({ joining: z.array(z.enum(awayReasons)).default([]), waiting: z.array(z.enum(awayReasons)).default([]) }).optional(),
  // Looked up beside hours.yaml (queue-hours.ts).
  hours: z.string().optional(),
  atClosing: z.enum(closingRules).optional(),
  callback: callbackShape.optional(),
  whileWaiting: whileWaiting.prefault({}),
  record: z.enum(['always', 'never']).default('always'),
  sayAgentNumber: z.boolean().default(true),
  whisper: z.boolean().default(false),
});

const onlyRingAll = { code: 'ring-at-once-unused', text: { zh: 'ringAtOnce 仅用于 strategy: ring-all', en: 'ringAtOnce is of use with strategy: ring-all only' } };

export interface ReadQueues {
  readonly value: ReadonlyMap<QueueId, QueueConfig>;
  readonly findings: readonly Finding[];
}

/** `prompts`: the names that may be said; without them none is looked up. */
export function readQueues(raw: unknown, skills: ReadonlySet<string>, prompts?: readonly string[]): ReadQueues {
  const queues = new Map<QueueId, QueueConfig>();
  if (!isRecord(raw)) return { value: queues, findings: [{ path: [], code: 'wrong-type', text: { zh: '此处应为“队列名: …”', en: 'this should be a block of “queue name: …”' } }] };
  const findings: Finding[] = [];
  const entries = Object.entries(raw);
  if (entries.length > queuesMax) findings.push({ path: [], code: 'too-many', text: { zh: `队列超过 ${queuesMax} 个`, en: `more than ${queuesMax} queues` } });
  for (const [name, entry] of entries.slice(0, queuesMax)) {
    if (!nameShape.test(name)) findings.push({ path: [name], onKey: true, ...nameRule });
    const rule = isRecord(entry) && typeof entry['needs'] === 'string' ? readNeeds(entry['needs'], skills, [name, 'needs']) : readNeeds('true', skills, []);
    const parsed = parse(schema, entry, [name]);
    const relax = readRelax(isRecord(entry) ? entry['relax'] : undefined, skills, [name, 'relax'], parsed.value?.overflow?.after);
    findings.push(...rule.findings, ...relax.findings, ...parsed.findings);
    if (parsed.value?.ringAtOnce !== undefined && parsed.value.strategy !== 'ring-all') findings.push({ path: [name, 'ringAtOnce'], ...onlyRingAll });
    if (parsed.value && rule.rule) queues.set(queueId(name), { ...configOf(name, parsed.value), needs: rule.rule, ...(relax.steps.length > 0 && { relax: relax.steps }) });
  }
  return { value: queues, findings: [...findings, ...overflowFindings(raw), ...escalationFindings(raw), ...replacesFindings(raw), ...(prompts ? promptFindings(raw, prompts) : [])] };
}

function configOf(name: string, { wrapUp, overflow, whileWaiting, ...read }: z.output<typeof schema>): Omit<QueueConfig, 'needs'> {
  return {
    id: queueId(name),
    name: read.name,
    strategy: read.strategy,
    ...(read.levelWait !== undefined && { levelWaitMs: read.levelWait }),
    ringMs: read.ring,
    ...(read.ringAtOnce !== undefined && { ringAtOnce: read.ringAtOnce }),
    wrapUpMs: wrapUp.time,
    wrapUpMode: wrapUp.mode,
    serviceLevelMs: read.serviceLevel,
    priority: read.priority,
    ...(overflow && { overflow: { afterMs: overflow.after, to: queueId(overflow.to) } }),
    ...(read.sticky && { sticky: { withinMs: read.sticky.within, waitMs: read.sticky.wait } }),
    ...(read.escalation !== undefined && { escalation: queueId(read.escalation) }),
    ...(read.replaces && { replaces: read.replaces.map(queueId) }),
    maxWaiting: read.maxWaiting,
    ...(read.maxWait !== undefined && { maxWaitMs: read.maxWait }),
    ...(read.empty && { empty: read.empty }),
    ...(read.divert && { divert: { ...(read.divert.estimatedWait !== undefined && { estimatedWaitMs: read.divert.estimatedWait }), ...(read.divert.callersPerAgent !== undefined && { callersPerAgent: read.divert.callersPerAgent }) } }),
    ...(read.redial !== undefined && { redialMs: read.redial }),
    ...(read.atClosing && { atClosing: read.atClosing }),
    music: whileWaiting.music,
    ...(read.callback && { callback: callbackRule(read.callback) }),
    ...announcements(whileWaiting, read.callback),
    record: read.record,
    sayAgentNumber: read.sayAgentNumber,
    ...(read.whisper && { whisper: true as const }),
  };
}

function announcements({ apology, place, comfort }: z.output<typeof whileWaiting>, { offerAfter, key = '9' }: Partial<z.output<typeof callbackShape>> = {}): Pick<QueueConfig, 'announce'> {
  if (!apology && !place && !comfort && offerAfter === undefined) return {};
  return {
    announce: {
      ...(apology && { apology: { afterMs: apology.after, prompt: apology.prompt } }),
      ...(place && { place: { firstMs: place.first, everyMs: place.every, position: place.position, limit: place.limit, onlyUp: place.onlyUp, estimate: place.estimate } }),
      ...(offerAfter !== undefined && { callback: { afterMs: offerAfter, key } }),
      ...(comfort && { comfort: { everyMs: comfort.every, prompts: comfort.prompts, order: comfort.order } }),
    },
  };
}

/** Experts who hand on to each other would hand callers about for ever. */
function escalationFindings(raw: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = [];
  const next = new Map<string, string>();
  for (const [name, entry] of Object.entries(raw)) {
    const to = isRecord(entry) ? entry['escalation'] : undefined;
    if (typeof to !== 'string') continue;
    if (Object.hasOwn(raw, to)) next.set(name, to);
    else findings.push({ path: [name, 'escalation'], ...unknownName('queue', to, Object.keys(raw)) });
  }
  for (const start of next.keys()) {
    const seen = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      at = next.get(at);
    }
    if (at === start) findings.push({ path: [start, 'escalation'], code: 'escalation-circle', text: { zh: `${quoted(start)} 的升级去向绕回自身`, en: `escalations from ${quoted(start)} lead back to it` } });
  }
  return findings;
}

/** An overflow that comes back to where it began would move callers about for ever. */
function overflowFindings(raw: Readonly<Record<string, unknown>>): Finding[] {
  const next = new Map<string, string>();
  for (const [name, entry] of Object.entries(raw)) {
    const overflow = isRecord(entry) ? entry['overflow'] : undefined;
    if (isRecord(overflow) && typeof overflow['to'] === 'string') next.set(name, overflow['to']);
  }
  const findings: Finding[] = [];
  const reported = new Set<string>();
  for (const [name, to] of next) {
    const path = [name, 'overflow', 'to'];
    if (!Object.hasOwn(raw, to)) findings.push({ path, ...unknownName('queue', to, Object.keys(raw)) });
    const circle = circleFrom(name, next);
    if (!circle || circle.some((queue) => reported.has(queue))) continue;
    for (const queue of circle) reported.add(queue);
    const way = [...circle, name].map(quoted).join(' → ');
    findings.push({ path, code: 'overflow-circle', text: { zh: `溢出形成循环：${way}`, en: `overflow goes in a circle: ${way}` }, hint: { zh: '请去掉其中一个 overflow', en: 'remove one of these overflows' } });
  }
  return findings;
}

function promptFindings(raw: Readonly<Record<string, unknown>>, prompts: readonly string[]): Finding[] {
  const known = new Set(prompts);
  const unknown = (name: unknown, path: Finding['path']): Finding[] => (typeof name !== 'string' || known.has(name) ? [] : [{ path, ...unknownName('prompt', name, prompts) }]);
  return Object.entries(raw).flatMap(([queue, entry]) => {
    const { apology, comfort } = isRecord(entry) && isRecord(entry['whileWaiting']) ? entry['whileWaiting'] : {};
    const said = isRecord(comfort) && Array.isArray(comfort['prompts']) ? comfort['prompts'] : [];
    return [
      ...(isRecord(apology) ? unknown(apology['prompt'], [queue, 'whileWaiting', 'apology', 'prompt']) : []),
      ...said.flatMap((name, index) => unknown(name, [queue, 'whileWaiting', 'comfort', 'prompts', index])),
    ];
  });
}

/** One that is still there is replaced by none, and one that is gone by one. */
function replacesFindings(raw: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = [];
  const taken = new Map<string, string>();
  for (const [name, entry] of Object.entries(raw)) {
    const replaces = isRecord(entry) && Array.isArray(entry['replaces']) ? entry['replaces'] : [];
    for (const [index, gone] of replaces.entries()) {
      if (typeof gone !== 'string') continue;
      const path = [name, 'replaces', index];
      const other = taken.get(gone);
      if (Object.hasOwn(raw, gone)) findings.push({ path, code: 'replaces-existing', text: { zh: `队列${quoted(gone)}仍在配置中，不能被替代`, en: `the queue ${quoted(gone)} is still there and cannot be replaced` } });
      else if (other !== undefined) findings.push({ path, code: 'replaced-twice', text: { zh: `队列${quoted(gone)}已由${quoted(other)}替代`, en: `the queue ${quoted(gone)} is replaced by ${quoted(other)} already` } });
      else taken.set(gone, name);
    }
  }
  return findings;
}

function circleFrom(start: string, next: ReadonlyMap<string, string>): string[] | undefined {
  const way = [start];
  for (let queue = next.get(start); queue !== undefined && way.length <= next.size; queue = next.get(queue)) {
    if (queue === start) return way;
    way.push(queue);
  }
  return undefined;
}
