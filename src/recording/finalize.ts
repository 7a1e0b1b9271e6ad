/**
 * A raw recording of Asterisk becomes a WAV file with a row that knows it. Each step leaves something that a second
 * run starts from, so a process may die anywhere:
 *
 *   1. write <id>.<random>.part, synced         died: the part is left over, the raw is whole and read again
 *   2. rename it to YYYY/MM/DD/<id>.wav         died: made again with the same bytes
 *   3. the row: finalised, path, checksum       died: the raw is left over, the next run only removes it
 *   4. remove <id>.raw and all <id>.*.part
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { findRecording, setFailed, setFinalised, type Finalised } from '../store/recordings.ts';
import type { RecordingRow } from '../store/tables.ts';
import { bytesPerFrame, dataBytesMax, durationMs, format, headerBytes, wavHeader } from './wav.ts';

export interface FinalizeOptions {
  readonly db: Database;
  readonly centre: string;
  readonly recordingsDir: string;
  /** IANA name; a recording lies in the folder of the day on which it began there. */
  readonly timeZone: () => string;
  readonly log: Logger;
}

/** Where Asterisk writes it. */
export const rawPath = (recordingsDir: string, id: string): string => join(recordingsDir, `${id}.raw`);

/**
 * Asterisk writes every half second while it records, so a file left alone for this long is closed. There is no event
 * for it, and the end of the recording reaches us a moment before the file's.
 */
const settledMs = 1_000;
/** The file of a talk that ended as its recording began may come after the row of its end. */
const appearsMs = 2_000;
/** Past this, or in the future, a file's time says more of a clock that was set than of the file. */
const believedMs = 600_000;

/** Answers null when the recording is dealt with, or after how many milliseconds to come again. */
export async function finalizeRecording(options: FinalizeOptions, id: string): Promise<number | null> {
  const { db, centre, recordingsDir, timeZone, log } = options;
  const row = await findRecording(db, centre, id);
  if (row === null) {
    log.warn({ recording: id }, 'no row for a recording that was to be finalised');
    return null;
  }
  const rawFile = rawPath(recordingsDir, id);
  if (row.status === 'finalised' || row.status === 'partial') {
    await clearAway(recordingsDir, id, join(recordingsDir, row.path ?? ''));
    return null;
  }
  const found = await stat(rawFile).catch(missing);
  const path = join(dayFolder(row.started_at, timeZone()), `${id}.wav`);
  if (found === null) return withoutRaw(options, row, path);
  const idleMs = Date.now() - found.mtimeMs;
  if (idleMs >= 0 && idleMs < settledMs) return Math.ceil(settledMs - idleMs) + 10;
  if ((idleMs < 0 || idleMs > believedMs) && (await grows(rawFile, found.size))) return settledMs;
  if (found.size < bytesPerFrame) {
    await fail(options, row, 'raw-empty');
    await rm(rawFile, { force: true });
    return null;
  }
  if (found.size > dataBytesMax) return fail(options, row, 'raw-too-long');

  const dataBytes = found.size - (found.size % bytesPerFrame);
  const target = join(recordingsDir, path);
  const sha256 = await writeWav(rawFile, dataBytes, target, join(recordingsDir, `${id}.${randomBytes(4).toString('hex')}.part`));
  const reason = faultOf(row) ?? (dataBytes === found.size ? null : 'ends-within-a-sample');
  await setFinalised(db, centre, id, {
    status: reason === null ? 'finalised' : 'partial',
    reason,
    ...fileFacts(path, dataBytes, sha256),
  });
  await clearAway(recordingsDir, id, target);
  log.info({ recording: id, durationMs: durationMs(dataBytes) }, 'recording finalised');
  return null;
}

async function grows(file: string, size: number): Promise<boolean> {
  await sleep(settledMs);
  return (await stat(file).catch(missing))?.size !== size;
}

