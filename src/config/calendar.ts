import chineseDays from 'chinese-days';
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
  const own = calendar.days.get(local.toFormat('yyyy-MM-dd'));
  if (own) return own;
  const kind = calendar.chineseHolidays ? chineseDay(local) : 'ordinary';
  if (kind === 'holiday') return [];
  return calendar.week.get(kind === 'make-up' ? 1 : local.weekday) ?? [];
}

/**
 * By the State Council's arrangement for the year; a year that is not yet published has ordinary weeks.
 */
function chineseDay({ year, month, day }: DateTime): 'holiday' | 'make-up' | 'ordinary' {
  // Noon of this process's own zone: the library reads a date text as UTC and then prints it as local time.
  const { work, name } = chineseDays.getDayDetail(new Date(year, month - 1, day, 12));
  // Names of arranged days are three fields, 'Labour Day,劳动节,2'; others are the name of the weekday.
  if (!name.includes(',')) return 'ordinary';
  return work ? 'make-up' : 'holiday';
}
