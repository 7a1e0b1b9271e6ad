/** A batch of the journal into Postgres: events, rows and position with one statement, so all or nothing. */
import { sql } from 'kysely';
import type { Event } from '../acd/messages.ts';
import { isAfter, journalId, splitId } from '../base/journal-id.ts';
import { batchStatement } from './batch-statement.ts';
import { isPassing, isRepeat, type Database } from './database.ts';
import { fold, type FoldSettings, type RowChange } from './fold.ts';
import { mergeChanges } from './merge-changes.ts';

/** An entry of the stream as it came. */
export interface Entry {
  readonly id: string;
  readonly text: string;
}

export interface Projected {
  /** Where Postgres is now. */
  readonly position: string;
  /** Events that were not in Postgres before, in order. */
  readonly events: readonly Event[];
  readonly failures: readonly Failure[];
}

/** An event whose rows could not be made: a bug of ours, kept for whoever mends it. */
export interface Failure {
  readonly id: string;
  readonly error: string;
  readonly text: string;
}

export interface ProjectSettings extends FoldSettings {
  /** Where Postgres was when these entries were read: they follow it without a gap. */
  readonly after?: string;
}

/** Postgres has lost what it had committed, as after a failover: what comes before these entries must be read again. */
export class WentBack extends Error {
  constructor(from: string, to: string) {
    super(`Postgres was at ${from} and is at ${to}`);
  }
}

/**
 * Exactly once in effect: the statement writes only if Postgres is where we believe it to be, and moves it in the same
 * breath. A second projector finds it elsewhere; a COMMIT whose answer was lost is found out by the next statement.
 */
export async function projectBatch(db: Database, centre: string, entries: readonly Entry[], settings: ProjectSettings): Promise<Projected> {
  const at = settings.after ?? (await readPosition(db, centre));
  const fresh = entries.filter(({ id }) => isAfter(id, at));
  if (fresh.length === 0) return { position: at, events: [], failures: [] };
  const written = await writeAll(db, centre, { from: at, to: fresh.at(-1)?.id ?? at }, fresh, settings);
  if (written !== null) return written;
  const now = await readPosition(db, centre);
  if (settings.after !== undefined && isAfter(settings.after, now)) throw new WentBack(settings.after, now);
  return projectBatch(db, centre, fresh, { ...settings, after: now });
}

export async function readPosition(db: Database, centre: string): Promise<string> {
  const row = await db.selectFrom('projection').selectAll().where('centre', '=', centre).executeTakeFirst();
  if (row !== undefined) return journalId(row);
  await db.insertInto('projection').values({ centre, epoch: 0, seq: 0 }).onConflict((on) => on.doNothing()).execute();
  return '0-0';
}

/** Positions of Postgres before and after. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/** Null when Postgres is not where the move begins. An event that cannot be written must not stop those behind it. */
async function writeAll(db: Database, centre: string, move: Move, entries: readonly Entry[], settings: FoldSettings): Promise<Projected | null> {
  try {
    return await write(db, centre, move, prepare(entries, settings));
  } catch (error) {
    if (isPassing(error)) throw error;
    const rest = isRepeat(error) ? await unknown(db, centre, entries) : entries;
    if (rest.length < entries.length) return writeAll(db, centre, move, rest, settings);
    if (entries.length === 1 && entries[0] !== undefined) return quarantine(db, centre, move, entries[0], error);
  }
  const parts: Projected[] = [];
  for (const entry of entries) {
    const part = await writeAll(db, centre, { from: parts.at(-1)?.position ?? move.from, to: entry.id }, [entry], settings);
    if (part === null && parts.length === 0) return null;
    if (part === null) break;
    parts.push(part);
  }
  return { position: parts.at(-1)?.position ?? move.from, events: parts.flatMap((part) => part.events), failures: parts.flatMap((part) => part.failures) };
}

