// A time of the past whose calls are played again.

import { DateTime } from 'luxon';
import { SetupError } from '../runtime/setup-error.ts';
import type { Day } from '../src/store/recorded-days.ts';

export const isPeriod = (text: string): boolean => text === 'last-week' || /^\d[\d:TZ+-]*\.\.\d[\d:TZ+-]*$/.test(text);

/** Day by day in the centre's time zone. `last-week`: the seven days up to now. A date alone at the end is the whole day. */
export function daysOf(text: string, timeZone: string, now: number): readonly Day[] {
  const [from, to] = text === 'last-week' ? [DateTime.fromMillis(now, { zone: timeZone }).minus({ days: 7 }), DateTime.fromMillis(now, { zone: timeZone })] : between(text, timeZone, now);
  const days: Day[] = [];
  for (let start = from; start < to; start = start.plus({ days: 1 }).startOf('day')) {
    days.push({ startsAt: start.toMillis(), endsAt: Math.min(to.toMillis(), start.plus({ days: 1 }).startOf('day').toMillis()) });
  }
  return days;
}

const daysMax = 366;

function between(text: string, zone: string, now: number): readonly [DateTime, DateTime] {
  const [first = '', last = ''] = text.split('..');
  const [from, to] = [DateTime.fromISO(first, { zone }), DateTime.fromISO(last, { zone })];
  const end = DateTime.min(/[T:]/.test(last) ? to : to.plus({ days: 1 }), DateTime.fromMillis(now, { zone })) as DateTime;
  if (!from.isValid || !to.isValid || from >= end || end.diff(from, 'days').days > daysMax) {
    throw new SetupError({
      en: `A period is FROM..TO, such as 2026-05-18..2026-05-24 or 2026-05-18T09:00..2026-05-18T18:00, in the past and at most ${daysMax} days long; not "${text}".`,
      zh: `时段应写作 起..止，例如 2026-05-18..2026-05-24 或 2026-05-18T09:00..2026-05-18T18:00，须在过去，最长 ${daysMax} 天；而不是“${text}”。`,
    });
  }
  return [from, end];
}
