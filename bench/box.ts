/**
 * One small machine, full: a line of a thousand callers with music, five hundred agents signed in, twenty calls a
 * second coming and as many served. Does every call end well, what does our process take of a core, does its memory
 * stay where it is? Asterisk, on the same cores, stands beside it.
 */
import { readFile } from 'node:fs/promises';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { Invocation } from '../cli/main.ts';
import type { Lang } from '../runtime/environment.ts';
import { progressOn, type Progress } from '../runtime/progress.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { until } from '../runtime/until.ts';
import { line } from '../stage/centre-files.ts';
import { startStage, type Stage } from '../stage/stage.ts';
import { redisKeys } from '../src/store/keys.ts';
import { coreShare, memoryOf } from './process-use.ts';
import { median, quantile, rounded } from './quantile.ts';

interface Plan {
  readonly agents: number;
  readonly waiting: number;
  readonly callsPerSecond: number;
  readonly steadySeconds: number;
}

/** Phones of SIPp have no voice, and Asterisk gives one up after 20 s without a sound. */
const [ringMs, talkMs] = [200, 17_800];
/** How fast the line is filled: below what the centre lets in by default. */
const fillPerSecond = 30;
const sampleEveryMs = 5_000;

export async function run({ lang, args }: Invocation): Promise<number> {
  const plan = planOf(args);
  const progress = progressOn(stderr, lang);
  const ready = Math.round((plan.callsPerSecond * (ringMs + talkMs)) / 1_000);
  if (ready > plan.agents) throw new SetupError({ en: `${plan.callsPerSecond} calls/s keep ${ready} agents busy; give --agents at least as many.`, zh: `每秒 ${plan.callsPerSecond} 通来电需要 ${ready} 名坐席，请调大 --agents。` });
  const stage = await startStage({ agents: plan.agents, runtime: { durable: true } });
  try {
    const figures = await play(stage, plan, ready, progress);
    console.table({ [words.service[lang]]: column(figures, 'our'), Asterisk: column(figures, 'asterisk') });
    stdout.write(`${words.about[lang](figures)}\n`);
    if (plan.json) stdout.write(`${JSON.stringify({ figures })}\n`);
  } finally {
    await stage.stop();
  }
  return 0;
}

function planOf(args: string[]): Plan & { readonly json: boolean } {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false }, minutes: text('1'), agents: text('500'), waiting: text('1000'), rate: text('20') } });
  const number = (name: 'minutes' | 'agents' | 'waiting' | 'rate', max: number): number => {
    const value = Number(values[name]);
    if (value > 0 && value <= max) return value;
    throw new SetupError({ en: `--${name} takes a number up to ${max}, not "${values[name]}".`, zh: `--${name} 应为不超过 ${max} 的数字，而不是“${values[name]}”。` });
  };
  return { json: values.json, steadySeconds: number('minutes', 600) * 60, agents: number('agents', 2_000), waiting: number('waiting', 1_400), callsPerSecond: number('rate', 50) };
}

type Figures = Awaited<ReturnType<typeof play>>;

async function play(stage: Stage, plan: Plan, ready: number, progress: Progress) {
  progress.step({ en: `${plan.agents} agents sign in`, zh: `${plan.agents} 名坐席签入` });
  await stage.phones(stage.agents, { ringMs, talkMs });
  const desktops = await stage.ready(stage.agents);
  await Promise.all(desktops.map((desktop) => desktop.command({ type: 'pause', reason: 'rest' })));
  progress.done();

  const first = plan.waiting + ready;
  progress.step({ en: `${first} callers come into the line`, zh: `${first} 名来电者进入队列` });
  const inLine = (): Promise<number> => stage.redis.zcard(redisKeys(stage.config.centre.id).line(line));
  const limitSeconds = plan.steadySeconds + 600;
  const early = await stage.callers({ calls: first, callsPerSecond: fillPerSecond, limitSeconds });
  await until(async () => {
    const count = await inLine();
    progress.fraction(count / first);
    return count >= first || undefined;
  }, { limitMs: (first / fillPerSecond) * 1_000 + 60_000, everyMs: 250, what: `${first} callers in line` });
  progress.done();

  progress.step({ en: `${ready} agents are ready, ${plan.callsPerSecond} calls/s come, for ${plan.steadySeconds} s`, zh: `${ready} 名坐席示闲，每秒 ${plan.callsPerSecond} 通来电，持续 ${plan.steadySeconds} 秒` });
  for (const desktop of desktops.slice(0, ready)) await desktop.command({ type: 'make-ready' });
  const calls = Math.round(plan.callsPerSecond * plan.steadySeconds);
  const later = await stage.callers({ calls, callsPerSecond: plan.callsPerSecond, concurrent: calls, limitSeconds });
  const steady = await watch(stage, plan, inLine, progress);
  progress.done();

  progress.step({ en: 'The line is served to its end', zh: '服务完队列中的全部来电' });
  const outcomes = await Promise.all([early.outcome, later.outcome]);
  await until(async () => ((await stage.ask('channels')).length === 0 ? true : undefined), { limitMs: 20_000, everyMs: 200, what: 'all calls over' });
  progress.done();
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const served = outcomes.reduce((sum, outcome) => sum + outcome.successful, 0);
  return { calls: first + calls, served, failed: failed + (first + calls - served - failed), agents: plan.agents, ...steady };
}

