/** `hours` of a queue: the calendar by its name. */
import type { QueueId } from '../base/ids.ts';
import type { Calendar, QueueConfig } from './centre-config.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding } from './problem.ts';
import { isRecord } from './schema.ts';

/** `names`: as they are written, also of calendars with faults of their own. */
export function hoursFindings(raw: unknown, names: readonly string[], calendars: ReadonlyMap<string, Calendar>): Finding[] {
  return named(raw).flatMap(([queue, hours]): Finding[] => {
    const path = [queue, 'hours'];
    if (!names.includes(hours)) return [{ path, ...unknownName('calendar', hours, names) }];
    const calendar = calendars.get(hours);
    return calendar === undefined || isEverOpen(calendar) ? [] : [{ path, ...neverOpen(hours) }];
  });
}

export function withHours(queues: ReadonlyMap<QueueId, QueueConfig>, raw: unknown, calendars: ReadonlyMap<string, Calendar>, timeZone: string): ReadonlyMap<QueueId, QueueConfig> {
  const of = new Map(named(raw));
  // One for all queues of a calendar: when it opens is worked out once.
  const hours = new Map([...calendars].map(([name, calendar]) => [name, { calendar, timeZone }]));
  return new Map([...queues].map(([id, queue]) => {
    const own = hours.get(of.get(id) ?? '');
    return [id, own === undefined ? queue : { ...queue, hours: own }];
  }));
}

const named = (raw: unknown): [string, string][] =>
  (isRecord(raw) ? Object.entries(raw) : []).flatMap(([queue, entry]): [string, string][] => (isRecord(entry) && typeof entry['hours'] === 'string' ? [[queue, entry['hours']]] : []));

const isEverOpen = ({ week, days }: Calendar): boolean => [...week.values(), ...days.values()].some((spans) => spans.length > 0);

const neverOpen = (calendar: string) => ({
  code: 'never-open',
  text: { zh: `日历 ${quoted(calendar)} 没有任何营业时间，此队列永远不会开放`, en: `the calendar ${quoted(calendar)} is never open, and so this queue would never be` },
  hint: { zh: '请在 hours.yaml 中写营业时间，或删去 hours', en: 'write its hours in hours.yaml, or remove this' },
});
