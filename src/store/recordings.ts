import type { Database } from './database.ts';
import type { RecordingRow } from './tables.ts';

export async function findRecording(db: Database, centre: string, id: string): Promise<RecordingRow | null> {
  return (await db.selectFrom('recording').selectAll().where('centre', '=', centre).where('id', '=', id).executeTakeFirst()) ?? null;
}

export interface Finalised {
  readonly status: 'finalised' | 'partial';
  readonly reason: string | null;
  readonly path: string;
  readonly duration_ms: number;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly format: string;
}

export async function setFinalised(db: Database, centre: string, id: string, file: Finalised): Promise<void> {
  await db.updateTable('recording').set(file).where('centre', '=', centre).where('id', '=', id).execute();
}

/** Nothing usable was found. One that has its file is never turned into a failure. */
export async function setFailed(db: Database, centre: string, id: string, reason: string): Promise<void> {
  await db.updateTable('recording').set({ status: 'failed', reason }).where('centre', '=', centre).where('id', '=', id)
    .where('status', 'not in', ['finalised', 'partial']).execute();
}

/**
 * Stopped and not made into a file yet; or never said to be stopped although its contact is over since a minute, as
 * when everything died at once. Oldest first.
 */
export async function unfinishedRecordings(db: Database, centre: string, now: Date, limit = 1_000): Promise<readonly string[]> {
  const rows = await db.selectFrom('recording').leftJoin('contact', (join) =>
    join.onRef('contact.centre', '=', 'recording.centre').onRef('contact.id', '=', 'recording.contact'))
    .select('recording.id').where('recording.centre', '=', centre)
    .where((is) => is.or([
      is('recording.status', '=', 'stopped'),
      is.and([is('recording.status', '=', 'recording'), is('contact.ended_at', '<', new Date(now.getTime() - 60_000))]),
    ]))
    .orderBy('recording.started_at').limit(limit).execute();
  return rows.map(({ id }) => id);
}

/** Of these ids, those that have a row, with its status. */
export async function statusOf(db: Database, centre: string, ids: readonly string[]): Promise<ReadonlyMap<string, RecordingRow['status']>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('recording').select(['id', 'status']).where('centre', '=', centre).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, status }) => [id, status]));
}
