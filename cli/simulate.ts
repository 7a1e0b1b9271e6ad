import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { progressOn } from '../runtime/progress.ts';
import type { Progress } from '../runtime/progress.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { formatProblems } from '../src/config/format.ts';
import { figuresOf } from '../src/simulate/figures.ts';
import { loadTraffic } from '../src/simulate/load-traffic.ts';
import type { LoadedTraffic } from '../src/simulate/load-traffic.ts';
import { scenarioOfDays } from '../src/simulate/own-record.ts';
import { runReplications } from '../src/simulate/pool.ts';
import type { Scenario } from '../src/simulate/scenario.ts';
import type { Lang } from '../runtime/environment.ts';
import { defaultConfig, wholeOption } from './options.ts';
import { recordsOf, soundConfig } from './past.ts';
import { isPeriod } from './period.ts';
import { readDays, routingIn } from './recorded-traffic.ts';
import { csv, table } from './simulate-table.ts';
import type { Command } from './main.ts';

/** The production decider on a virtual clock: what these callers and agents would have come to. */
export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({ args, options: { traffic: { type: 'string' }, config: { type: 'string' }, state: { type: 'string', default: '.state' }, replications: { type: 'string' }, seed: { type: 'string' }, threads: { type: 'string' }, csv: { type: 'string' }, json: { type: 'boolean' } } });
  if (values.traffic === undefined) throw new SetupError({ en: 'Say which calls: --traffic FILE, last-week, FROM..TO or generated. docs/simulate.md tells what such a file holds.', zh: '请指定来话：--traffic 文件、last-week、起..止 或 generated。文件内容见 docs/simulate.md。' });
  const progress = progressOn(stderr, lang);
  const loaded = isPeriod(values.traffic) ? await lived(values.traffic, values.state, values.config, progress) : loadTraffic({ traffic: values.traffic, config: resolve(values.config ?? defaultConfig), configNamed: values.config !== undefined });
  if (!loaded.ok) {
    stderr.write(`${formatProblems(loaded.problems, lang)}\n`);
    return 1;
  }
  const scenario: Scenario = {
    ...loaded.scenario,
    ...(values.replications === undefined ? {} : { replications: wholeOption('--replications', values.replications, 100_000) }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
  };
  const threads = values.threads === undefined ? availableParallelism() : wholeOption('--threads', values.threads, 256);
  progress.step({ en: `Simulating ${scenario.replications} × ${time(scenario.warmUpMs + scenario.lengthMs, 'en')}`, zh: `模拟 ${scenario.replications} 次，每次 ${time(scenario.warmUpMs + scenario.lengthMs, 'zh')}` });
  const startedAt = performance.now();
  const replications = await runReplications(scenario, threads, progress.fraction);
  progress.done();
  const tookMs = Math.round(performance.now() - startedAt);
  const results = figuresOf(scenario, replications.flatMap(({ samples }) => samples));
  if (values.csv !== undefined) writeFileSync(values.csv, csv(results));
  const calls = replications.reduce((sum, one) => sum + one.calls, 0);
  stdout.write(`${headline(scenario, calls, loaded.passedOver, lang)}\n\n${table(results, lang)}\n`);
  if (values.json) {
    const { seed, batches, confidence, warmUpMs, lengthMs } = scenario;
    const events = replications.reduce((sum, one) => sum + one.events, 0);
    stdout.write(`${JSON.stringify({ config: scenario.routing.version, seed, replications: scenario.replications, batches, confidence, warmUpMs, lengthMs, calls, events, tookMs, ...results })}\n`);
  }
  return 0;
};

/** The period's own calls and agents, under the configuration that runs or the one that is named. */
async function lived(period: string, state: string, config: string | undefined, progress: Progress): Promise<LoadedTraffic> {
  const records = await recordsOf(state);
  const present = soundConfig(records.configDir);
  const days = await readDays(period, records, present, progress);
  return { ok: true, passedOver: 0, scenario: scenarioOfDays(days, routingIn(present), routingIn(config === undefined ? present : soundConfig(resolve(config)))) };
}

function headline({ replications, batches, confidence, warmUpMs, lengthMs, routing }: Scenario, calls: number, passedOver: number, lang: Lang): string {
  const percent = `${Number((confidence * 100).toPrecision(4))} %`;
  const samples = replications * batches;
  if (lang === 'zh') {
    return `${routing.agents.size} 名坐席，${calls} 通来话；${replications} 次模拟，每次 ${time(lengthMs, lang)}${warmUpMs > 0 ? `（另有 ${time(warmUpMs, lang)}预热，不计入）` : ''}。`
      + `${samples > 1 ? `± 为 ${percent} 置信区间的半宽，共 ${samples} 个样本。` : '只有一个样本，没有置信区间。'}${passedOver > 0 ? `记录中有 ${passedOver} 行未到达队列，已略过。` : ''}`;
  }
  return `${routing.agents.size} agents, ${calls} calls; ${replications} ${replications === 1 ? 'replication' : 'replications'} of ${time(lengthMs, lang)}${warmUpMs > 0 ? `, each after ${time(warmUpMs, lang)} that do not count` : ''}.`
    + ` ${samples > 1 ? `± is the half-width of the ${percent} confidence interval, from ${samples} samples.` : 'One sample has no confidence interval.'}${passedOver > 0 ? ` ${passedOver} lines of the record never came to a queue and are left out.` : ''}`;
}

function time(ms: number, lang: Lang): string {
  const [value, zh, en] = ms >= 3_600_000 ? [ms / 3_600_000, '小时', 'h'] : ms >= 60_000 ? [ms / 60_000, '分钟', 'min'] : [ms / 1_000, '秒', 's'];
  return `${Number(value.toFixed(2))} ${lang === 'zh' ? zh : en}`;
}
