/** queues.yaml: the waiting lines. */
import { z } from 'zod';
import { queueId } from '../base/ids.ts';
import type { QueueId } from '../base/ids.ts';
import type { QueueConfig } from './centre-config.ts';
import { duration } from './duration.ts';
import { readNeeds } from './needs.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding } from './problem.ts';
import { isRecord, line, nameRule, nameShape, parse, shaped, strict, text } from './schema.ts';

const queuesMax = 1_000;

const schema = strict({
  name: text,
  needs: line.default('true'),
  ring: duration({ min: '3s', max: '5m' }).default(15_000),
  wrapUp: strict({ time: duration({ min: '0s', max: '1h' }).default(20_000), mode: z.enum(['time-boxed', 'discretionary']).default('time-boxed') }).prefault({}),
  serviceLevel: duration({ min: '1s', max: '1h' }).default(15_000),
  priority: z.int().min(-1_000).max(1_000).default(0),
  overflow: strict({ after: duration({ min: '1s', max: '24h' }), to: z.string() }).optional(),
  replaces: z.array(z.string()).max(100).optional(),
  maxWaiting: z.int().min(1).max(100_000).default(1_000),
  whileWaiting: strict({ music: shaped(/^[A-Za-z0-9_-]{1,64}$/, { code: 'bad-name', text: { zh: '音乐类名不合规则', en: 'this is not the name of a music class' } }).default('default') }).prefault({}),
  record: z.enum(['always', 'never']).default('always'),
  sayAgentNumber: z.boolean().default(true),
});

export interface ReadQueues {
  readonly value: ReadonlyMap<QueueId, QueueConfig>;
  readonly findings: readonly Finding[];
}

export function readQueues(raw: unknown, skills: ReadonlySet<string>): ReadQueues {
  const queues = new Map<QueueId, QueueConfig>();
  if (!isRecord(raw)) return { value: queues, findings: [{ path: [], code: 'wrong-type', text: { zh: '此处应为“队列名: …”', en: 'this should be a block of “queue name: …”' } }] };
  const findings: Finding[] = [];
  const entries = Object.entries(raw);
  if (entries.length > queuesMax) findings.push({ path: [], code: 'too-many', text: { zh: `队列超过 ${queuesMax} 个`, en: `more than ${queuesMax} queues` } });
  for (const [name, entry] of entries.slice(0, queuesMax)) {
    if (!nameShape.test(name)) findings.push({ path: [name], onKey: true, ...nameRule });
    const rule = isRecord(entry) && typeof entry['needs'] === 'string' ? readNeeds(entry['needs'], skills, [name, 'needs']) : readNeeds('true', skills, []);
    const parsed = parse(schema, entry, [name]);
    findings.push(...rule.findings, ...parsed.findings);
    if (parsed.value && rule.rule) queues.set(queueId(name), { ...configOf(name, parsed.value), needs: rule.rule });
  }
  return { value: queues, findings: [...findings, ...overflowFindings(raw), ...replacesFindings(raw)] };
}

function configOf(name: string, { wrapUp, overflow, whileWaiting, ...read }: z.output<typeof schema>): Omit<QueueConfig, 'needs'> {
  return {
    id: queueId(name),
    name: read.name,
    ringMs: read.ring,
    wrapUpMs: wrapUp.time,
    wrapUpMode: wrapUp.mode,
    serviceLevelMs: read.serviceLevel,
    priority: read.priority,
    ...(overflow && { overflow: { afterMs: overflow.after, to: queueId(overflow.to) } }),
    ...(read.replaces && { replaces: read.replaces.map(queueId) }),
    maxWaiting: read.maxWaiting,
    music: whileWaiting.music,
    record: read.record,
    sayAgentNumber: read.sayAgentNumber,
  };
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
