/** Contacts as Postgres has them: searched page by page, or one with everything that happened in it. Times in epoch ms. */
import { sql } from 'kysely';
import type { ExpressionBuilder } from 'kysely';
import type { Event, JournalEvent } from '../acd/messages.ts';
import type { Disposition } from '../acd/agent.ts';
import type { PathStep } from '../acd/contact.ts';
import type { Database } from './database.ts';
import { normaliseNumber } from './phone-number.ts';
import { noSeal, type Seal } from './seal.ts';
import type { ContactRow, LegRow, OfferRow, Tables } from './tables.ts';

export interface ContactQuery {
  /** By arrival: from inclusive, to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly queue?: string | undefined;
  readonly agent?: string | undefined;
  /** The caller's number, however it is written. */
  readonly ani?: string | undefined;
  readonly outcome?: 'answered' | 'abandoned' | 'open' | undefined;
  readonly disposition?: string | undefined;
  /** Only those of which a recording could not be made, or not to its end. */
  readonly recordingFailed?: boolean | undefined;
  /** The last contact of the page before. */
  readonly before?: { readonly arrivedAt: number; readonly contact: string } | undefined;
  readonly limit: number;
}

export interface FoundContact {
  readonly contact: string;
  readonly ani: string;
  readonly dnis: string;
  readonly language: string;
  readonly customer: string | null;
  readonly arrivedAt: number;
  readonly queuedAt: number | null;
  readonly connectedAt: number | null;
  readonly endedAt: number | null;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly reason: string | null;
  readonly during: string | null;
  readonly waitMs: number | null;
  readonly talkMs: number | null;
  readonly inTime: boolean | null;
  /** When the caller was promised to be called back. */
  readonly callbackAt: number | null;
  readonly disposition: Disposition | null;
  /** A recording of it could not be made, or not to its end. */
  readonly recordingFailed: boolean;
}

export interface ContactStory extends FoundContact {
  readonly path: readonly PathStep[];
  readonly data: Readonly<Record<string, string>>;
  /** In the journal's order; past the limit the newest are left out. */
  readonly events: readonly JournalEvent[];
  readonly legs: readonly LegRow[];
  readonly offers: readonly OfferRow[];
  /** Ids, in the order in which they began. */
  readonly recordings: readonly string[];
}

export interface Contacts {
  /**
   * Newest arrival first. A page begins after the last row of the one before (and not at a count), so that contacts
   * that arrive meanwhile neither repeat nor hide a row.
   */
  search(query: ContactQuery): Promise<readonly FoundContact[]>;
  find(contact: string, eventsMax?: number): Promise<ContactStory | null>;
}

/** How many contacts a page may have. */
export const pageMax = 500;

export interface ContactsOptions {
  readonly centre: string;
  /** That of the journal. */
  readonly seal?: Seal;
}

export function contacts(db: Database, { centre, seal = noSeal }: ContactsOptions): Contacts {
  return {
    search: (query) => search(db, centre, seal, query),
    find: (contact, eventsMax = 5_000) => find(db, centre, seal, contact, eventsMax),
  };
}

