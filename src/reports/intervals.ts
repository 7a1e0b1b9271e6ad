/** The first report: how well each queue answered, interval by interval. */
import { sql } from 'kysely';
import type { Database } from '../store/database.ts';

/** Times in epoch ms. */
export interface IntervalQuery {
  /** Contacts queued from here, inclusive, … */
  readonly from: number;
  /** … to here, exclusive. */
  readonly to: number;
  /** A quarter, half or whole hour; a day or more means calendar days of the centre. */
  readonly everyMs: number;
  readonly queue?: string | undefined;
}

export interface Intervals {
  /** One row for each queue and interval in which somebody queued, in order of time, then queue. */
  read(query: IntervalQuery): Promise<readonly IntervalRow[]>;
}

export interface IntervalOptions {
  readonly centre: string;
  /** IANA name of the centre's time zone: where its hours and days begin. */
  readonly timeZone: () => string;
}

/**
 * A contact counts once: in the interval in which it first queued, for the queue in which it was answered or left (an
 * overflow moves it, with its age). So an interval goes on changing until its last caller has been answered or is gone.
 */
export interface Counts {
  /** 呼入排队量. Contacts that queued. */
  readonly offered: number;
  /** 接通量. Of the offered, those that an agent answered. */
  readonly answered: number;
  /** 放弃量. Of the offered, those whose caller hung up while waiting or while a phone rang. */
  readonly abandoned: number;
  /** Of the offered, those still waiting, on the phone or to be called back. The rest, offered − answered − abandoned − unreached − waiting, was lost to a fault or sent elsewhere. */
  readonly waiting: number;
  /** 申请回拨. Of the offered, those that were promised a callback; they count among the others too. */
  readonly callbacks: number;
  /** 回拨未接通. Of the callbacks, those that ended without the customer on the line: no abandons. */
  readonly unreached: number;
  /** Of the answered, those that waited no longer than their queue's service level. */
  readonly inTime: number;
  /** Sum of the waits of the answered, from first queueing to the agent's answer, without the time that one who was called back was away from the phone. */
  readonly waitMs: number;
  /** Sum of the waits of the abandoned, from first queueing to hanging up. */
  readonly abandonWaitMs: number;
  /** Of the answered, those whose talk is over, and the sum of it: from the answer to the end. */
  readonly talked: number;
  readonly talkMs: number;
}

/** Null where there is nothing to divide by: no call is neither a good nor a bad hour. */
export interface Rates {
  /** 接通率 = answered ÷ offered. */
  readonly answerRate: number | null;
  /** 放弃率 = abandoned ÷ offered. */
  readonly abandonRate: number | null;
  /** 服务水平 = inTime ÷ offered: an abandoned call is not in time, however short it was. */
  readonly inTimeRate: number | null;
  /** 平均等待 = (waitMs + abandonWaitMs) ÷ (answered + abandoned). */
  readonly averageWaitMs: number | null;
  /** 平均应答速度 (ASA) = waitMs ÷ answered. */
  readonly averageAnswerMs: number | null;
  /** 平均通话 = talkMs ÷ talked. */
  readonly averageTalkMs: number | null;
}

export interface IntervalRow extends Counts, Rates {
  readonly queue: string;
  /** Epoch ms. */
  readonly start: number;
}

export function intervals(db: Database, options: IntervalOptions): Intervals {
  return { read: (query) => read(db, options, query) };
}

async function read(db: Database, { centre, timeZone }: IntervalOptions, { from, to, everyMs, queue }: IntervalQuery): Promise<readonly IntervalRow[]> {
  const { rows } = await sql<Counts & { queue: string; start: Date }>`
    select queue, ${startOf(everyMs, timeZone())} as start,
      count(*)::int as offered,
      count(connected_at)::int as answered,
      (count(*) filter (where connected_at is null and during = 'queue' and reason = 'caller-hung-up'))::int as abandoned,
      (count(*) filter (where connected_at is null and ended_at is null))::int as waiting,
      count(callback_at)::int as callbacks,
      (count(*) filter (where connected_at is null and during = 'callback'))::int as unreached,
      (count(*) filter (where connected_at is not null and in_time))::int as "inTime",
      coalesce(sum(wait_ms) filter (where connected_at is not null), 0)::bigint as "waitMs",
      coalesce(sum(wait_ms) filter (where connected_at is null and during = 'queue' and reason = 'caller-hung-up'), 0)::bigint as "abandonWaitMs",
      (count(*) filter (where connected_at is not null and ended_at is not null))::int as talked,
      coalesce(sum(talk_ms) filter (where connected_at is not null and ended_at is not null), 0)::bigint as "talkMs"
    from contact
    where centre = ${centre} and queued_at >= ${new Date(from)} and queued_at < ${new Date(to)} and queue is not null
      ${queue === undefined ? sql`` : sql`and queue = ${queue}`}
    group by 1, 2
    order by 2, 1`.execute(db);
  return rows.map((row) => ({ ...row, start: row.start.getTime(), ...rates(row) }));
}

/** All rows as one, weighted as they must be: rates of sums, never means of rates. */
export function total(rows: readonly Counts[]): Counts & Rates {
  const sum = (field: keyof Counts): number => rows.reduce((so, row) => so + row[field], 0);
  const counts: Counts = {
    offered: sum('offered'), answered: sum('answered'), abandoned: sum('abandoned'), waiting: sum('waiting'), callbacks: sum('callbacks'), unreached: sum('unreached'), inTime: sum('inTime'),
    waitMs: sum('waitMs'), abandonWaitMs: sum('abandonWaitMs'), talked: sum('talked'), talkMs: sum('talkMs'),
  };
  return { ...counts, ...rates(counts) };
}

export function rates(counts: Counts): Rates {
  const { offered, answered, abandoned, inTime, waitMs, abandonWaitMs, talked, talkMs } = counts;
  return {
    answerRate: share(answered, offered),
    abandonRate: share(abandoned, offered),
    inTimeRate: share(inTime, offered),
    averageWaitMs: share(waitMs + abandonWaitMs, answered + abandoned),
    averageAnswerMs: share(waitMs, answered),
    averageTalkMs: share(talkMs, talked),
  };
}

const dayMs = 86_400_000;

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/**
 * The beginning of the interval in which a contact queued. Hours begin where the local clock says so (India's are 30
 * minutes off UTC's), and yet the hour that a clock goes through twice in autumn stays two intervals, because what has
 * passed of it is taken off the instant itself. A day is the calendar's, of 23 hours or 25 if need be.
 */
function startOf(everyMs: number, timeZone: string) {
  if (everyMs >= dayMs) return sql`date_trunc('day', queued_at, ${timeZone}::text)`;
  const seconds = sql.lit(Math.max(1, Math.round(everyMs / 1_000)));
  const passed = sql`mod(extract(epoch from (queued_at at time zone ${timeZone}::text)), ${seconds})`;
  return sql`queued_at - make_interval(secs => (${passed})::double precision)`;
}
