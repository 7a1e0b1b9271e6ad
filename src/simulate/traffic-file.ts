/** A traffic file as it is written (docs/simulate.md): who calls, who works, how long it lasts. */
import { z } from 'zod';
import { duration } from '../config/duration.ts';
import { line, nameRule, nameShape, parse, refuse, shaped, strict } from '../config/schema.ts';
import type { Finding, Saying } from '../config/problem.ts';
import type { Distribution } from './distribution.ts';

export const classesMax = 1_000;
const name = shaped(nameShape, nameRule);
const time = duration({ min: '0s', max: '24h' });
/** Of a replication; a year is enough. */
const span = (min: string) => duration({ min, max: '8784h' });

const distribution = strict({
  fixed: time.optional(),
  exponential: time.optional(),
  lognormal: strict({ mean: time, cv: z.number().min(0).max(10) }).optional(),
  erlang: strict({ mean: time, stages: z.int().min(1).max(100) }).optional(),
}).transform((written, context): Distribution => {
  const { fixed, exponential, lognormal, erlang } = written;
  const all: Distribution[] = [];
  if (fixed !== undefined) all.push({ type: 'fixed', meanMs: fixed });
  if (exponential !== undefined) all.push({ type: 'exponential', meanMs: exponential });
  if (lognormal !== undefined) all.push({ type: 'lognormal', meanMs: lognormal.mean, cv: lognormal.cv });
  if (erlang !== undefined) all.push({ type: 'erlang', meanMs: erlang.mean, stages: erlang.stages });
  const [one, another] = all;
  return one === undefined || another !== undefined ? refuse(context, oneDistribution) : one;
});

const oneDistribution: Saying = {
  code: 'bad-distribution',
  text: { zh: '此处应恰好写一种分布', en: 'exactly one distribution belongs here' },
  hint: { zh: '例如 { exponential: 3m }、{ lognormal: { mean: 4m, cv: 1.2 } }、{ erlang: { mean: 3m, stages: 2 } } 或 { fixed: 20s }', en: 'such as { exponential: 3m }, { lognormal: { mean: 4m, cv: 1.2 } }, { erlang: { mean: 3m, stages: 2 } } or { fixed: 20s }' },
};

const arrivals = strict({
  perHour: z.number().min(0).max(10_000_000).optional(),
  every: duration({ min: '1s', max: '24h' }).optional(),
  calls: z.array(z.number().min(0).max(10_000_000)).min(1).max(10_000).optional(),
}).transform(({ perHour, every, calls }, context): WrittenArrivals => {
  if (perHour !== undefined && every === undefined && calls === undefined) return { perHour };
  if (perHour === undefined && every !== undefined && calls !== undefined) return { everyMs: every, calls };
  return refuse(context, { code: 'bad-arrivals', text: { zh: '来话量写法有误', en: 'these are no arrivals' }, hint: { zh: '请写 { perHour: 120 }，或 { every: 30m, calls: [40, 62, 80] }', en: 'write { perHour: 120 }, or { every: 30m, calls: [40, 62, 80] }' } });
});

export type WrittenArrivals = { readonly perHour: number } | { readonly everyMs: number; readonly calls: readonly number[] };

const callClass = strict({
  queue: z.string().optional(),
  needs: line.optional(),
  serviceLevel: duration({ min: '1s', max: '1h' }).optional(),
  arrivals: arrivals.optional(),
  share: z.number().min(0).max(1).optional(),
  priority: z.int().min(-100).max(100).default(0),
  tags: z.array(name).max(20).default([]),
  handle: distribution.optional(),
  talk: distribution.optional(),
  wrapUp: distribution.optional(),
  patience: distribution.optional(),
  known: z.number().min(0).max(1).optional(),
  redial: strict({ share: z.number().min(0).max(1), after: distribution, times: z.int().min(1).max(100).default(3) }).optional(),
});

const phones = strict({
  ring: distribution.default({ type: 'fixed', meanMs: 0 }),
  answer: distribution.default({ type: 'fixed', meanMs: 0 }),
  missed: strict({ share: z.number().min(0).max(1), back: distribution }).default({ share: 0, back: { type: 'fixed', meanMs: 0 } }),
});

