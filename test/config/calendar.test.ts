import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { readCalendars } from '../../src/config/hours-file.ts';
import { isOpen } from '../../src/config/calendar.ts';

const { value: calendars, findings } = readCalendars({
  office: { week: { 'mon-fri': '09:00-18:00', sat: ['10:00-12:00', '13:00-16:00'] }, chineseHolidays: true, days: { '2026-10-02': '10:00-12:00', '2026-12-31': 'closed' } },
  plain: { week: { 'mon-fri': '09:00-18:00' } },
  night: { week: { 'fri-mon': ['00:00-06:00', '22:00-24:00'] } },
});

function open(name: string, local: string, timeZone = 'Asia/Shanghai'): boolean {
  const calendar = calendars.get(name);
  if (!calendar) throw new Error(`no calendar ${name}`);
  return isOpen(calendar, timeZone, DateTime.fromISO(local, { zone: timeZone }).toMillis());
}

test('the calendars of this test are good', () => expect(findings).toEqual([]));

test('a span begins with its first minute and ends before its last', () => {
  expect(['2026-03-02T08:59', '2026-03-02T09:00', '2026-03-02T17:59:59', '2026-03-02T18:00'].map((at) => open('office', at))).toEqual([false, true, true, false]);
  expect(['2026-03-07T11:00', '2026-03-07T12:30', '2026-03-07T13:00'].map((at) => open('office', at))).toEqual([true, false, true]);
});

test('a day not in the week is closed, and midnight belongs to the next day', () => {
  expect(open('office', '2026-03-08T11:00')).toBe(false);
  expect(['2026-03-02T23:59', '2026-03-03T00:00', '2026-03-06T00:00'].map((at) => open('night', at))).toEqual([true, false, true]);
});

test.each(['2026-01-01', '2026-01-02', '2026-02-17', '2026-02-23', '2026-04-06', '2026-05-05', '2026-06-19', '2026-09-25', '2026-10-01', '2026-10-07'])('%s is a public holiday', (date) => {
  expect(open('office', `${date}T11:00`)).toBe(false);
});

test.each(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])('%s is a make-up working day (调休) and opens as a Monday', (date) => {
  expect([`${date}T09:00`, `${date}T12:30`, `${date}T17:59`].map((at) => open('office', at))).toEqual([true, true, true]);
});

test('a calendar without Chinese holidays keeps to its week', () => {
  expect(open('plain', '2026-10-01T11:00')).toBe(true);
  expect(open('plain', '2026-10-10T11:00')).toBe(false);
});

test('a date of its own wins over holidays and over the week', () => {
  expect([open('office', '2026-10-02T11:00'), open('office', '2026-10-02T13:00'), open('office', '2026-12-31T11:00')]).toEqual([true, false, false]);
});

test('a year that is not arranged yet has ordinary weeks', () => {
  expect([open('office', '2037-10-01T11:00'), open('office', '2037-10-03T11:00'), open('office', '2037-10-04T11:00')]).toEqual([true, true, false]);
});

test('hours follow the wall clock over a change to and from summer time', () => {
  const at = (utc: string): boolean => {
    const plain = calendars.get('plain');
    return plain !== undefined && isOpen(plain, 'America/New_York', Date.parse(utc));
  };
  // Friday before the change of 8 March 2026 is UTC−5, Monday after it UTC−4; back on 1 November.
  expect([at('2026-03-06T13:59Z'), at('2026-03-06T14:00Z'), at('2026-03-09T12:59Z'), at('2026-03-09T13:00Z')]).toEqual([false, true, false, true]);
  expect([at('2026-10-30T13:00Z'), at('2026-11-02T13:59Z'), at('2026-11-02T14:00Z')]).toEqual([true, false, true]);
});

test('the time zone of this process has no say', () => {
  const before = process.env['TZ'];
  try {
    for (const zone of ['America/Los_Angeles', 'Asia/Shanghai', 'Pacific/Kiritimati']) {
      process.env['TZ'] = zone;
      expect([open('office', '2026-10-10T09:30'), open('office', '2026-10-01T09:30'), open('office', '2026-09-21T09:30')]).toEqual([true, false, true]);
    }
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});
