// Plays a plan on a stage, in its own time, and waits until the centre is empty again.

import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SippRun } from '../../runtime/sipp.ts';
import { until } from '../../runtime/until.ts';
import { straight } from '../../stage/centre-files.ts';
import type { Stage } from '../../stage/stage.ts';
import { look } from '../seen.ts';
import type { Frozen, Step } from './plan.ts';

export interface Day {
  readonly placed: number;
  readonly faults: number;
  /** Of callers, by SIPp's own count. */
  readonly failed: readonly string[];
}

const talkMs = 1_500;
const ringMs = 100;

export async function playDay(stage: Stage, steps: readonly Step[], say: (step: Step) => void): Promise<Day> {
  const phones = await stage.phones(stage.agents, { ringMs, talkMs, speaking: true });
  for (const desktop of await stage.ready(stage.agents)) await desktop.close();
  const runs: { readonly run: SippRun; readonly calls: number }[] = [];
  const under: Promise<void>[] = [];
  const startedAt = performance.now();
  for (const step of steps) {
    await sleep(Math.max(0, startedAt + step.atMs - performance.now()));
    if (step.type === 'call') {
      const { calls, to, stayMs } = step;
      runs.push({ calls, run: await stage.callers({ calls, number: straight[to], limitSeconds: 120, ...(stayMs === undefined ? {} : { stayMs }) }) });
    } else if (step.type === 'kill-service' || step.type === 'stop') {
      say(step);
      // One fault at a time, while callers go on.
      await Promise.all(under.splice(0));
      under.push(step.type === 'stop' ? freeze(stage, step.who, step.forMs) : killAndStart(stage));
    } else under.push(command(stage, step));
  }
  await Promise.all(under);
  for (const agent of stage.agents) await present(stage, agent, 'make-ready');
  const outcomes = await Promise.all(runs.map(async ({ run, calls }) => ({ ...(await run.outcome), calls })));
  await until(async () => ((await look(stage)).contacts.length === 0 ? true : undefined), { limitMs: 10_000, what: 'nobody is left in the centre' });
  for (const agent of stage.agents) await present(stage, agent, 'sign-out');
  await phones.stop();
  return {
    placed: runs.reduce((sum, { calls }) => sum + calls, 0),
    faults: steps.filter(({ type }) => type === 'stop' || type === 'kill-service').length,
    failed: outcomes.flatMap(({ successful, calls, errors }) => (successful === calls ? [] : [`${successful} of ${calls}: ${errors.slice(0, 200)}`])),
  };
}

async function killAndStart(stage: Stage): Promise<void> {
  await stage.service.kill('SIGKILL');
  await stage.startAgain({ httpPort: 0 });
}

async function freeze({ runtime, service }: Stage, who: Frozen, forMs: number): Promise<void> {
  const pid = who === 'service' ? service.pid : runtime.pids[who];
  if (pid === undefined) throw new Error(`${who} is not a process of ours`);
  // Postgres is a process for each connection: the group is stopped with its first.
  const target = who === 'postgres' ? -pid : pid;
  process.kill(target, 'SIGSTOP');
  try {
    await sleep(forMs);
  } finally {
    process.kill(target, 'SIGCONT');
  }
}

/** A desktop that is refused, or whose service is being killed, says so; the agent asks no more. */
async function command(stage: Stage, { type, agent }: Extract<Step, { type: 'pause' | 'make-ready' }>): Promise<void> {
  await present(stage, stage.agents[agent] ?? '', type).catch(() => undefined);
}

async function present(stage: Stage, agent: string, wish: 'pause' | 'make-ready' | 'sign-out'): Promise<void> {
  const desktop = await stage.desktop(agent);
  try {
    await desktop.command(wish === 'pause' ? { type: 'pause', reason: 'rest' } : { type: wish }).catch(whenAlready);
  } finally {
    await desktop.close();
  }
}

function whenAlready(): void {
  // Ready already, on a call, or not signed in: the answer is a refusal, and the state is what was wished or will be.
}
