/**
 * When a queue opens and closes by its calendar: to the millisecond, whatever time is asked about, so that nobody has to be
 * told at the minute. The time is given, and the answer is always the same.
 */
import { DateTime } from 'luxon';
import { spansOf } from './calendar.ts';
import type { QueueHours } from './centre-config.ts';

/** A time in which nothing changes. */
export interface Period {
  readonly open: boolean;
  readonly from: number;
  /** Infinity: not within the next year. */
  readonly until: number;
}

const daysBack = 14;
const daysAhead = 366;

export function periodAt(hours: QueueHours, at: number): Period {
  const known = periods.get(hours) ?? [];
  const found = known.find(({ from, until }) => from <= at && at < until);
  if (found !== undefined) return found;
  const period = lookUp(hours, at);
  periods.set(hours, [period, ...known].slice(0, periodsKept));
  return period;
}

/** One is asked about thousands of times before the next, and working it out takes a millisecond. */
const periods = new WeakMap<QueueHours, readonly Period[]>();
const periodsKept = 4;

function lookUp(hours: QueueHours, at: number): Period {
  const today = DateTime.fromMillis(at, { zone: hours.timeZone }).startOf('day');
  let closedFrom = today.minus({ days: daysBack }).toMillis();
  let open: { from: number; until: number } | undefined;
  for (let day = -daysBack; day <= daysAhead; day += 1) {
    const begins = today.plus({ days: day });
    // What ended with the last minute of the day before has really ended.
    if (open !== undefined && at < open.until && open.until < begins.toMillis()) return { open: true, ...open };
    for (const span of openOn(hours, begins)) {
      // Two that touch, over midnight say, are one.
      if (open !== undefined && span.from <= open.until) open.until = Math.max(open.until, span.until);
      else {
        if (open !== undefined && at < open.until) return { open: true, ...open };
        if (open !== undefined) closedFrom = open.until;
        if (at < span.from) return { open: false, from: closedFrom, until: span.from };
        open = span;
      }
    }
  }
  if (open !== undefined && at < open.until) return { open: true, from: open.from, until: Number.POSITIVE_INFINITY };
  return { open: false, from: open?.until ?? closedFrom, until: Number.POSITIVE_INFINITY };
}

function openOn({ calendar }: QueueHours, day: DateTime): { from: number; until: number }[] {
  const at = (minute: number): number => (minute === 24 * 60 ? day.plus({ days: 1 }) : day.set({ hour: Math.floor(minute / 60), minute: minute % 60 })).toMillis();
  return spansOf(calendar, day).map(({ fromMinute, toMinute }) => ({ from: at(fromMinute), until: at(toMinute) })).sort((a, b) => a.from - b.from);
}
