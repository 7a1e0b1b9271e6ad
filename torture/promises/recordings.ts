/** 4: recording rows and files one to one, playable or marked partial. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { decodeWav } from '../../runtime/wav.ts';
import type { CallEventRow, RecordingRow } from '../../src/store/tables.ts';
import type { Stage } from '../../stage/stage.ts';

export interface RecordingFacts {
  readonly recordings: readonly RecordingRow[];
  readonly events: readonly CallEventRow[];
}

/** Whether a row may say that it failed, and why; a fault of recordings excuses all, others only those they hit. */
export type MayFail = boolean | ((row: RecordingRow) => boolean);

/**
 * `before`: the files that were
 * there, of cases on the same stage.
 */
export async function recordingsAreWhole(dir: string, { recordings, events }: RecordingFacts, config: Stage['config'], mayFail: MayFail, before: ReadonlySet<string> = new Set()): Promise<string[]> {
  const files = await filesBelow(dir);
  const expected = new Set(recordings.flatMap(({ path }) => path ?? []));
  const recorded = new Set<string>([...config.queues.values()].filter(({ record }) => record === 'always').map(({ id }) => id));
  const talks = events.filter(({ type, queue }) => type === 'contact-connected' && recorded.has(queue ?? ''));
  const begun = Map.groupBy(events.filter(({ type }) => type === 'recording-started'), ({ contact }) => contact ?? '');
  const perTalk = [...Map.groupBy(talks, ({ contact }) => contact ?? '')].flatMap(([contact, its]) => {
    const count = begun.get(contact)?.length ?? 0;
    // One that was lost is taken up again as a further one.
    const lost = events.filter(({ type, contact: of }) => type === 'recording-failed' && of === contact).length;
    return count === its.length || (mayFail !== false && count > its.length && count <= its.length + lost) ? [] : [`${contact}: ${its.length} talks and ${count} recordings`];
  });
  const rows = await Promise.all(recordings.map((row) => wrongWith(dir, row, mayFail)));
  const rowless = events.flatMap(({ type, body }) => (type === 'recording-started' && !recordings.some(({ id }) => id === body['recording']) ? [`recording ${String(body['recording'])} has no row`] : []));
  return [...perTalk, ...rowless, ...rows.flat(), ...files.filter((file) => !expected.has(file) && !before.has(file)).map((file) => `file ${file} belongs to no finished row`)];
}

/** Below the folder, in any depth. */
export async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(dir, join(parentPath, name)));
}

/** Of a talk that is over before, Asterisk may not have heard a single packet, nor have begun to write. */
export const graspMs = 500;

export const lengthMs = ({ started_at, stopped_at }: RecordingRow): number => (stopped_at?.getTime() ?? Number.POSITIVE_INFINITY) - started_at.getTime();

async function wrongWith(dir: string, row: RecordingRow, mayFail: MayFail): Promise<string[]> {
  if (row.status === 'failed') return row.reason !== null && ((typeof mayFail === 'boolean' ? mayFail : mayFail(row)) || lengthMs(row) < graspMs) ? [] : [`recording ${row.id} failed after ${lengthMs(row)} ms: ${row.reason}`];
  if (row.status !== 'finalised' && row.status !== 'partial') return [`recording ${row.id} is still ${row.status}`];
  if (row.path === null) return [`recording ${row.id} is ${row.status} and has no path`];
  const file = await readFile(join(dir, row.path)).catch((error: NodeJS.ErrnoException) => error);
  if (file instanceof Error) return [`recording ${row.id}: ${file.code} ${row.path}`];
  if (file.length !== row.size_bytes) return [`recording ${row.id}: ${file.length} bytes, the row says ${row.size_bytes}`];
  if (createHash('sha256').update(file).digest('hex') !== row.sha256) return [`recording ${row.id}: not the bytes that the row's checksum is of`];
  const samples = playable(file);
  return samples > 0 ? [] : [`recording ${row.id}: ${row.path} cannot be played`];
}

function playable(file: Buffer): number {
  try {
    const { channels } = decodeWav(file);
    return channels.length === 2 ? (channels[0]?.length ?? 0) : 0;
  } catch {
    // Not a WAV file: the caller says which.
    return 0;
  }
}