async function search(db: Database, centre: string, seal: Seal, filter: ContactQuery): Promise<readonly FoundContact[]> {
  let query = db.selectFrom('contact').selectAll().select(recordingFailed).where('centre', '=', centre);
  if (filter.from !== undefined) query = query.where('arrived_at', '>=', new Date(filter.from));
  if (filter.to !== undefined) query = query.where('arrived_at', '<', new Date(filter.to));
  if (filter.queue !== undefined) query = query.where('queue', '=', filter.queue);
  if (filter.agent !== undefined) query = query.where('agent', '=', filter.agent);
  if (filter.ani !== undefined) query = query.where('number', '=', seal.close(normaliseNumber(filter.ani)));
  if (filter.disposition !== undefined) query = query.where('disposition_code', '=', filter.disposition);
  if (filter.recordingFailed) query = query.where(hasFailed);
  if (filter.outcome === 'answered') query = query.where('connected_at', 'is not', null);
  if (filter.outcome === 'open') query = query.where('ended_at', 'is', null);
  if (filter.outcome === 'abandoned') query = query.where('during', '=', 'queue').where('reason', '=', 'caller-hung-up').where('connected_at', 'is', null);
  if (filter.before) query = query.where(sql<boolean>`(arrived_at, id) < (${new Date(filter.before.arrivedAt)}::timestamptz, ${filter.before.contact})`);
  const limit = Math.max(1, Math.min(filter.limit, pageMax));
  const rows = await query.orderBy('arrived_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => found(row, seal));
}

async function find(db: Database, centre: string, seal: Seal, id: string, eventsMax: number): Promise<ContactStory | null> {
  const row = await db.selectFrom('contact').selectAll().select(recordingFailed).where('centre', '=', centre).where('id', '=', id).executeTakeFirst();
  if (!row) return null;
  const [events, legs, offers, recordings] = await Promise.all([
    // Nothing of a contact is older than its arrival, which spares Postgres the partitions before it.
    db.selectFrom('call_event').select(['epoch', 'seq', 'body']).where('centre', '=', centre).where('contact', '=', id).where('at', '>=', row.arrived_at)
      .orderBy('epoch').orderBy('seq').limit(eventsMax).execute(),
    db.selectFrom('leg').selectAll().where('centre', '=', centre).where('contact', '=', id).orderBy('started_at').orderBy('id').execute(),
    db.selectFrom('offer').selectAll().where('centre', '=', centre).where('contact', '=', id).orderBy('made_at').orderBy('id').execute(),
    db.selectFrom('recording').select('id').where('centre', '=', centre).where('contact', '=', id).orderBy('started_at').orderBy('id').execute(),
  ]);
  return {
    ...found(row, seal),
    path: row.path,
    data: Object.fromEntries(Object.entries(row.data).map(([name, value]) => [name, seal.open(value)])),
    // The projector put it there as it was in the journal.
    events: events.map(({ epoch, seq, body }) => ({ id: `${epoch}-${seq}`, event: seal.opened(body) as Event })),
    legs: legs.map((leg) => ({ ...leg, number: leg.number === null ? null : seal.open(leg.number) })),
    offers,
    recordings: recordings.map((recording) => recording.id),
  };
}

/** The recordings' rows know it; whoever looks for these contacts looks at few of them. */
const hasFailed = ({ exists, selectFrom }: ExpressionBuilder<Tables, 'contact'>) =>
  exists(selectFrom('recording').select('recording.id').whereRef('recording.centre', '=', 'contact.centre').whereRef('recording.contact', '=', 'contact.id').where('recording.status', 'in', ['failed', 'partial']));
const recordingFailed = (is: ExpressionBuilder<Tables, 'contact'>) => hasFailed(is).as('recording_failed');

function found(row: ContactRow & { readonly recording_failed: unknown }, seal: Seal): FoundContact {
  return {
    contact: row.id,
    ani: seal.open(row.ani),
    dnis: row.dnis,
    language: row.language,
    customer: row.customer_id,
    arrivedAt: row.arrived_at.getTime(),
    queuedAt: row.queued_at?.getTime() ?? null,
    connectedAt: row.connected_at?.getTime() ?? null,
    endedAt: row.ended_at?.getTime() ?? null,
    queue: row.queue,
    agent: row.agent,
    reason: row.reason,
    during: row.during,
    waitMs: row.wait_ms,
    talkMs: row.talk_ms,
    inTime: row.in_time,
    callbackAt: row.callback_at?.getTime() ?? null,
    disposition: row.disposition_code === null ? null : { code: row.disposition_code, note: seal.open(row.disposition_note ?? '') },
    recordingFailed: row.recording_failed === true,
  };
}
