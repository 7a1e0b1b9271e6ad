/** The same callers put to our line and to stock app_queue in turn, on one stage. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../runtime/until.ts';
import { asteriskCli } from '../stage/asterisk-cli.ts';
import { straight } from '../stage/centre-files.ts';
import { callerScenario } from '../stage/scenarios.ts';
import type { Stage } from '../stage/stage.ts';
import { figuresOf, type RoundFigures } from './gap-figures.ts';
import { injectionFile, startsPerSecond, type Drawn } from './load.ts';
import { cpuMsOf } from './process-use.ts';
import { openSipLog, type SipLog } from './sip-log.ts';
import { loadStockQueue, stockNumber } from './stock-queue.ts';

export interface Rounds {
  readonly rounds: number;
  /** A round that is not over by then is broken off and counted as far as it came. */
  readonly limitSeconds: number;
  readonly ringMs: number;
}

/** Processor time that our own process and Asterisk took in a round, in milliseconds. */
export type Measured = RoundFigures & { readonly cpuMs: { readonly our: number; readonly asterisk: number } };

/**
 * Calls to each agent before what counts: a program that has just started is slow at everything once, and ours is not
 * compiled before it has done it some hundred times. With two calls each, the first round's median was twice the second's.
 */
const warmUpCalls = 10;
const warmUpMax = 400;
const warmUpTalkMs = 500;

export interface Outcome {
  readonly source: SipLog['source'];
  readonly ours: readonly Measured[];
  readonly stock: readonly Measured[];
}

export async function playRounds(stage: Stage, drawn: Drawn, { rounds, limitSeconds, ringMs }: Rounds, say: (round: number, who: 'ours' | 'stock', seen?: Measured) => void): Promise<Outcome> {
  const { agents, runtime } = stage;
  const log = await openSipLog(runtime, await stage.folder('wire'));
  const folder = await stage.folder('load');
  const listOf = async (name: string, load: Drawn): Promise<string> => {
    const file = join(folder, `${name}.csv`);
    await writeFile(file, injectionFile(load));
    return file;
  };
  const unload = await loadStockQueue(runtime, agents);
  const farm = await stage.phones(agents, { ringMs, talkMs: 'callers-number' }, log.argsIn(folder));
  await stage.ready(agents);

  async function play(number: string, name: string, load: Drawn): Promise<Measured> {
    const callersFolder = await stage.folder(name);
    const cpu = await cpuFromNow(stage);
    const end = await log.begin(name);
    const run = await stage.callers({
      calls: load.arrivalsMs.length, callsPerSecond: startsPerSecond, number, limitSeconds: limitSeconds + 60,
      scenario: callerScenario({ begins: 'listed' }, '[field1]'),
      args: ['-inf', await listOf(name, load), ...log.argsIn(callersFolder)],
    });
    const limit = AbortSignal.timeout(limitSeconds * 1_000);
    const broken = new Promise<undefined>((resolve) => limit.addEventListener('abort', () => resolve(undefined), { once: true }));
    const outcome = await Promise.race([run.outcome, broken]);
    const cpuMs = await cpu();
    const endUs = Date.now() * 1_000;
    const messages = await end(new Map([[folder, farm.sipPort], [callersFolder, run.sipPort]]));
    if (outcome !== undefined && outcome.failed > 0) throw new Error(`${outcome.failed} of ${load.arrivalsMs.length} callers failed: ${outcome.errors.slice(0, 500)}`);
    if (outcome === undefined) await sendHome(stage, run);
    await until(async () => ((await stage.ask('channels')).length === 0 ? true : undefined), { limitMs: 20_000, everyMs: 100, what: 'all calls over' });
    return { ...figuresOf({ messages, asteriskPort: runtime.sipPort, phonesPort: farm.sipPort, agents: agents.length, endUs }), cpuMs };
  }

  const sides = [['ours', straight.low], ['stock', stockNumber]] as const;
  // Large crowds warm it up as they come; for them two each are many.
  const warmUpTotal = Math.min(agents.length * warmUpCalls, Math.max(agents.length * 2, warmUpMax));
  const warmUp = { arrivalsMs: Array.from({ length: warmUpTotal }, (_, index) => index), talksMs: Array.from({ length: warmUpTotal }, () => warmUpTalkMs) };
  for (const [who, number] of sides) await play(number, `${who}-warm-up`, warmUp);
  const [ours, stock]: [Measured[], Measured[]] = [[], []];
  for (let round = 1; round <= rounds; round += 1) {
    for (const [who, number] of sides) {
      say(round, who);
      const seen = await play(number, `${who}-${round}`, drawn);
      (who === 'ours' ? ours : stock).push(seen);
      say(round, who, seen);
    }
  }
  await unload();
  return { source: log.source, ours, stock };
}

async function cpuFromNow({ service, runtime }: Stage): Promise<() => Promise<Measured['cpuMs']>> {
  const now = async () => ({ our: await cpuMsOf(service.pid), asterisk: await cpuMsOf(runtime.pids.asterisk ?? service.pid) });
  const before = await now();
  return async () => {
    const { our, asterisk } = await now();
    return { our: our - before.our, asterisk: asterisk - before.asterisk };
  };
}

async function sendHome(stage: Stage, run: { stop(): Promise<void> }): Promise<void> {
  await run.stop();
  await asteriskCli(stage.runtime, 'channel request hangup all');
}
