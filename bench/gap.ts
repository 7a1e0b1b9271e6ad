/**
 * An agent hangs up: how long until that agent's phone is rung for the next caller? The same callers put to ours and
 * to stock app_queue in turn, in the same Asterisk, with the whole system running: Redis' commit, the journal into
 * Postgres, every talk recorded.
 */
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { Invocation } from '../cli/main.ts';
import type { Lang } from '../runtime/environment.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { line } from '../stage/centre-files.ts';
import { startStage } from '../stage/stage.ts';
import { erlangs, erlangWaiting, erlangWaitSeconds, type Load } from '../src/simulate/erlang.ts';
import { draw, talkMsMax, type LoadOptions } from './load.ts';
import { median, quantile, rounded } from './quantile.ts';
import { playRounds, type Measured, type Outcome, type Rounds } from './queue-rounds.ts';

interface Plan extends Rounds {
  readonly agents: number;
  readonly callsPerSecond: number;
  readonly talkMs: number;
  readonly calls: number;
  /** Callers of the first second, beside the others. Without it as many as find an agent and as Erlang C has in line. */
  readonly atOnce?: number;
  readonly shape: LoadOptions['shape'];
  /** Ours reads the agent's number to both sides, which app_queue does not: without it both say nothing. */
  readonly number: boolean;
}

/** `small`: 19 of 20 agents busy, so callers wait. `large`: 500 in line, and as many come as can be served. */
const sizes = {
  small: { agents: 20, callsPerSecond: 5, ringMs: 100, talkMs: 3_700, calls: 200, shape: 'random', rounds: 2, limitSeconds: 90 },
  large: { agents: 200, callsPerSecond: 20, ringMs: 100, talkMs: 9_000, calls: 300, atOnce: 700, shape: 'even', rounds: 1, limitSeconds: 60 },
  burst: { agents: 200, callsPerSecond: 100, ringMs: 100, talkMs: 3_000, calls: 800, atOnce: 0, shape: 'regular', rounds: 1, limitSeconds: 60 },
} as const satisfies Record<string, Omit<Plan, 'number'>>;
export type Size = keyof typeof sizes;

export async function run({ lang, args }: Invocation, size: Size = 'small'): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, number: { type: 'boolean', default: false }, size: { ...text, default: size }, agents: text, rate: text, talk: text, calls: text, waiting: text, rounds: text, seed: { ...text, default: '1' } },
  });
  const plan = planOf(values);
  const load = { agents: plan.agents, callsPerSecond: plan.callsPerSecond, handleSeconds: (plan.ringMs + plan.talkMs) / 1_000 };
  const atOnce = plan.atOnce ?? plan.agents + Math.min(plan.agents, Math.round(erlangWaiting(load)));
  const drawn = draw({ ...plan, atOnce, seed: Number(values.seed) });
  stderr.write(words.begin[lang](plan, drawn.arrivalsMs.length));
  const stage = await startStage({ agents: plan.agents, edits: { 'queues.yaml': { [`${line}/sayAgentNumber`]: plan.number } }, runtime: { durable: true } });
  try {
    const outcome = await playRounds(stage, drawn, plan, (round, who, seen) => void stderr.write(words.round[lang](round, who, seen)));
    console.table(tableOf(outcome, lang));
    stdout.write(`${words.about[lang](outcome, load)}\n`);
    const [ours, appQueue] = [keysOf(outcome.ours), keysOf(outcome.stock)];
    if (values.json) stdout.write(`${JSON.stringify({ ours, appQueue, ratioP50: rounded(appQueue.p50 / ours.p50) })}\n`);
  } finally {
    await stage.stop();
  }
  return 0;
}

type Wishes = { readonly [Name in 'agents' | 'rate' | 'talk' | 'calls' | 'waiting' | 'rounds']?: string | undefined } & { readonly size: string; readonly number: boolean };

function planOf({ size, number, agents, rate, talk, calls, waiting, rounds }: Wishes): Plan {
  if (!Object.hasOwn(sizes, size)) throw new SetupError({ en: `--size is one of ${Object.keys(sizes).join(', ')}.`, zh: `--size 可选：${Object.keys(sizes).join('、')}。` });
  const plan: Omit<Plan, 'number'> = sizes[size as Size];
  const most = (name: string, text: string | undefined, max: number): number | undefined => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (value > 0 && value <= max) return value;
    throw new SetupError({ en: `--${name} takes a number up to ${max}, not "${text}".`, zh: `--${name} 应为不超过 ${max} 的数字，而不是“${text}”。` });
  };
  const wished = most('agents', agents, 2_000) ?? plan.agents;
  const inLine = most('waiting', waiting, 5_000);
  const talkS = most('talk', talk, talkMsMax / 2_000);
  return {
    ...plan,
    number,
    agents: wished,
    callsPerSecond: most('rate', rate, 200) ?? plan.callsPerSecond,
    calls: most('calls', calls, 20_000) ?? plan.calls,
    rounds: most('rounds', rounds, 100) ?? plan.rounds,
    ...(talkS === undefined ? {} : { talkMs: talkS * 1_000 }),
    ...(inLine === undefined ? {} : { atOnce: wished + inLine }),
  };
}

