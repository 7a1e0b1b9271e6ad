/** Callers who talk, callers who wait and the agents who serve them: what most faults are done to. */
import { sql } from 'kysely';
import type { Desktop } from '../runtime/desktop.ts';
import type { SippRun } from '../runtime/sipp.ts';
import { until } from '../runtime/until.ts';
import { straight } from '../stage/centre-files.ts';
import type { Farm } from '../stage/farm.ts';
import type { CallersOptions, Stage } from '../stage/stage.ts';
import { positionNow, type Position } from './rows.ts';
import { look, type Seen } from './seen.ts';

export interface CrowdOptions {
  /** Each has an agent of their own. */
  readonly talking: number;
  /** Of all priorities. */
  readonly waiting: number;
  /** An agent hangs up after so long. */
  readonly talkMs: number;
}

export interface Crowd {
  readonly phones: Farm;
  readonly desktops: readonly Desktop[];
  /** Calls so far. */
  placed(): number;
  call(options: CallersOptions): Promise<SippRun>;
  /** Waits until every caller was served to the end; throws who was not. */
  served(limitMs?: number): Promise<void>;
  /** Nobody who talked was cut off: all talks that began since, and how long each was by the journal. */
  talksWhole(): Promise<void>;
  /** Waits for the centre as others see it. */
  until(what: string, is: (seen: Seen) => boolean, limitMs?: number): Promise<Seen>;
  /** Agents sign out, phones and callers are gone. */
  leave(): Promise<void>;
}

const ringMs = 100;

export async function gather(stage: Stage, { talking, waiting, talkMs }: CrowdOptions): Promise<Crowd> {
  const agents = stage.agents.slice(0, talking);
  const position = await positionNow(stage);
  const phones = await stage.phones(agents, { ringMs, talkMs, speaking: true });
  const desktops = await stage.ready(agents);
  const runs: { readonly run: SippRun; readonly calls: number }[] = [];
  const crowd: Crowd = {
    phones, desktops,
    placed: () => runs.reduce((sum, { calls }) => sum + calls, 0),
    call: async (options) => {
      const run = await stage.callers(options);
      runs.push({ run, calls: options.calls });
      return run;
    },
    served: async (limitMs = 60_000) => {
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, limitMs, undefined).unref());
      const outcomes = await Promise.race([Promise.all(runs.map(async ({ run, calls }) => ({ ...(await run.outcome), calls }))), late]);
      if (outcomes === undefined) throw new Error(`not everybody was served within ${limitMs} ms: ${statesOf(await look(stage))}`);
      const bad = outcomes.filter(({ successful, calls }) => successful !== calls);
      if (bad.length > 0) throw new Error(bad.map(({ successful, calls, errors }) => `${successful} of ${calls} callers were served: ${errors.slice(0, 400)}`).join('\n'));
    },
    talksWhole: () => noneCutShort(stage, position, talkMs),
    until: (what, is, limitMs = 10_000) => until(async () => {
      // Asterisk or Redis may be what is away.
      const seen = await look(stage).catch(() => undefined);
      return seen !== undefined && is(seen) ? seen : undefined;
    }, { limitMs, everyMs: 50, what }),
    leave: async () => {
      await Promise.all(runs.map(({ run }) => run.stop()));
      for (const desktop of desktops) await desktop.close();
      // The desktops of before the fault may have lost their socket with it.
      for (const desktop of await Promise.all(agents.map((agent) => stage.desktop(agent)))) {
        await desktop.command({ type: 'sign-out' });
        await desktop.close();
      }
      await phones.stop();
    },
  };
  await crowd.call({ calls: talking, callsPerSecond: 20 });
  await crowd.until('everybody talks', (seen) => count(seen, 'connected') === talking);
  const each = Object.values(straight);
  await Promise.all(each.map((number, index) => {
    const calls = Math.floor(waiting / each.length) + (index < waiting % each.length ? 1 : 0);
    return calls === 0 ? undefined : crowd.call({ calls, number, callsPerSecond: 20 });
  }));
  await crowd.until('the others wait', (seen) => count(seen, 'connected') === talking && count(seen, 'waiting') === waiting);
  return crowd;
}

export const count = ({ contacts }: Seen, status: Seen['contacts'][number]['state']['status']): number => contacts.filter(({ state }) => state.status === status).length;

const statesOf = (seen: Seen): string =>
  JSON.stringify({ contacts: tally(seen.contacts.map(({ state }) => state.status)), agents: tally(seen.agents.map(({ presence }) => presence.status)), channels: seen.channels.length });
const tally = (words: readonly string[]): Record<string, number> => Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));

/** The clock of the journal and that of the phone meet within a beat of the phone's. */
const spareMs = 500;

async function noneCutShort({ db, config }: Stage, { epoch, seq }: Position, talkMs: number): Promise<void> {
  const ends = await db.selectFrom('call_event').select(['contact', 'body']).where('centre', '=', config.centre.id).where('type', '=', 'contact-ended')
    .where(sql<boolean>`(epoch, seq) > (${epoch}, ${seq})`).execute();
  const short = ends.filter(({ body }) => body['during'] !== 'talk' || Number(body['talkMs']) < talkMs - spareMs);
  if (short.length > 0) throw new Error(`${short.length} of ${ends.length} callers were cut off: ${JSON.stringify(short.slice(0, 5).map(({ contact, body }) => [contact, body['reason'], body['during'], body['talkMs']]))}`);
}
