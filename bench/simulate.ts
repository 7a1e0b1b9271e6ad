/**
 * How long the simulator takes for a day of a large centre, one replication on one thread, beside a bare event loop
 * that serves the same callers first come, first served. Each run has a new thread, as a command of its own would: its
 * start, the loading of its code and the compiling are in the time. The two take turns.
 */
import { once } from 'node:events';
import { cpuUsage, stderr } from 'node:process';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { wholeOption } from '../cli/options.ts';
import type { Invocation } from '../cli/main.ts';
import { progressOn } from '../runtime/progress.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { runReplications, youngMegabytes } from '../src/simulate/pool.ts';
import type { Scenario } from '../src/simulate/scenario.ts';
import { printFigures } from './figures.ts';
import { agentsMin, largeDay } from './large-day.ts';
import type { Day } from './plain-day.ts';
import { median, quantile, rounded } from './quantile.ts';

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, calls: { type: 'string', default: '100000' }, agents: { type: 'string', default: '1000' }, runs: { type: 'string', default: '5' } } });
  const size = { calls: wholeOption('--calls', values.calls, 10_000_000), agents: wholeOption('--agents', values.agents, 50_000) };
  if (size.agents < agentsMin) throw new SetupError({ en: `--agents takes at least ${agentsMin}: fewer do not fill the teams of this day.`, zh: `--agents 至少为 ${agentsMin}：再少则排不满这一天的各班组。` });
  const scenario = largeDay(size);
  const runs = wholeOption('--runs', values.runs, 100);
  const progress = progressOn(stderr, lang);
  progress.step({ en: `${runs} days with the router and ${runs} without, in turn`, zh: `使用路由器与不使用各模拟 ${runs} 天，交替进行` });
  const [ours, peer]: [Run<OurDay>[], Run<Day>[]] = [[], []];
  for (let n = 0; n < runs; n += 1) {
    ours.push(await timed(() => ourDay(scenario)));
    peer.push(await timed(() => plainDayOnThread(scenario)));
    progress.fraction((n + 1) / runs);
  }
  progress.done();
  console.table({ [words.ours[lang]]: row(ours), [words.peer[lang]]: row(peer) });
  const [ourS, peerS] = [ours, peer].map((of) => median(of.map(({ seconds }) => seconds)));
  printFigures({
    ...named('ours', row(ours)), ...named('peer', row(peer)),
    oursEvents: ours[0]?.day.events ?? 0, oursEventsPerSecond: Math.round((ours[0]?.day.events ?? 0) / (ourS ?? Number.NaN)), ratioP50: rounded((ourS ?? Number.NaN) / (peerS ?? Number.NaN)),
  }, values.json);
  return 0;
}

type OurDay = Day & { readonly events: number };

interface Run<Of> {
  readonly seconds: number;
  /** Of the processor, on all threads: what a busy machine adds to the time is not in it. */
  readonly cpuSeconds: number;
  readonly day: Of;
}

async function timed<Of>(play: () => Promise<Of>): Promise<Run<Of>> {
  const [from, cpu] = [performance.now(), cpuUsage()];
  const day = await play();
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, day };
}

async function ourDay(scenario: Scenario): Promise<OurDay> {
  const [replication] = await runReplications(scenario, 1);
  const counts = replication?.samples[0]?.callers.all['all'];
  if (replication === undefined || counts === undefined) throw new Error('nobody called');
  const { answered, abandoned, waitMs } = counts;
  return { calls: replication.calls, answered, abandoned, waitMs, events: replication.events };
}

async function plainDayOnThread(scenario: Scenario): Promise<Day> {
  const worker = new Worker(new URL('./plain-day-worker.ts', import.meta.url), { workerData: scenario, resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
  const [day] = (await once(worker, 'message')) as [Day];
  await worker.terminate();
  return day;
}

function row(runs: readonly Run<Day>[]) {
  const [seconds, cpu] = [runs.map((one) => one.seconds), runs.map((one) => one.cpuSeconds)];
  const { calls = 0, answered = 0, abandoned = 0, waitMs = 0 } = runs[0]?.day ?? {};
  return {
    p50S: rounded(median(seconds), 2), maxS: rounded(quantile(seconds, 1), 2), cpuP50S: rounded(median(cpu), 2),
    callsPerSecond: Math.round(calls / median(seconds)), calls, answered, abandoned, meanWaitS: rounded(waitMs / calls / 1_000, 2),
  };
}

const named = (who: string, figures: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${who}${name[0]?.toUpperCase()}${name.slice(1)}`, value]));

const words = {
  ours: { en: 'with the router', zh: '使用路由器' },
  peer: { en: 'bare event loop', zh: '简单事件循环' },
} as const;
