/** centre.yaml: the centre as a whole. */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { BreakRule, CentreSettings } from './centre-config.ts';
import { duration } from './duration.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding, Saying } from './problem.ts';
import { isRecord, nameRule, nameShape, parse, refuse, shaped, strict, text } from './schema.ts';

const entriesMax = 1_000;
const name = shaped(nameShape, nameRule);
const numberShape = /^\+?\d{1,15}$/;
const numberRule: Saying = { code: 'bad-number', text: { zh: '这不是号码', en: 'this is not a number one can dial' }, hint: { zh: '只写数字，前面可加 +；请加引号', en: 'digits only, with an optional + in front; put it in quotes' } };
const words = z.record(name, text).refine((all) => Object.keys(all).length <= 100, { params: { saying: { code: 'too-many', text: { zh: '超过 100 项', en: 'more than 100 entries' } } satisfies Saying } });

const pauseReason = strict({
  ...text.shape,
  longest: duration({ min: '1m', max: '24h' }).optional(),
  atOnce: z.int().min(1).max(10_000).optional(),
  approval: z.boolean().default(false),
});
const pauseReasons = z.record(name, pauseReason).refine((all) => Object.keys(all).length <= 100, { params: { saying: { code: 'too-many', text: { zh: '超过 100 项', en: 'more than 100 entries' } } satisfies Saying } });

const timeZone = z.string().transform((zone, context) =>
  IANAZone.isValidZone(zone)
    ? zone
    : refuse(context, { code: 'unknown-time-zone', text: { zh: `没有时区 ${quoted(zone)}`, en: `there is no time zone ${quoted(zone)}` }, hint: { zh: '请写 IANA 名称，例如 Asia/Shanghai', en: 'write an IANA name, such as Asia/Shanghai' } }),
);

/** Or paused until the agent says otherwise. */
const orPause = z.union([z.literal('pause'), duration({ min: '1s', max: '1h' })], { error: () => undefined }).default('pause');

const schema = strict({
  id: name,
  name: text,
  timeZone,
  language: z.enum(['zh', 'en']).default('zh'),
  numbers: z.record(z.string(), z.string()).default({}),
  pauseReasons: pauseReasons.default({}),
  dispositions: words.default({}),
  trunks: z.array(shaped(/^[A-Za-z0-9_-]{1,64}$/, { code: 'bad-name', text: { zh: '中继名不合规则', en: 'this is not the name of a trunk' }, hint: { zh: '只含字母、数字、- 和 _，最多 64 个字符', en: 'letters, digits, - and _ only, 64 at most' } })).max(100).default([]),
  admission: strict({
    callsPerSecond: z.int().min(1).max(10_000).default(100),
    perCaller: strict({
      calls: z.int().min(1).max(10_000).default(30),
      within: duration({ min: '1s', max: '1h' }).default(60_000),
      except: z.array(shaped(numberShape, numberRule)).max(entriesMax).default([]),
    }).prefault({}),
    late: duration({ min: '100ms', max: '1m' }).default(1_000),
    treatment: z.enum(['busy', 'congestion', 'prompt']).default('congestion'),
  }).prefault({}),
  order: strict({
    ageing: duration({ min: '1s', max: '1h' }).optional(),
    vip: z.int().min(0).max(1_000).default(10),
    vipTiers: z.array(z.string().trim().min(1).max(64)).max(100).default(['vip']),
    acrossQueues: z.enum(['priority', 'longest-waiting']).default('priority'),
  }).prefault({}),
  remoteAnswer: z.array(z.string().trim().min(2).max(64)).max(100).default(['Yealink', 'Poly', 'snom']),
  recording: strict({ onFailure: z.enum(['go-on', 'no-call']).default('go-on') }).prefault({}),
  backOff: strict({
    busy: duration({ min: '0s', max: '10m' }).default(5_000),
    unreachable: duration({ min: '0s', max: '1h' }).default(30_000),
    rejected: orPause,
    noAnswer: orPause,
  }).prefault({}),
});

export function readCentre(raw: unknown, flows: readonly string[]): { readonly value?: CentreSettings; readonly findings: readonly Finding[] } {
  const findings = isRecord(raw) ? numberFindings(raw['numbers'], flows) : [];
  const parsed = parse(schema, raw, []);
  if (!parsed.value || findings.length > 0) return { findings: [...parsed.findings, ...findings] };
  const { numbers, pauseReasons, dispositions, backOff, admission, order, ...rest } = parsed.value;
  const { perCaller, late, ...admits } = admission;
  const { ageing, ...ranks } = order;
  return {
    value: {
      ...rest,
      numbers: new Map(Object.entries(numbers)),
      pauseReasons: new Map(Object.entries(pauseReasons).map(([code, { zh, en }]) => [code, { zh, en }])),
      breaks: breaksOf(pauseReasons),
      dispositions: new Map(Object.entries(dispositions)),
      admission: { ...admits, lateMs: late, perCaller: { calls: perCaller.calls, withinMs: perCaller.within, except: perCaller.except } },
      order: { ...ranks, ...(ageing !== undefined && { ageingMs: ageing }) },
      backOffMs: { busy: backOff.busy, unreachable: backOff.unreachable, ...(backOff.rejected !== 'pause' && { rejected: backOff.rejected }), ...(backOff.noAnswer !== 'pause' && { noAnswer: backOff.noAnswer }) },
    },
    findings: [],
  };
}

function breaksOf(reasons: z.output<typeof pauseReasons>): Map<string, BreakRule> {
  return new Map(Object.entries(reasons).flatMap(([code, { longest, atOnce, approval }]) =>
    longest === undefined && atOnce === undefined && !approval ? [] : [[code, { approval, ...(longest !== undefined && { longestMs: longest }), ...(atOnce !== undefined && { atOnce }) }] as const]));
}

/** Also when something else in the file is wrong, so that nothing is found only at the second try. */
function numberFindings(numbers: unknown, flows: readonly string[]): Finding[] {
  if (!isRecord(numbers)) return [];
  const findings: Finding[] = [];
  if (Object.keys(numbers).length > entriesMax) {
    findings.push({ path: ['numbers'], onKey: true, code: 'too-many', text: { zh: `号码超过 ${entriesMax} 个`, en: `more than ${entriesMax} numbers` } });
  }
  for (const [number, flow] of Object.entries(numbers)) {
    if (!numberShape.test(number)) {
      findings.push({ path: ['numbers', number], onKey: true, code: 'bad-number', text: { zh: `${quoted(number)} 不是号码`, en: `${quoted(number)} is not a number one can dial` }, hint: { zh: '只写数字，前面可加 +', en: 'digits only, with an optional + in front' } });
    }
    if (typeof flow === 'string' && !flows.includes(flow)) findings.push({ path: ['numbers', number], ...unknownName('flow', flow, flows) });
  }
  return findings;
}