/** What it is like while as many come as are served. */
async function watch(stage: Stage, { steadySeconds }: Plan, inLine: () => Promise<number>, progress: Progress) {
  const { asterisk = stage.service.pid } = stage.runtime.pids;
  const shares = { our: await coreShare(stage.service.pid), asterisk: await coreShare(asterisk) };
  const packets = await packetsOnLoopback();
  const startedAt = performance.now();
  const samples: { readonly minutes: number; readonly our: number; readonly asterisk: number; readonly waiting: number }[] = [];
  const minutes = (): number => (performance.now() - startedAt) / 60_000;
  while (minutes() * 60 < steadySeconds) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(sampleEveryMs, steadySeconds * 100)));
    samples.push({ minutes: minutes(), our: (await memoryOf(stage.service.pid)).rssMb, asterisk: (await memoryOf(asterisk)).rssMb, waiting: await inLine() });
    progress.fraction((minutes() * 60) / steadySeconds);
  }
  return {
    waitingP50: median(samples.map(({ waiting }) => waiting)),
    ourCorePercent: rounded(await shares.our()), asteriskCorePercent: rounded(await shares.asterisk()),
    ourRssMb: quantile(samples.map(({ our }) => our), 1), asteriskRssMb: quantile(samples.map(({ asterisk: mb }) => mb), 1),
    ourMbPerMinute: slope(samples.map((sample) => [sample.minutes, sample.our])), asteriskMbPerMinute: slope(samples.map((sample) => [sample.minutes, sample.asterisk])),
    packetsPerSecond: Math.round(((await packetsOnLoopback()) - packets) / (minutes() * 60)),
  };
}

/** Of the straight line with the least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  const [above, below] = points.reduce(([a, b], [x, y]) => [a + (x - x0) * (y - y0), b + (x - x0) ** 2] as const, [0, 0] as const);
  return rounded(above / below, 2);
}

/** Mostly music: fifty packets a second for each who waits. */
async function packetsOnLoopback(): Promise<number> {
  const table = await readFile('/proc/net/dev', 'utf8');
  return Number(/^\s*lo:\s*\d+\s+(\d+)/m.exec(table)?.[1]);
}

function column(figures: Figures, who: 'our' | 'asterisk'): Record<string, number> {
  return { 'CPU % of a core': figures[`${who}CorePercent`], 'RSS MB, most': figures[`${who}RssMb`], 'MB/min': figures[`${who}MbPerMinute`] };
}

const words = {
  service: { en: 'our service', zh: '本系统' },
  about: {
    en: ({ calls, failed, agents, waitingP50, packetsPerSecond }: Figures) => `${calls} calls, ${failed} failed; ${agents} agents signed in, ${waitingP50} callers waiting (median), ${packetsPerSecond} packets/s on loopback.`,
    zh: ({ calls, failed, agents, waitingP50, packetsPerSecond }: Figures) => `来电 ${calls} 通，失败 ${failed} 通；签入坐席 ${agents} 名，排队中位数 ${waitingP50} 人，回环网络每秒 ${packetsPerSecond} 个包。`,
  },
} satisfies Record<string, Record<Lang, unknown>>;