const schema = strict({
  seed: z.union([z.string().max(100), z.number()], { error: () => undefined }).transform(String).default('1'),
  replications: z.int().min(1).max(100_000).optional(),
  batches: z.int().min(1).max(1_000).default(1),
  confidence: z.number().min(0.5).max(0.9999).default(0.95),
  warmUp: span('0s').default(0),
  length: span('1s').optional(),
  drain: span('0s').default(3_600_000),
  interval: duration({ min: '1m', max: '24h' }).optional(),
  arrivals: arrivals.optional(),
  classes: z.record(name, callClass).refine((all) => Object.keys(all).length <= classesMax, { params: { saying: { code: 'too-many', text: { zh: `呼叫类别超过 ${classesMax} 个`, en: `more than ${classesMax} classes` } } satisfies Saying } }).default({}),
  recorded: strict({
    file: z.string().min(1),
    days: z.array(z.string()).min(1).max(1_000).optional(),
    queues: z.record(z.string(), z.string()).default({}),
    priorities: z.record(z.string(), z.int().min(-100).max(100)).default({}),
    wrapUp: distribution.optional(),
  }).optional(),
  /** Read by the readers of queues.yaml and agents.yaml. */
  queues: z.unknown().optional(),
  agents: z.union([z.literal('recorded'), z.record(name, z.unknown())], { error: () => undefined }).optional(),
  shifts: z.record(z.string(), z.array(strict({ from: span('0s'), to: span('1s') })).max(1_000)).default({}),
  phones: phones.prefault({}),
});

export type Written = z.output<typeof schema>;
export type WrittenClass = z.output<typeof callClass>;

export function readTraffic(raw: unknown): { readonly value?: Written; readonly findings: readonly Finding[] } {
  const { value, findings } = parse(schema, raw, []);
  if (value === undefined) return { findings };
  const more = [...Object.entries(value.classes).flatMap(([of, written]) => classFindings(of, written, value.arrivals !== undefined)), ...wholeFindings(value)];
  return more.length > 0 ? { findings: more } : { value, findings };
}

function classFindings(of: string, { queue, needs, serviceLevel, arrivals: own, share, handle, talk, wrapUp }: WrittenClass, common: boolean): Finding[] {
  const path = ['classes', of];
  const findings: Finding[] = [];
  const found = (code: string, zh: string, en: string): void => void findings.push({ path, onKey: true, code, text: { zh, en } });
  if ((queue === undefined) === (needs === undefined)) found('class-line', '应写 queue（配置中的队列）或 needs（自己的队列）之一', 'write either queue, a line of the configuration, or needs, a line of its own');
  if (serviceLevel !== undefined && needs === undefined) found('class-line', 'serviceLevel 只能与 needs 同写；队列的服务水平在队列中设置', 'serviceLevel goes with needs only: a queue has its own');
  if ((own === undefined) === (share === undefined)) found('class-arrivals', '应写 arrivals 或 share 之一', 'write either arrivals or share');
  if (share !== undefined && !common) found('class-arrivals', 'share 是全部来话量的一部分，请在文件顶层写 arrivals', 'share is a part of all arrivals: write arrivals at the top of the file');
  if ((handle === undefined) === (talk === undefined)) found('class-times', '应写 handle（通话与话后处理合计）或 talk 之一', 'write either handle, talk and wrap-up in one, or talk');
  if (handle !== undefined && wrapUp !== undefined) found('class-times', 'handle 已包含话后处理；请改写 talk 和 wrapUp', 'handle has the wrap-up in it: write talk and wrapUp');
  return findings;
}

function wholeFindings({ classes, recorded, agents, shifts }: Written): Finding[] {
  const findings: Finding[] = [];
  if (Object.keys(classes).length === 0 && recorded === undefined) findings.push({ path: [], code: 'no-calls', text: { zh: '没有来话：请写 classes 或 recorded', en: 'nobody calls: write classes or recorded' } });
  if (agents === 'recorded' && recorded === undefined) findings.push({ path: ['agents'], code: 'no-record', text: { zh: 'agents: recorded 需要 recorded', en: 'agents: recorded needs recorded' } });
  for (const [team, spans] of Object.entries(shifts)) {
    for (const [index, { from, to }] of spans.entries()) {
      if (from >= to || from < (spans[index - 1]?.to ?? 0)) findings.push({ path: ['shifts', team, index], code: 'bad-shift', text: { zh: '班次须先 from 后 to，按时间排列，互不重叠', en: 'a shift begins before it ends and after the one before it' } });
    }
  }
  return findings;
}
