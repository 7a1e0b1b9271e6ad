/** Contacts as Postgres has them: searched page by page, or one with everything that happened in it. */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { normaliseNumber } from './phone-number.ts';
import type { CallEventRow, ContactRow, LegRow, OfferRow, RecordingRow } from './tables.ts';

export interface ContactFilter {
  /** By arrival: from inclusive, to exclusive. */
  readonly from?: Date;
  readonly to?: Date;
  readonly queue?: string;
  readonly agent?: string;
  /** The caller's number, however it is written. */
  readonly number?: string;
  readonly outcome?: 'answered' | 'abandoned' | 'open';
  readonly disposition?: string;
}

export interface ContactPage {
  readonly contacts: readonly ContactRow[];
  /** Asks for the page after this one; null on the last. */
  readonly next: string | null;
}

/** How many contacts a page may have. */
export const pageMax = 200;

/**
 * Newest first. A page begins after the last row of the one before (and not at a count), so that contacts that arrive
 * meanwhile neither repeat nor hide a row. Null when `after` is no page mark of ours.
 */
export async function searchContacts(db: Database, centre: string, filter: ContactFilter, page: { limit?: number; after?: string } = {}): Promise<ContactPage | null> {
  const limit = Math.max(1, Math.min(page.limit ?? 50, pageMax));
  const mark = page.after === undefined ? undefined : readMark(page.after);
  if (mark === null) return null;
  let query = db.selectFrom('contact').selectAll().where('centre', '=', centre);
  if (filter.from) query = query.where('arrived_at', '>=', filter.from);
  if (filter.to) query = query.where('arrived_at', '<', filter.to);
  if (filter.queue !== undefined) query = query.where('queue', '=', filter.queue);
  if (filter.agent !== undefined) query = query.where('agent', '=', filter.agent);
  if (filter.number !== undefined) query = query.where('number', '=', normaliseNumber(filter.number));
  if (filter.disposition !== undefined) query = query.where('disposition_code', '=', filter.disposition);
  if (filter.outcome === 'answered') query = query.where('connected_at', 'is not', null);
  if (filter.outcome === 'open') query = query.where('ended_at', 'is', null);
  if (filter.outcome === 'abandoned') query = query.where('during', '=', 'queue').where('reason', '=', 'caller-hung-up').where('connected_at', 'is', null);
  if (mark) query = query.where(sql<boolean>`(arrived_at, id) < (${mark.arrivedAt}::timestamptz, ${mark.id})`);
  const rows = await query.orderBy('arrived_at', 'desc').orderBy('id', 'desc').limit(limit + 1).execute();
  const contacts = rows.slice(0, limit);
  const last = contacts.at(-1);
  return { contacts, next: rows.length > limit && last ? writeMark({ arrivedAt: last.arrived_at.toISOString(), id: last.id }) : null };
}

export interface ContactStory {
  readonly contact: ContactRow;
  /** In the journal's order. */
  readonly events: readonly CallEventRow[];
  readonly legs: readonly LegRow[];
  readonly offers: readonly OfferRow[];
  readonly recordings: readonly RecordingRow[];
}

/** No contact has more; one in an endless flow must not fill the reader's memory. */
const eventsMax = 5_000;

export async function contactStory(db: Database, centre: string, id: string): Promise<ContactStory | null> {
  const contact = await db.selectFrom('contact').selectAll().where('centre', '=', centre).where('id', '=', id).executeTakeFirst();
  if (!contact) return null;
  const [events, legs, offers, recordings] = await Promise.all([
    // Nothing of a contact is older than its arrival, which spares Postgres the partitions before it.
    db.selectFrom('call_event').selectAll().where('centre', '=', centre).where('contact', '=', id).where('at', '>=', contact.arrived_at)
      .orderBy('epoch').orderBy('seq').limit(eventsMax).execute(),
    db.selectFrom('leg').selectAll().where('centre', '=', centre).where('contact', '=', id).orderBy('started_at').orderBy('id').execute(),
    db.selectFrom('offer').selectAll().where('centre', '=', centre).where('contact', '=', id).orderBy('made_at').orderBy('id').execute(),
    db.selectFrom('recording').selectAll().where('centre', '=', centre).where('contact', '=', id).orderBy('started_at').orderBy('id').execute(),
  ]);
  return { contact, events, legs, offers, recordings };
}

interface Mark {
  readonly arrivedAt: string;
  readonly id: string;
}

/** Opaque to whoever passes it on. Times are whole milliseconds, so nothing is lost on the way. */
function writeMark({ arrivedAt, id }: Mark): string {
  return Buffer.from(JSON.stringify([arrivedAt, id])).toString('base64url');
}

function readMark(text: string): Mark | null {
  try {
    const [arrivedAt, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof arrivedAt !== 'string' || typeof id !== 'string' || Number.isNaN(Date.parse(arrivedAt))) return null;
    return { arrivedAt, id };
  } catch {
    // Not JSON, so not ours: the caller is told as of any other bad mark.
    return null;
  }
}
