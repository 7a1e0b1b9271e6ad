// The machine's clock is set an hour forward and an hour back under the service, and right again.

import { sql } from 'kysely';
import { until } from '../../runtime/until.ts';
import type { Stage } from '../../stage/stage.ts';
import type { Case } from '../case.ts';
import { cannotFakeClock, fakeClock } from '../actors/fake-clock.ts';
import { gather } from '../crowd.ts';
import { positionNow, type Position } from '../rows.ts';

const hour = 3_600;
const settings = [{ en: 'an hour forward', by: hour }, { en: 'an hour back', by: -hour }, { en: 'right again', by: 0 }] as const;
/** A second for the clocks of two processes, one for what is under way. */
const spareMs = 2_000;

export const resourcesClock: Case = {
  name: 'resources-clock',
  says: { en: 'the clock is set an hour forward and back under the service', zh: '运行中时钟被拨快、拨慢一小时' },
  stage: { agents: 10 },
  cannot: cannotFakeClock,
  async run({ stage, size }) {
    const clock = await fakeClock(await stage.folder('clock'));
    // At a port of its own: what answers at the old one would be taken for the dead.
    await stage.service.stop();
    await stage.startAgain({ name: 'service-fake-clock', env: clock.env, httpPort: 0 });
    const startedAt = Date.now();
    const position = await positionNow(stage);
    const crowd = await gather(stage, { talking: 4, waiting: 4, talkMs: 1_500 });
    for (const { by } of size === 'short' ? settings : [...settings, ...settings]) {
      await clock.set(by);
      await until(async () => (Math.abs((await setBy(stage)) - by) < 2 ? true : undefined), { limitMs: 5_000, what: `the service’s clock set by ${by} s` });
      await crowd.call({ calls: 4, callsPerSecond: 4 });
      await crowd.until('who was there is served', ({ contacts }) => contacts.length <= 4, 20_000);
    }
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    await timesAreSane(stage, position, startedAt);
    return { placed: crowd.placed() };
  },
};

/** By its own figures. */
async function setBy({ service }: Stage): Promise<number> {
  const figures = await fetch(`${service.url}/metrics`).then((answer) => answer.text());
  return Number(/^rexian_clock_set_seconds (\S+)$/m.exec(figures)?.[1] ?? Number.NaN);
}

/** Whatever the clock said, what is stored happened between the start of the case and now, in this order. */
async function timesAreSane({ db, config }: Stage, { epoch, seq }: Position, startedAt: number): Promise<void> {
  const newest = await until(async () => {
    const rows = await db.selectFrom('call_event').select(['at', 'type', 'contact']).where('centre', '=', config.centre.id)
      .where(sql<boolean>`(epoch, seq) > (${epoch}, ${seq})`).orderBy('epoch').orderBy('seq').execute();
    return rows.some(({ type }) => type === 'contact-ended') ? rows : undefined;
  }, { limitMs: 5_000, what: 'the events of the case' });
  const wrong = newest.filter(({ at }) => at.getTime() < startedAt - spareMs || at.getTime() > Date.now() + spareMs);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${newest.length} events have a time that was not: ${JSON.stringify(wrong.slice(0, 3))}`);
  const waits = await db.selectFrom('contact').select(['id', 'wait_ms', 'talk_ms']).where('centre', '=', config.centre.id).where('arrived_at', '>', new Date(startedAt - spareMs)).execute();
  const longest = Date.now() - startedAt + spareMs;
  const odd = waits.filter(({ wait_ms, talk_ms }) => [wait_ms, talk_ms].some((ms) => ms !== null && (ms < 0 || ms > longest)));
  if (odd.length > 0) throw new Error(`${odd.length} of ${waits.length} contacts waited or talked for an impossible time: ${JSON.stringify(odd.slice(0, 3))}`);
}
