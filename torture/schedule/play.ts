// Plays a plan on a stage, in its own time, until the centre is empty again, and hands back what was recorded of it.

import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../runtime/until.ts';
import { steadyClock } from '../../src/base/clock.ts';
import type { Stage } from '../../stage/stage.ts';
import { allTold } from '../actors/stores.ts';
import type { AgentAtFirst, History } from '../history/history.ts';
import { positionNow } from '../rows.ts';
import { look } from '../seen.ts';
import { Asking, signOut } from './asking.ts';
import { Dialling } from './dialling.ts';
import { breakIt, isReady } from './faults.ts';
import { openHouse, talkMs, type House } from './ground.ts';
import type { FaultStep, Step } from './plan.ts';
import { Recorder } from './recorder.ts';

export interface Day {
  readonly history: History;
  readonly startedAt: number;
  /** What did not come to its end; the history tells of whom. */
  readonly unended: readonly string[];
}

interface Cast {
  readonly stage: Stage;
  readonly house: House;
  readonly recorder: Recorder;
  readonly dialling: Dialling;
  readonly asking: Asking;
}

/** Everybody is served within this after the last of the plan. */
const drainMs = 30_000;

export async function playDay(stage: Stage, steps: readonly Step[], say: (step: FaultStep) => void): Promise<Day> {
  const since = await positionNow(stage);
  const house = await openHouse(stage);
  for (const desktop of await stage.ready(stage.agents)) await desktop.close();
  const agents = await agentsNow(stage);
  const recorder = new Recorder(stage);
  const cast: Cast = { stage, house, recorder, dialling: new Dialling(stage, recorder), asking: new Asking(stage, recorder) };
  recorder.onDeath = async () => {
    await cast.dialling.cut();
    await isReady(stage);
    for (const farm of house.farms) await farm.again();
  };
  const unended: string[] = [];
  const attempt = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => unended.push(String(error)));
  await attempt(playSteps(cast, steps, say));
  await Promise.all(house.willing.map((agent) => cast.asking.ask(agent, 'make-ready')));
  await attempt(until(() => (cast.dialling.busy === 0 ? true : undefined), { limitMs: drainMs, what: 'the end of all calls' }));
  await cast.asking.over();
  await attempt(allTold(stage));
  await attempt(allFinalised(stage));
  for (const agent of stage.agents) await signOut(stage, agent);
  for (const farm of house.farms) await farm.stop();
  return { unended, startedAt: recorder.startedAt, history: await recorder.history({ since, agents, talkMs }) };
}

async function playSteps(cast: Cast, steps: readonly Step[], say: (step: FaultStep) => void): Promise<void> {
  const { stage, recorder, dialling, asking } = cast;
  let underway: Promise<void> = Promise.resolve();
  let stoodStillMs = 0;
  for (const step of steps) {
    await sleep(Math.max(0, recorder.startedAt + stoodStillMs + step.atMs - steadyClock.now()));
    if (step.type === 'call') dialling.call(step);
    else if (step.type === 'ask') void asking.ask(stage.agents[step.agent] ?? '', step.wish);
    else {
      await underway;
      say(step);
      const brokenAt = steadyClock.now();
      underway = fault(cast, step);
      // A failure is thrown where it is awaited, which may be a while later.
      underway.catch(() => undefined);
      if (step.fault !== 'asterisk-killed') continue;
      // What callers meet who dial while there is no Asterisk is not the centre's doing.
      await underway;
      stoodStillMs += steadyClock.now() - brokenAt;
    }
  }
  await underway;
}

function fault({ stage, house, recorder, dialling }: Cast, step: FaultStep): Promise<void> {
  return recorder.fault(step.fault, async () => {
    await breakIt(stage, step.fault, step.forMs, () => dialling.cut());
    // The phones hang in calls that are no more, and the new Asterisk may not know where they are.
    if (step.fault === 'asterisk-killed') for (const farm of house.farms) await farm.again();
  });
}

/** What could not be written while Postgres was away is tried again at growing intervals. */
async function allFinalised({ db, config }: Stage): Promise<void> {
  const open = () => db.selectFrom('recording').select('id').where('centre', '=', config.centre.id).where('status', 'in', ['recording', 'stopped']).limit(1).execute();
  await until(async () => ((await open()).length === 0 ? true : undefined), { limitMs: drainMs, everyMs: 100, what: 'the end of all recordings' });
}

async function agentsNow(stage: Stage): Promise<readonly AgentAtFirst[]> {
  const own: ReadonlySet<string> = new Set(stage.agents);
  return (await look(stage)).agents.filter(({ id }) => own.has(id)).map(({ id, presence, device }) => ({ agent: id, status: presence.status, device }));
}
