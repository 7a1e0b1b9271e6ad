// The calls of a period out of the centre's own records.

import { SetupError } from '../runtime/setup-error.ts';
import type { Progress } from '../runtime/progress.ts';
import type { CentreConfig } from '../src/config/centre-config.ts';
import type { OwnDay } from '../src/simulate/own-record.ts';
import type { Routing } from '../src/simulate/decider.ts';
import { recordedDays } from '../src/store/recorded-days.ts';
import { makeSeal } from '../src/store/seal.ts';
import { openRecords } from './past.ts';
import type { Records } from './past.ts';
import { daysOf } from './period.ts';

/** Days on which nobody called are left out. */
export async function readDays(period: string, records: Records, { centre }: CentreConfig, progress: Progress): Promise<readonly OwnDay[]> {
  const days = daysOf(period, centre.timeZone, Date.now());
  const db = openRecords(records);
  try {
    const reader = recordedDays(db, { centre: centre.id, seal: makeSeal(records.storeKey) });
    const read: OwnDay[] = [];
    progress.step({ en: `Reading the calls of ${days.length} days`, zh: `读取 ${days.length} 天的通话` });
    for (const [index, day] of days.entries()) {
      read.push(await reader.read(day, Date.now()));
      progress.fraction((index + 1) / days.length);
    }
    progress.done();
    const called = read.filter(({ visits }) => visits.length > 0);
    if (called.length === 0) throw new SetupError({ en: `Nobody came to a queue in ${period}.`, zh: `${period} 期间没有进入队列的来电。` });
    return called;
  } finally {
    await db.destroy();
  }
}

/** What routing reads, and what may go to another thread. */
export const routingIn = ({ version, centre, queues, agents }: CentreConfig): Routing => ({ version, centre, queues, agents: new Map([...agents].filter(([, agent]) => agent.queues.length > 0)) });