interface Keys {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly wallS: number;
  readonly answered: number;
  readonly wastedS: number;
  readonly ourCpuMs: number;
  readonly asteriskCpuMs: number;
}

/** Gaps pooled over the rounds, in milliseconds; times the median of the rounds, in seconds; wasted and processor time per answered call. */
function keysOf(rounds: readonly Measured[]): Keys {
  const gaps = rounds.flatMap(({ gapsMs }) => gapsMs);
  const answered = rounds.reduce((sum, round) => sum + round.answered, 0);
  return {
    p50: rounded(quantile(gaps, 0.5), 2), p95: rounded(quantile(gaps, 0.95), 2), p99: rounded(quantile(gaps, 0.99), 2), max: rounded(quantile(gaps, 1), 2),
    wallS: rounded(median(rounds.map(({ wallS }) => wallS)), 2),
    answered,
    wastedS: rounded(rounds.reduce((sum, round) => sum + round.wastedS, 0) / answered, 4),
    ourCpuMs: rounded(rounds.reduce((sum, round) => sum + round.cpuMs.our, 0) / answered, 1),
    asteriskCpuMs: rounded(rounds.reduce((sum, round) => sum + round.cpuMs.asterisk, 0) / answered, 1),
  };
}

function tableOf({ ours, stock }: Outcome, lang: Lang): Record<string, Record<string, number | string>> {
  const rows: [string, readonly Measured[]][] = [
    [words.ours[lang], ours], ['app_queue', stock],
    ...(ours.length > 1 ? ours.flatMap((one, index): [string, Measured[]][] => [[`${words.ours[lang]} ${index + 1}`, [one]], [`app_queue ${index + 1}`, stock.slice(index, index + 1)]]) : []),
  ];
  return Object.fromEntries(rows.map(([name, rounds]) => {
    const { p50, p95, p99, max, wallS, answered, wastedS, ourCpuMs, asteriskCpuMs } = keysOf(rounds);
    const mean = (of: (round: Measured) => number): number => rounds.reduce((sum, round) => sum + of(round), 0) / rounds.length;
    const gaps = rounds.reduce((sum, round) => sum + round.gapsMs.length, 0);
    const values = [gaps, p50, p95, p99, max, wallS, answered, wastedS, rounded(mean((round) => round.meanWaitS), 2), ourCpuMs, asteriskCpuMs];
    return [name, Object.fromEntries(values.map((value, index) => [words.columns[lang][index] ?? '', value]))];
  }));
}

const words = {
  ours: { en: 'ours', zh: '本系统' },
  begin: {
    en: (plan: Plan, calls: number) => `${calls} calls, ${plan.callsPerSecond}/s, to ${plan.agents} agents who talk for ${plan.talkMs / 1_000} s; ${plan.rounds} round(s) each, in turn.\n`,
    zh: (plan: Plan, calls: number) => `${calls} 通来电，每秒 ${plan.callsPerSecond} 通，${plan.agents} 名坐席，通话 ${plan.talkMs / 1_000} 秒；两个系统交替各 ${plan.rounds} 轮。\n`,
  },
  round: {
    en: (round: number, who: string, seen?: Measured) => (seen ? `  ${seen.answered} answered, gap ${rounded(median(seen.gapsMs))} ms, ${rounded(seen.wallS)} s\n` : `round ${round}, ${who} …\n`),
    zh: (round: number, who: string, seen?: Measured) => (seen ? `  接通 ${seen.answered}，间隔 ${rounded(median(seen.gapsMs))} 毫秒，用时 ${rounded(seen.wallS)} 秒\n` : `第 ${round} 轮，${who === 'ours' ? '本系统' : 'app_queue'} …\n`),
  },
  columns: {
    en: ['gaps', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'wall s', 'answered', 'wasted s/call', 'mean wait s', 'our CPU ms/call', 'Asterisk CPU ms/call'],
    zh: ['间隔数', 'p50 毫秒', 'p95 毫秒', 'p99 毫秒', '最大 毫秒', '用时 秒', '接通', '浪费 秒/通', '平均等待 秒', '本进程 CPU 毫秒/通', 'Asterisk CPU 毫秒/通'],
  },
  about: {
    en: ({ source }: Outcome, load: Load) => `Gap: agent's BYE → next INVITE to that agent while a caller waits for him, by ${source === 'tcpdump' ? 'a packet capture on loopback' : 'SIPp’s own logs'}.\n`
      + `Erlang C for ${rounded(erlangs(load))} erlangs and ${load.agents} agents: mean wait ${waitText(load, 'the line only grows')}.`,
    zh: ({ source }: Outcome, load: Load) => `间隔：坐席挂机（BYE）到该坐席的下一个 INVITE，且有来电在等待；数据来自${source === 'tcpdump' ? '本机回环抓包' : ' SIPp 自身的日志'}。\n`
      + `Erlang C（${rounded(erlangs(load))} 爱尔兰，${load.agents} 名坐席）：平均等待 ${waitText(load, '队列只增不减')}。`,
  },
} as const;

function waitText(load: Load, grows: string): string {
  const wait = erlangWaitSeconds(load);
  return Number.isFinite(wait) ? `${rounded(wait, 2)} s` : `∞ (${grows})`;
}
