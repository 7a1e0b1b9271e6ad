import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { isOpen } from '../../src/config/calendar.ts';
import type { QueueHours } from '../../src/config/centre-config.ts';
import { readCalendars } from '../../src/config/hours-file.ts';
import { periodAt } from '../../src/config/opening.ts';

const { value: calendars } = readCalendars({
  office: { week: { 'mon-fri': '09:00-18:00', sat: ['10:00-12:00', '13:00-16:00'] }, chineseHolidays: true, days: { '2026-12-31': '09:00-15:00' } },
  night: { week: { 'every-day': ['22:00-24:00', '00:00-06:00'] } },
  always: { week: { 'every-day': '00:00-24:00' } },
  once: { week: {}, days: { '2026-03-02': '09:00-10:00' } },
});
const hoursOf = (name: string, timeZone = 'Asia/Shanghai'): QueueHours => ({ calendar: calendars.get(name) ?? expect.fail(name), timeZone });

/** `open` or `closed`, from when and until when by the wall clock of the zone. */
function period(name: string, local: string, timeZone = 'Asia/Shanghai'): string[] {
  const text = (at: number): string => (at === Number.POSITIVE_INFINITY ? 'ever' : (DateTime.fromMillis(at, { zone: timeZone }).toISO({ includeOffset: false, suppressSeconds: true, suppressMilliseconds: true }) ?? ''));
  const { open, from, until } = periodAt(hoursOf(name, timeZone), DateTime.fromISO(local, { zone: timeZone }).toMillis());
  return [open ? 'open' : 'closed', text(from), text(until)];
}

describe('the period around a moment', () => {
  test.each([
    ['office', '2026-03-02T08:59:59.999', ['closed', '2026-02-28T18:00', '2026-03-02T09:00']],
    ['office', '2026-03-02T09:00', ['open', '2026-03-02T09:00', '2026-03-02T18:00']],
    ['office', '2026-03-02T17:59:59.999', ['open', '2026-03-02T09:00', '2026-03-02T18:00']],
    ['office', '2026-03-02T18:00', ['closed', '2026-03-02T18:00', '2026-03-03T09:00']],
    ['office', '2026-03-07T12:30', ['closed', '2026-03-07T12:00', '2026-03-07T13:00']],
    ['office', '2026-12-31T14:00', ['open', '2026-12-31T09:00', '2026-12-31T15:00']],
    ['office', '2026-10-03T12:00', ['closed', '2026-09-30T18:00', '2026-10-08T09:00']],
    ['once', '2026-03-02T09:30', ['open', '2026-03-02T09:00', '2026-03-02T10:00']],
    ['once', '2026-03-02T10:00', ['closed', '2026-03-02T10:00', 'ever']],
    ['once', '2026-03-01T10:00', ['closed', '2026-02-15T00:00', '2026-03-02T09:00']],
  ])('%s at %s', (name, at, answer) => expect(period(name, at)).toEqual(answer));

  test('goes over midnight where the spans touch, and is without end where it never closes', () => {
    expect(period('night', '2026-03-02T23:59')).toEqual(['open', '2026-03-02T22:00', '2026-03-03T06:00']);
    expect(period('night', '2026-03-03T00:00')).toEqual(['open', '2026-03-02T22:00', '2026-03-03T06:00']);
    expect(period('always', '2026-03-02T12:00')[2]).toBe('ever');
  });

  test('keeps to the wall clock where summer time begins and ends', () => {
    expect(period('night', '2026-03-29T01:00', 'Europe/Berlin')).toEqual(['open', '2026-03-28T22:00', '2026-03-29T06:00']);
    const { from, until } = periodAt(hoursOf('night', 'Europe/Berlin'), DateTime.fromISO('2026-03-29T01:00', { zone: 'Europe/Berlin' }).toMillis());
    expect(until - from).toBe(7 * 3_600_000);
  });

  test('is what the flow’s `when` says, for every minute of a fortnight with holidays', () => {
    const start = DateTime.fromISO('2026-09-24T00:00', { zone: 'Asia/Shanghai' }).toMillis();
    const hours = hoursOf('office');
    const differing = Array.from({ length: 14 * 24 * 60 }, (_, minute) => start + minute * 60_000).filter((at) => periodAt(hours, at).open !== isOpen(hours.calendar, hours.timeZone, at));
    expect(differing).toEqual([]);
  });
});
