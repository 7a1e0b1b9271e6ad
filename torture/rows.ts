/** What Postgres holds of a case: every event after a position in the journal, and the rows of their contacts. */
import { sql } from 'kysely';
import type { Database } from '../src/store/database.ts';
import type { Stage } from '../stage/stage.ts';
import type { CallEventRow, RecordingRow } from '../src/store/tables.ts';
import type { Rows } from './promises/stories.ts';

export interface Position {
  readonly epoch: number;
  readonly seq: number;
}

/** Of the newest event that Postgres has. Between cases nothing is on its way there but an agent's rest. */
export async function positionNow({ db, config }: Pick<Stage, 'db' | 'config'>): Promise<Position> {
  const newest = await db.selectFrom('call_event').select(['epoch', 'seq']).where('centre', '=', config.centre.id).orderBy('epoch', 'desc').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return newest ?? { epoch: 0, seq: 0 };
}

export async function rowsSince(db: Database, centre: string, { epoch, seq }: Position): Promise<Rows & { readonly recordings: readonly RecordingRow[] }> {
  const events: CallEventRow[] = await db.selectFrom('call_event').selectAll().where('centre', '=', centre)
    .where(sql<boolean>`(epoch, seq) > (${epoch}, ${seq})`).orderBy('epoch').orderBy('seq').execute();
  const ids = [...new Set(events.flatMap(({ contact }) => contact ?? []))];
  const ofThese = sql<boolean>`contact = any(${ids})`;
  const [contacts, legs, offers, recordings, failed] = await Promise.all([
    db.selectFrom('contact').selectAll().where('centre', '=', centre).where(sql<boolean>`id = any(${ids})`).execute(),
    db.selectFrom('leg').selectAll().where('centre', '=', centre).where(ofThese).execute(),
    db.selectFrom('offer').selectAll().where('centre', '=', centre).where(ofThese).execute(),
    db.selectFrom('recording').selectAll().where('centre', '=', centre).where(ofThese).execute(),
    db.selectFrom('projection_failure').select(({ fn }) => fn.countAll<number>().as('count')).where('centre', '=', centre)
      .where(sql<boolean>`(epoch, seq) > (${epoch}, ${seq})`).executeTakeFirst(),
  ]);
  return { events, contacts, legs, offers, recordings, failures: Number(failed?.count ?? 0) };
}