/** Why the talk is not whole on it: it failed while the talk went on. What a finaliser missed may have come since. */
function faultOf({ status, reason }: RecordingRow): string | null {
  return status === 'failed' && reason !== null && !ours.has(reason) ? reason : null;
}

const ours: ReadonlySet<string> = new Set(['raw-missing', 'raw-empty', 'raw-too-long']);

function fileFacts(path: string, dataBytes: number, sha256: string): Omit<Finalised, 'status' | 'reason'> {
  return { path, duration_ms: durationMs(dataBytes), sha256, size_bytes: headerBytes + dataBytes, format };
}

/** Only a person removes a raw file before its row is written, but a WAV file that is there is worth keeping. */
async function withoutRaw(options: FinalizeOptions, row: RecordingRow, path: string): Promise<number | null> {
  const target = join(options.recordingsDir, path);
  const found = await stat(target).catch(missing);
  if (found === null || found.size <= headerBytes) {
    const sinceMs = Date.now() - (row.stopped_at?.getTime() ?? 0);
    return sinceMs >= 0 && sinceMs < appearsMs ? appearsMs - sinceMs : fail(options, row, 'raw-missing');
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(target)) hash.update(chunk as Buffer);
  await setFinalised(options.db, options.centre, row.id, { status: 'finalised', reason: null, ...fileFacts(path, found.size - headerBytes, hash.digest('hex')) });
  return null;
}

async function fail({ db, centre, log }: FinalizeOptions, row: RecordingRow, found: string): Promise<null> {
  const reason = faultOf(row) ?? found;
  await setFailed(db, centre, row.id, reason);
  log.error({ code: 'recording-failed', recording: row.id, reason }, 'nothing of a recording could be kept');
  return null;
}

/**
 * Answers the checksum of the finished file. It has its name only when all of it is on the disk; until then it is
 * `part`, a name of this run alone, because a job that was taken for dead may still be writing.
 */
async function writeWav(rawFile: string, dataBytes: number, target: string, part: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true });
  const hash = createHash('sha256');
  const file = await open(part, 'wx', 0o640);
  try {
    const write = async (chunk: Buffer): Promise<void> => {
      hash.update(chunk);
      await file.writeFile(chunk);
    };
    await write(wavHeader(dataBytes));
    let written = 0;
    for await (const chunk of createReadStream(rawFile, { end: dataBytes - 1, highWaterMark: 256 * 1024 })) {
      // A stream without an encoding reads Buffers.
      await write(chunk as Buffer);
      written += (chunk as Buffer).length;
    }
    if (written !== dataBytes) throw new Error(`raw file shrank from ${dataBytes} to ${written} bytes`);
    await file.sync();
    await file.close();
    await rename(part, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await file.close().catch(closedAlready);
    await rm(part, { force: true });
    throw error;
  }
  return hash.digest('hex');
}

/** Without this a power cut could bring back the folder from before the rename, after the raw file was removed. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Never the only copy. A part is of a run that died, or of one that is taken for dead and will find the row done. */
async function clearAway(recordingsDir: string, id: string, target: string): Promise<void> {
  const kept = await stat(target).catch(missing);
  if (!kept?.isFile() || kept.size <= headerBytes) return;
  await rm(rawPath(recordingsDir, id), { force: true });
  const parts = (await readdir(recordingsDir)).filter((name) => name.startsWith(`${id}.`) && isPart(name));
  for (const part of parts) await rm(join(recordingsDir, part), { force: true });
}

/** A WAV file that is not whole yet. */
export const isPart = (name: string): boolean => /\.[0-9a-f]{8}\.part$/.test(name);

/** One for a centre's zone: to make one takes longer than all else that is done for a recording. */
const dates = new Map<string, Intl.DateTimeFormat>();

function dayFolder(startedAt: Date, timeZone: string): string {
  const date = dates.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  dates.set(timeZone, date);
  const parts = date.formatToParts(startedAt);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return join(part('year'), part('month'), part('day'));
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function closedAlready(): void {
  // The file was closed before the step that failed; there is nothing to release.
}
