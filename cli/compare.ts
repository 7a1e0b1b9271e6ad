// The same calls under the present configuration and under another: who would have gone elsewhere, and what it comes to.

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { askControl } from '../runtime/control.ts';
import { progressOn } from '../runtime/progress.ts';
import type { Progress } from '../runtime/progress.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { formatProblems } from '../src/config/format.ts';
import { loadCentre } from '../src/config/load.ts';
import type { Problem } from '../src/config/problem.ts';
import { isEmpty, together } from '../src/simulate/differences.ts';
import { compareFigures } from '../src/simulate/figures.ts';
import { loadTraffic } from '../src/simulate/load-traffic.ts';
import { scenarioOfDays } from '../src/simulate/own-record.ts';
import { runComparisons } from '../src/simulate/pool.ts';
import type { Scenario } from '../src/simulate/scenario.ts';
import type { Command } from './main.ts';
import { compareHeadline, compareTable, groupsTable } from './compare-table.ts';
import { defaultConfig, wholeOption } from './options.ts';
import { recordsOf, soundConfig } from './past.ts';
import { isPeriod } from './period.ts';
import { readDays, routingIn } from './recorded-traffic.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({ args, options: { config: { type: 'string' }, present: { type: 'string' }, traffic: { type: 'string' }, state: { type: 'string', default: '.state' }, replications: { type: 'string' }, seed: { type: 'string' }, threads: { type: 'string' }, json: { type: 'boolean' } } });
  const { config, traffic } = values;
  if (config === undefined || traffic === undefined) {
    throw new SetupError({
      en: 'Say what to compare, and by which calls: ./rexian compare --config NEW --traffic last-week|FROM..TO|FILE',
      zh: '请指定新配置与来话：./rexian compare --config 新配置目录 --traffic last-week|起..止|文件',
    });
  }
  const progress = progressOn(stderr, lang);
  const faults = checked(config);
  const pair = faults ?? await scenariosOf({ traffic, config, present: values.present, state: values.state }, progress);
  if ('problems' in pair) {
    stderr.write(`${formatProblems(pair.problems, lang)}\n`);
    return 1;
  }
  const given = { ...(values.replications === undefined ? {} : { replications: wholeOption('--replications', values.replications, 100_000) }), ...(values.seed === undefined ? {} : { seed: values.seed }) };
  const [before, after]: readonly Scenario[] = [{ ...pair.before, ...given }, { ...pair.after, ...given }];
  if (before === undefined || after === undefined) return 1;
  const threads = values.threads === undefined ? availableParallelism() : wholeOption('--threads', values.threads, 256);
  progress.step({ en: `Playing ${before.replications} × 2`, zh: `模拟 ${before.replications} × 2 次` });
  const startedAt = performance.now();
  const played = await runComparisons(before, after, threads, progress.fraction);
  progress.done();
  const tookMs = Math.round(performance.now() - startedAt);
  const differences = together(played.map((one) => one.differences));
  const figures = compareFigures(before, played.flatMap((one) => one.before.samples), after, played.flatMap((one) => one.after.samples));
  const versions = { present: before.routing.version, config: after.routing.version };
  stdout.write(`${compareHeadline(differences, lang)}\n`);
  if (differences.groups.length > 0) stdout.write(`\n${groupsTable(differences.groups, lang)}\n`);
  stdout.write(`\n${compareTable(figures, lang)}\n`);
  if (values.json) {
    const changes = differences.groups.map(({ waitMs, ...group }) => ({ ...group, waitChangeMs: waitMs / group.contacts }));
    const changed = changes.reduce((sum, { contacts }) => sum + contacts, 0);
    const { seed, replications, confidence } = before;
    stdout.write(`${JSON.stringify({ ...versions, traffic, seed, replications, confidence, contacts: differences.contacts, changed, empty: isEmpty(differences), agentsChanged: differences.agents.size, tookMs, changes, ...figures })}\n`);
  }
  return 0;
};

interface Asked {
  readonly traffic: string;
  readonly config: string;
  readonly present: string | undefined;
  readonly state: string;
}

type Pair = { readonly before: Scenario; readonly after: Scenario } | { readonly problems: readonly Problem[] };

function checked(config: string): { readonly problems: readonly Problem[] } | undefined {
  const loaded = loadCentre(resolve(config));
  return loaded.ok ? undefined : loaded;
}

async function scenariosOf({ traffic, config, present, state }: Asked, progress: Progress): Promise<Pair> {
  if (isPeriod(traffic)) {
    const records = await recordsOf(state);
    const now = soundConfig(present ?? records.configDir);
    const days = await readDays(traffic, records, now, progress);
    const [before, after] = [routingIn(now), routingIn(soundConfig(resolve(config)))];
    return { before: scenarioOfDays(days, before, before), after: scenarioOfDays(days, before, after) };
  }
  const running = await askControl(state, { type: 'store' });
  const writtenFor = resolve(present ?? running?.configDir ?? defaultConfig);
  const before = loadTraffic({ traffic, config: writtenFor, configNamed: true });
  if (!before.ok) return before;
  const after = loadTraffic({ traffic, config: resolve(config), configNamed: true, writtenFor });
  return after.ok ? { before: before.scenario, after: after.scenario } : after;
}
