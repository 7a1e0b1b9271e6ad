/** A batch of the journal into Postgres: events, rows and position in one transaction. */
import type { Transaction } from 'kysely';
import type { Event } from '../acd/messages.ts';
import { isPassing, type Database } from './database.ts';
import { fold, splitId, type FoldSettings } from './fold.ts';
import { writeChange } from './row-changes.ts';
import type { NewCallEvent, Tables } from './tables.ts';

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
 * Exactly once in effect: the position is locked, read and moved in the transaction that writes the rows, so that a
 * second projector waits and then finds the work done, and whatever breaks leaves all or nothing. An event that cannot
 * be written must not stop those behind it: then they go one by one, and the bad one without its rows.
 */
export async function projectBatch(db: Database, centre: string, entries: readonly Entry[], settings: ProjectSettings): Promise<Projected> {
  try {
    return await transact(db, centre, entries, settings);
  } catch (error) {
    if (isPassing(error) || error instanceof WentBack) throw error;
    if (entries.length === 1 && entries[0] !== undefined) return quarantine(db, centre, entries[0], error);
  }
  const parts: Projected[] = [];
  for (const entry of entries) parts.push(await projectBatch(db, centre, [entry], settings));
  return {
    position: parts.at(-1)?.position ?? '0-0',
    events: parts.flatMap((part) => part.events),
    failures: parts.flatMap((part) => part.failures),
  };
}

export async function readPosition(db: Database, centre: string): Promise<string> {
  const row = await db.selectFrom('projection').selectAll().where('centre', '=', centre).executeTakeFirst();
  return row ? `${row.epoch}-${row.seq}` : '0-0';
}

type Trx = Transaction<Tables>;

function transact(db: Database, centre: string, entries: readonly Entry[], settings: ProjectSettings): Promise<Projected> {
  return db.transaction().execute(async (trx) => {
    const { fresh, at } = await freshEntries(trx, centre, entries);
    if (settings.after !== undefined && isAfter(splitId(settings.after), at)) throw new WentBack(settings.after, `${at.epoch}-${at.seq}`);
    const failures: Failure[] = [];
    const parsed = new Map<string, Event>();
    for (const entry of fresh) {
      const event = parseEvent(entry.text);
      if ('error' in event) failures.push({ ...entry, error: event.error });
      else parsed.set(entry.id, event.event);
    }
    const inserted = await insertEvents(trx, centre, parsed);
    for (const [id, event] of inserted) {
      try {
        for (const change of fold({ id, event }, settings)) await writeChange(trx, centre, change);
      } catch (error) {
        // What Postgres refused has broken the transaction; only a fold that threw can be left behind in it.
        if (isPassing(error) || 'code' in Object(error)) throw error;
        failures.push({ id, error: String(error), text: JSON.stringify(event) });
      }
    }
    await keepFailures(trx, centre, failures);
    const position = await movePosition(trx, centre, fresh, at);
    return { position, events: [...inserted.values()], failures };
  });
}

/** Postgres refused something of this event. It is kept without rows, or as plain text if even that is refused. */
async function quarantine(db: Database, centre: string, entry: Entry, cause: unknown): Promise<Projected> {
  const failure: Failure = { ...entry, error: String(cause) };
  const keep = (withEvent: boolean): Promise<Projected> =>
    db.transaction().execute(async (trx) => {
      const event = parseEvent(entry.text);
      const { fresh, at } = await freshEntries(trx, centre, [entry]);
      const kept = fresh.length > 0 && withEvent && 'event' in event ? await insertEvents(trx, centre, new Map([[entry.id, event.event]])) : new Map<string, Event>();
      if (fresh.length > 0) await keepFailures(trx, centre, [failure]);
      const position = await movePosition(trx, centre, fresh, at);
      return { position, events: [...kept.values()], failures: fresh.length > 0 ? [failure] : [] };
    });
  try {
    return await keep(true);
  } catch (error) {
    if (isPassing(error)) throw error;
    return keep(false);
  }
}

interface Fresh {
  readonly fresh: readonly Entry[];
  readonly at: Position;
}

/** Locks the position until the transaction ends. */
async function freshEntries(trx: Trx, centre: string, entries: readonly Entry[]): Promise<Fresh> {
  const lock = () => trx.selectFrom('projection').select(['epoch', 'seq']).where('centre', '=', centre).forUpdate();
  let at = await lock().executeTakeFirst();
  if (at === undefined) {
    await trx.insertInto('projection').values({ centre, epoch: 0, seq: 0 }).onConflict((on) => on.doNothing()).execute();
    at = await lock().executeTakeFirstOrThrow();
  }
  const after = at;
  return { fresh: entries.filter(({ id }) => isAfter(splitId(id), after)), at };
}

async function movePosition(trx: Trx, centre: string, fresh: readonly Entry[], at: Position): Promise<string> {
  const last = fresh.at(-1);
  if (last === undefined) return `${at.epoch}-${at.seq}`;
  await trx.updateTable('projection').set(splitId(last.id)).where('centre', '=', centre).execute();
  return last.id;
}

interface Position {
  readonly epoch: number;
  readonly seq: number;
}

function isAfter(one: Position, other: Position): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.seq > other.seq);
}

/** Answers the events that were not there yet: only they may be folded. */
async function insertEvents(trx: Trx, centre: string, events: ReadonlyMap<string, Event>): Promise<ReadonlyMap<string, Event>> {
  if (events.size === 0) return events;
  const rows = [...events].map(([id, event]): NewCallEvent => ({
    centre,
    ...splitId(id),
    at: new Date(event.at),
    contact: 'contact' in event ? event.contact : null,
    n: event.n ?? null,
    type: event.type,
    agent: 'agent' in event ? (event.agent ?? null) : null,
    queue: 'queue' in event ? (event.queue ?? null) : null,
    body: JSON.stringify(event),
  }));
  const inserted = await trx.insertInto('call_event').values(rows).onConflict((on) => on.doNothing()).returning(['epoch', 'seq']).execute();
  const added = new Set(inserted.map(({ epoch, seq }) => `${epoch}-${seq}`));
  return new Map([...events].filter(([id]) => added.has(id)));
}

async function keepFailures(trx: Trx, centre: string, failures: readonly Failure[]): Promise<void> {
  if (failures.length === 0) return;
  const rows = failures.map(({ id, error, text }) => ({ centre, ...splitId(id), error: wellFormed(error), body: wellFormed(text) }));
  await trx.insertInto('projection_failure').values(rows).onConflict((on) => on.doNothing()).execute();
}

function parseEvent(text: string): { event: Event } | { error: string } {
  try {
    // Written by our own commit; a text that is no event of ours at all is told from one by its time and type.
    const event = JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value)) as Event;
    if (!Number.isFinite(event.at) || Number.isNaN(new Date(event.at).getTime())) return { error: 'the event has no time' };
    if (typeof event.type !== 'string') return { error: 'the event has no type' };
    return { event };
  } catch (error) {
    return { error: String(error) };
  }
}

/** Postgres stores neither NUL nor half a surrogate pair, and a caller's name from the line may hold either. */
function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
