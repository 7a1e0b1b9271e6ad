/** The stage of overloads, with a narrow door, and what others must hear of calls that were not let in. */
import { sql } from 'kysely';
import type { Stage, StageOptions } from '../stage/stage.ts';
import { until } from '../runtime/until.ts';
import type { AlarmCode } from '../src/acd/model.ts';
import { door } from './flood.ts';
import type { Position } from './rows.ts';

/** Two of loopback's addresses are trunks, the others are strangers. */
export const trunks = { usual: '127.0.0.1', other: '127.0.0.2' } as const;
export const stranger = '127.0.0.3';

/** What to dial for a prompt and no agent. */
export const announcement = '5100';

export const behindTheDoor: StageOptions = {
  agents: door.agents,
  edits: { 'centre.yaml': { 'admission/callsPerSecond': door.callsPerSecond, 'admission/perCaller/calls': door.callsOfOneNumber, [`numbers/${announcement}`]: 'announcement' } },
  flows: { announcement: 'start: say\nnodes:\n  say: { play: goodbye, next: end }\n  end: { hangup: true }\n' },
  runtime: { callersFrom: Object.values(trunks).map((address) => `${address}/32`) },
};

/** Listens from now on; the answer waits until supervisors, the figures and the log had this alarm. */
export async function warned(stage: Stage, code: AlarmCode): Promise<() => Promise<{ readonly trunk: string | null; readonly ani: string | null }>> {
  const supervisor = await stage.desktop('2001');
  const before = await turnedAwayBy(stage, code);
  return async () => {
    const { message } = await supervisor.waitFor('alarm-raised', ({ alarm }) => alarm.code === code, 5_000);
    await until(async () => ((await turnedAwayBy(stage, code)) > before ? true : undefined), { limitMs: 2_000, what: `rexian_turned_away_total counts ${code}` });
    await supervisor.close();
    return message.alarm;
  };
}

async function turnedAwayBy({ service }: Stage, why: string): Promise<number> {
  const figures = await (await fetch(`${service.url}/metrics`)).text();
  return Number(new RegExp(`^rexian_turned_away_total\\{why="${why}"\\} (\\d+)`, 'm').exec(figures)?.[1] ?? 0);
}

/** How the contacts since then ended, and how many each way. Waits until Postgres has all ends. */
export async function reasonsOf({ db, config }: Stage, { epoch, seq }: Position): Promise<Readonly<Record<string, number>>> {
  const since = sql<boolean>`(epoch, seq) > (${epoch}, ${seq})`;
  const count = (type: string) => db.selectFrom('call_event').select(({ fn }) => fn.countAll<number>().as('count')).where('centre', '=', config.centre.id).where('type', '=', type).where(since).executeTakeFirstOrThrow();
  await until(async () => ((await count('contact-arrived')).count === (await count('contact-ended')).count ? true : undefined), { limitMs: 10_000, everyMs: 100, what: 'every contact has ended in Postgres' });
  const rows = await db.selectFrom('call_event').select(sql<string>`body->>'reason'`.as('reason')).where('centre', '=', config.centre.id).where('type', '=', 'contact-ended').where(since).execute();
  return Object.fromEntries([...Map.groupBy(rows, ({ reason }) => reason)].map(([reason, all]) => [reason, all.length]));
}
