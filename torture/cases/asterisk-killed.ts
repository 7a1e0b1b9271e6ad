// Asterisk dies with everybody in it, and is started again. Its calls are over; the centre goes on.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { sql } from 'kysely';
import { until } from '../../runtime/until.ts';
import { house, type Case } from '../case.ts';
import { gather } from '../crowd.ts';
import { positionNow } from '../rows.ts';

const talkMs = 8_000;

export const asteriskKilled: Case = {
  name: 'asterisk-killed',
  says: { en: 'Asterisk is killed with callers talking and waiting, and started again', zh: '通话和排队中 Asterisk 被杀死后重启' },
  stage: house,
  async run({ stage }) {
    const position = await positionNow(stage);
    const first = stage.runtime.pids.asterisk ?? 0;
    const lost = await gather(stage, { talking: 6, waiting: 6, talkMs });
    await until(async () => ((await recorded(stage.runtime.recordingsDir)) === 6 ? true : undefined), { limitMs: 5_000, what: 'something of each talk is recorded' });
    process.kill(first, 'SIGKILL');
    const killedAt = performance.now();
    await until(() => stage.runtime.pids.asterisk !== first || undefined, { limitMs: 20_000, what: 'another Asterisk' });
    const asteriskBackMs = performance.now() - killedAt;
    await lost.until('the contacts of the dead Asterisk have ended and their agents are ready', (seen) => seen.contacts.length === 0 && seen.agents.filter(({ presence }) => presence.status === 'ready').length === 6);
    const readyAgainMs = performance.now() - killedAt - asteriskBackMs;
    const ends = await until(async () => {
      const rows = await stage.db.selectFrom('call_event').select('body').where('centre', '=', stage.config.centre.id).where('type', '=', 'contact-ended').where(sql<boolean>`(epoch, seq) > (${position.epoch}, ${position.seq})`).execute();
      return rows.length === lost.placed() ? rows.map(({ body }) => String(body['reason'])) : undefined;
    }, { limitMs: 5_000, what: 'an end of each contact in Postgres' });
    const others = ends.filter((reason) => reason !== 'switch-restarted');
    if (others.length > 0) throw new Error(`contacts ended as ${[...new Set(others)].join()} and not as switch-restarted`);
    // Their phones hang in calls that are no more.
    await lost.leave();
    const next = await gather(stage, { talking: 4, waiting: 4, talkMs: 1_000 });
    await next.served();
    await next.talksWhole();
    await next.leave();
    return { placed: lost.placed() + next.placed(), figures: { asteriskBackMs, readyAgainMs } };
  },
};

/** How many recordings that run have their first bytes; Asterisk writes every half second. */
async function recorded(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.raw'));
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).then(({ size }) => size, () => 0)));
  return sizes.filter((size) => size > 0).length;
}
