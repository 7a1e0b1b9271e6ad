/** hours.yaml: opening hours, by the name of a calendar. */
import { z } from 'zod';
import type { Calendar, Span } from './centre-config.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding, Saying } from './problem.ts';
import { isRecord, nameRule, nameShape, parse, refuse, strict } from './schema.ts';

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const calendarsMax = 200;

const spans = z.union([z.string(), z.array(z.string()).max(20)]).transform((written, context) => {
  if (written === 'closed') return [];
  const read: Span[] = [];
  for (const each of typeof written === 'string' ? [written] : written) {
    const span = parseSpan(each);
    if ('code' in span) return refuse(context, span);
    read.push(span);
  }
  return read;
});

const schema = strict({
  week: z.record(z.string(), z.unknown()),
  chineseHolidays: z.boolean().default(false),
  days: z.record(z.string(), z.unknown()).default({}),
});

export interface ReadCalendars {
  readonly value: ReadonlyMap<string, Calendar>;
  readonly findings: readonly Finding[];
}

export function readCalendars(raw: unknown): ReadCalendars {
  const calendars = new Map<string, Calendar>();
  if (!isRecord(raw)) return { value: calendars, findings: [{ path: [], code: 'wrong-type', text: { zh: '此处应为“日历名: …”', en: 'this should be a block of “calendar name: …”' } }] };
  const findings: Finding[] = [];
  if (Object.keys(raw).length > calendarsMax) findings.push({ path: [], code: 'too-many', text: { zh: `日历超过 ${calendarsMax} 个`, en: `more than ${calendarsMax} calendars` } });
  for (const [name, entry] of Object.entries(raw).slice(0, calendarsMax)) {
    if (!nameShape.test(name)) findings.push({ path: [name], onKey: true, ...nameRule });
    const parsed = parse(schema, entry, [name]);
    findings.push(...parsed.findings);
    if (!parsed.value) continue;
    const week = readWeek(parsed.value.week, [name, 'week'], findings);
    const days = readDays(parsed.value.days, [name, 'days'], findings);
    calendars.set(name, { name, week, chineseHolidays: parsed.value.chineseHolidays, days });
  }
  return { value: calendars, findings };
}

function readWeek(raw: Readonly<Record<string, unknown>>, at: string[], findings: Finding[]): Map<number, readonly Span[]> {
  const week = new Map<number, readonly Span[]>();
  for (const [key, written] of Object.entries(raw)) {
    const path = [...at, key];
    const [from = '', to = from, more] = key === 'every-day' ? ['mon', 'sun'] : key.split('-');
    const wrong = [from, to].find((day) => !dayNames.includes(day));
    if (wrong !== undefined || more !== undefined) {
      findings.push({ path, onKey: true, ...unknownName('word', wrong ?? key, [...dayNames, 'every-day']) });
      continue;
    }
    const parsed = parse(spans, written, path);
    findings.push(...parsed.findings);
    // fri-mon goes over the week's end.
    for (let day = dayNames.indexOf(from); ; day = (day + 1) % 7) {
      if (week.has(day + 1)) findings.push({ path, onKey: true, code: 'duplicate', text: { zh: `${dayNames[day]} 已写过`, en: `${dayNames[day]} is already given` } });
      week.set(day + 1, parsed.value ?? []);
      if (dayNames[day] === to) break;
    }
  }
  return week;
}

function readDays(raw: Readonly<Record<string, unknown>>, at: string[], findings: Finding[]): Map<string, readonly Span[]> {
  const days = new Map<string, readonly Span[]>();
  for (const [date, written] of Object.entries(raw)) {
    const path = [...at, date];
    if (!z.iso.date().safeParse(date).success) {
      findings.push({ path, onKey: true, code: 'bad-date', text: { zh: `${quoted(date)} 不是日期`, en: `${quoted(date)} is not a date` }, hint: { zh: '请写 年-月-日，例如 2026-02-17', en: 'write year-month-day, such as 2026-02-17' } });
    }
    const parsed = parse(spans, written, path);
    findings.push(...parsed.findings);
    if (parsed.value) days.set(date, parsed.value);
  }
  return days;
}

function parseSpan(written: string): Span | Saying {
  const match = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(written.trim());
  const [, fromHour, fromMinute, toHour, toMinute] = (match ?? []).map(Number);
  if (!match || fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined || fromMinute > 59 || toMinute > 59) {
    return { code: 'bad-hours', text: { zh: `${quoted(written)} 不是时间段`, en: `${quoted(written)} is not a span of hours` }, hint: { zh: '请写 09:00-18:00，或 closed（不营业）', en: 'write 09:00-18:00, or closed' } };
  }
  const span = { fromMinute: fromHour * 60 + fromMinute, toMinute: toHour * 60 + toMinute };
  if (span.toMinute > 24 * 60 || span.fromMinute >= span.toMinute) {
    return { code: 'bad-hours', text: { zh: `${quoted(written)} 的结束不在开始之后`, en: `${quoted(written)} does not end after it begins` }, hint: { zh: '跨夜请分两天写：22:00-24:00，次日 00:00-06:00', en: 'over midnight takes two: 22:00-24:00, and 00:00-06:00 on the next day' } };
  }
  return span;
}
