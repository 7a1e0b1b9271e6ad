import type { Database } from './database.ts';
import type { RecordingRow } from './tables.ts';

/** As people ask for it. Times in epoch ms. */
export interface FoundRecording {
  readonly recording: string;
  readonly contact: string;
  readonly agent: string | null;
  readonly queue: string | null;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly status: RecordingRow['status'];
  readonly reason: string | null;
  readonly durationMs: number | null;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  /** Below the recordings folder; null until the file is complete. */
  readonly path: string | null;
  readonly format: string | null;
}

export interface Recordings {
  find(recording: string): Promise<FoundRecording | null>;
}

export function recordings(db: Database, { centre }: { readonly centre: string }): Recordings {
  return {
    find: async (id) => {
      const row = await findRecording(db, centre, id);
      return row === null ? null : found(row);
    },
  };
}

function found({ id, contact, agent, queue, started_at, stopped_at, status, reason, duration_ms, size_bytes, sha256, path, format }: RecordingRow): FoundRecording {
  return {
    recording: id, contact, agent, queue, startedAt: started_at.getTime(), stoppedAt: stopped_at?.getTime() ?? null, status, reason,
    durationMs: duration_ms, sizeBytes: size_bytes, sha256, path, format,
  };
}

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