/** Those that are in Postgres have been folded and are passed by, as when somebody has set its position back by hand. */
async function unknown(db: Database, centre: string, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const ids = entries.map(({ id }) => splitId(id));
  const rows = await db.selectFrom('call_event').select(['epoch', 'seq']).where('centre', '=', centre)
    .where(sql<boolean>`(epoch, seq) in (select * from unnest(${ids.map(({ epoch }) => epoch)}::bigint[], ${ids.map(({ seq }) => seq)}::bigint[]))`).execute();
  const there = new Set(rows.map(journalId));
  return entries.filter(({ id }) => !there.has(id));
}

/** Postgres refused something of this event. It is kept without rows, or as plain text if even that is refused. */
async function quarantine(db: Database, centre: string, move: Move, entry: Entry, cause: unknown): Promise<Projected | null> {
  const failures = [{ ...entry, error: String(cause) }];
  const event = parseEvent(entry.text);
  if ('event' in event) {
    try {
      return await write(db, centre, move, { events: new Map([[entry.id, event.event]]), changes: [], failures });
    } catch (error) {
      if (isPassing(error)) throw error;
    }
  }
  return write(db, centre, move, { events: new Map(), changes: [], failures });
}

interface Prepared {
  readonly events: ReadonlyMap<string, Event>;
  readonly changes: readonly RowChange[];
  readonly failures: readonly Failure[];
}

/** An event that cannot be read or folded stays without rows. */
function prepare(entries: readonly Entry[], settings: FoldSettings): Prepared {
  const failures: Failure[] = [];
  const events = new Map<string, Event>();
  const changes: RowChange[] = [];
  for (const { id, text } of entries) {
    const read = parseEvent(text);
    if ('error' in read) {
      failures.push({ id, text, error: read.error });
      continue;
    }
    events.set(id, read.event);
    try {
      changes.push(...fold({ id, event: read.event }, settings));
    } catch (error) {
      failures.push({ id, text, error: String(error) });
    }
  }
  return { events, changes, failures };
}

/** Null when Postgres is not where the move begins. */
async function write(db: Database, centre: string, move: Move, { events, changes, failures }: Prepared): Promise<Projected | null> {
  const rows = { ...mergeChanges(changes), events: [...events].map(eventRow), failures: failures.map(failureRow) };
  const answer = await db.executeQuery(batchStatement(centre, { from: splitId(move.from), to: splitId(move.to) }, rows));
  return answer.rows.length === 0 ? null : { position: move.to, events: [...events.values()], failures };
}

const eventRow = ([id, event]: readonly [string, Event]): object => ({
  ...splitId(id),
  at: new Date(event.at),
  contact: 'contact' in event ? event.contact : null,
  n: event.n ?? null,
  type: event.type,
  agent: 'agent' in event ? event.agent : null,
  queue: 'queue' in event ? event.queue : null,
  body: event,
});

const failureRow = ({ id, error, text }: Failure): object => ({ ...splitId(id), error: wellFormed(error), body: wellFormed(text) });

/** Undefined for an entry that is no event. */
export function readEvent(text: string): Event | undefined {
  const read = parseEvent(text);
  return 'event' in read ? read.event : undefined;
}

function parseEvent(text: string): { event: Event } | { error: string } {
  try {
    // Written by our own commit; a text that is no event of ours at all is told from one by its time and type.
    const event = JSON.parse(text, unstorable.test(text) ? (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value) : undefined) as Event;
    if (!Number.isFinite(event.at) || Number.isNaN(new Date(event.at).getTime())) return { error: 'the event has no time' };
    if (typeof event.type !== 'string') return { error: 'the event has no type' };
    return { event };
  } catch (error) {
    return { error: String(error) };
  }
}

/** JSON has these escaped always, and little else; looking into every string takes seven times as long as parsing. */
const unstorable = /\\u(?:0000|d[89a-f])/i;

/** Postgres stores neither NUL nor half a surrogate pair, and a caller's name from the line may hold either. */
function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
