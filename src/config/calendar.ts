import arranged from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { DateTime } from 'luxon';
import type { Calendar, Span } from './centre-config.ts';

/** Whether a calendar is open at a moment, by the wall clock of a time zone. */
export function isOpen(calendar: Calendar, timeZone: string, at: number): boolean {
  const local = DateTime.fromMillis(at, { zone: timeZone });
  const minute = local.hour * 60 + local.minute;
  return spansOf(calendar, local).some((span) => minute >= span.fromMinute && minute < span.toMinute);
}

/** Of the local day; in the order in which they are written. */
export function spansOf(calendar: Calendar, local: DateTime): readonly Span[] {
  const own = calendar.days.get(local.toISODate() ?? '');
  if (own) return own;
  const kind = calendar.chineseHolidays ? chineseDay(local) : 'ordinary';
  if (kind === 'holiday') return [];
  return calendar.week.get(kind === 'make-up' ? 1 : local.weekday) ?? [];
}

/**
 * By the State Council's arrangement for the year; a year that is not yet published has ordinary weeks. The days are
 * read as they are written: the library's own functions shift them by one where this process runs west of Greenwich.
 */
function chineseDay(local: DateTime): 'holiday' | 'make-up' | 'ordinary' {
  const date = local.toISODate() ?? '';
  if (Object.hasOwn(arranged.workdays, date)) return 'make-up';
  return Object.hasOwn(arranged.holidays, date) ? 'holiday' : 'ordinary';
}
