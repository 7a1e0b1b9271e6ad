/**
 * The eight promises, looked at from outside: Asterisk's own lists, SQL, the recordings' folder, the kernel's word on
 * the processes. A witness watches while the case plays, for some of them can be broken and be whole again.
 */
import { until } from '../runtime/until.ts';
import type { Stage } from '../stage/stage.ts';
import type { Played } from './case.ts';
import { agentsHaveChannels } from './promises/agents.ts';
import { channelsAreContacts } from './promises/channels.ts';
import { healthIsTrue } from './promises/health.ts';
import { footprint, nothingIsLeft, type Footprint } from './promises/leftovers.ts';
import { orderIsKept } from './promises/order.ts';
import { pairsInRows, pairsInSwitch } from './promises/pairs.ts';
import { filesBelow, recordingsAreWhole } from './promises/recordings.ts';
import { positionNow, rowsSince, type Position } from './rows.ts';
import { storiesAreWhole } from './promises/stories.ts';
import { look } from './seen.ts';
import { startWitness, type Witness } from './witness.ts';

export interface Verdict {
  /** Its number in the list of promises, from 1. */
  readonly promise: number;
  readonly held: boolean;
  /** What was found when it did not hold. */
  readonly found: string;
}

/** What the promises compare with, taken before the fault, and who has watched since. */
export interface Before {
  readonly position: Position;
  readonly footprint: Footprint;
  /** Recordings of the cases that played here before. */
  readonly files: ReadonlySet<string>;
  readonly witness: Witness;
}

/** All must hold within this after a case. */
const promisedMs = 5_000;
/** A broken centre finds a thousand faults; these say enough. */
const shownMax = 5;

export async function before(stage: Stage): Promise<Before> {
  return { position: await positionNow(stage), footprint: await footprint(stage), files: new Set(await filesBelow(stage.runtime.recordingsDir)), witness: startWitness(stage) };
}

export async function verdicts(stage: Stage, { position, footprint: was, files, witness }: Before, played: Played, withinMs = promisedMs): Promise<readonly Verdict[]> {
  const { centre } = stage.config;
  const rows = shared(() => rowsSince(stage.db, centre.id, position));
  const verdict = (promise: number, wrong: () => Promise<readonly string[]>): Promise<Verdict> => judge(promise, withinMs, wrong);
  const judged = await Promise.all([
    verdict(1, async () => channelsAreContacts(await look(stage), await stage.service.live())),
    verdict(2, async () => agentsHaveChannels(await look(stage), stage.config)),
    verdict(3, async () => storiesAreWhole(await rows(), played)),
    verdict(4, async () => recordingsAreWhole(stage.runtime.recordingsDir, await rows(), stage.config, played.recordingsMayFail ?? false, files)),
    verdict(5, async () => orderIsKept((await rows()).events, stage.config)),
    verdict(6, async () => {
      const { channels, bridges } = await look(stage);
      return [...new Set([...witness.pairs, ...pairsInSwitch(channels, bridges, stage.config.agents), ...pairsInRows(await rows(), stage.config.queues)])];
    }),
    verdict(7, async () => [...healthIsTrue(witness.health), ...(await readyNow(stage))]),
    verdict(8, async () => nothingIsLeft(was, await footprint(stage))),
  ]);
  await witness.stop();
  return judged;
}

/** Who asks while an answer is on its way gets that one: an hour's rows are read once for four promises. */
function shared<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let underway: Promise<Answer> | undefined;
  return () => (underway ??= ask().finally(() => (underway = undefined)));
}

/** Asks until nothing is wrong, at most as long as the promise allows. What cannot be looked at does not hold. */
async function judge(promise: number, withinMs: number, wrong: () => Promise<readonly string[]>): Promise<Verdict> {
  let found: readonly string[] = [];
  const look = async (): Promise<true | undefined> => {
    found = await wrong().catch((error: unknown) => [String(error)]);
    return found.length === 0 ? true : undefined;
  };
  const held = await until(look, { limitMs: withinMs, everyMs: 200, what: `promise ${promise}` }).catch(() => false);
  const more = found.length > shownMax ? `; and ${found.length - shownMax} more` : '';
  return { promise, held, found: `${found.slice(0, shownMax).join('; ')}${more}` };
}

async function readyNow({ service }: Stage): Promise<string[]> {
  const answers = await Promise.all(['live', 'ready'].map(async (what) => ({ what, status: (await fetch(`${service.url}/health/${what}`)).status })));
  return answers.filter(({ status }) => status !== 200).map(({ what, status }) => `/health/${what} answers ${status}`);
}
