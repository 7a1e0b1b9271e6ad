/**
 * Whether calls can be recorded, and whether those that are being recorded really are. Asterisk says nothing of a disk
 * that is full or a folder that is gone: MixMonitor goes on and writes into nothing (22.10). So the folder is looked
 * at, and tried by writing into it.
 */
import { mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordingId } from '../base/ids.ts';
import type { RecorderFault } from './port.ts';

export interface RecorderWatchOptions {
  readonly recordingsDir: string;
  /** Recordings that were ordered and have not ended. */
  readonly running: () => Iterable<RecordingId>;
  /** Orders to record reach Asterisk. */
  readonly managed: () => boolean;
  /** Told on every change from all being well. */
  readonly seen: (state: RecorderState) => void;
  /** Told once of each. */
  readonly lost: (recording: RecordingId, why: 'file-missing' | 'disk-full') => void;
  readonly everyMs?: number;
}

export interface RecorderState {
  readonly fault?: RecorderFault;
  readonly low: boolean;
}

const lookEveryMs = 2_000;
/** Asterisk makes the file at once and writes after half a second; a starved machine is given time. */
const beginsWithinMs = 3_000;
/** Two seconds of one recording. */
const fullBytes = 64 * 1024;
/** Nine hours of one recording, eleven minutes of fifty. */
const lowBytes = 1024 * 1024 * 1024;
/** A network disk that does not answer within this is away, whatever it will say in the end. */
const answersWithinMs = 5_000;

export interface RecorderWatch {
  /** Where a call must not begin without a recording, nothing may begin before this. */
  readonly firstLook: Promise<void>;
  stop(): void;
}

export function watchRecorder(options: RecorderWatchOptions): RecorderWatch {
  const ended = new AbortController();
  const { promise: firstLook, resolve: looked } = Promise.withResolvers<void>();
  void watch(options, ended.signal, looked);
  return { firstLook, stop: () => ended.abort() };
}

async function watch(options: RecorderWatchOptions, ended: AbortSignal, looked: () => void): Promise<void> {
  const files = new Files(options);
  const well: RecorderState = { low: false };
  let told = JSON.stringify(well);
  let unmanaged = 0;
  while (!ended.aborted) {
    const folder = await within(answersWithinMs, look(options.recordingsDir), { fault: 'recordings-unwritable', low: false } as const);
    // A connection that is back at once is not worth a word.
    unmanaged = options.managed() ? 0 : unmanaged + 1;
    const state: RecorderState = folder.fault === undefined && unmanaged > 1 ? { ...folder, fault: 'recordings-unmanaged' } : folder;
    await within(answersWithinMs, files.look(state.fault), undefined);
    if (ended.aborted) return;
    if (JSON.stringify(state) !== told) options.seen(state);
    told = JSON.stringify(state);
    looked();
    // Ends early when telephony stops; the loop's condition sees it.
    await sleep(options.everyMs ?? lookEveryMs, undefined, { signal: ended, ref: false }).catch(() => undefined);
  }
}

const probe = '.rexian-probe';

/** Writing tells more than rights and figures do: quotas, read-only mounts, broken disks. */
async function look(folder: string): Promise<RecorderState> {
  try {
    const file = join(folder, probe);
    await writeFile(file, Buffer.alloc(4_096));
    await rm(file, { force: true });
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    return { low: free < lowBytes, ...(free < fullBytes ? { fault: 'recordings-full' } : {}) };
  } catch (error) {
    await rm(join(folder, probe), { force: true }).catch(unremovable);
    const { code = '' } = error as NodeJS.ErrnoException;
    // Asterisk would make it again at the next recording, so we may as well; until then it was missing.
    if (code === 'ENOENT') await mkdir(folder, { recursive: true }).catch(unmakeable);
    return { low: false, fault: faults[code] ?? 'recordings-unwritable' };
  }
}

const faults: Readonly<Record<string, RecorderFault>> = { ENOSPC: 'recordings-full', EDQUOT: 'recordings-full', ENOENT: 'recordings-missing', ENOTDIR: 'recordings-missing' };

/** The files that are being written. */
class Files {
  readonly #options: RecorderWatchOptions;
  #known = new Map<RecordingId, { readonly since: number; bytes: number; told: boolean }>();

  constructor(options: RecorderWatchOptions) {
    this.#options = options;
  }

  async look(fault: RecorderFault | undefined): Promise<void> {
    const { running, recordingsDir, lost } = this.#options;
    const now = performance.now();
    this.#known = new Map([...running()].map((id) => [id, this.#known.get(id) ?? { since: now, bytes: -1, told: false }]));
    if (this.#known.size === 0) return;
    const names = new Set(await readdir(recordingsDir).catch(unreadable));
    for (const [id, file] of this.#known) {
      if (file.told || now - file.since < beginsWithinMs) continue;
      const missing = !names.has(`${id}.raw`);
      const full = !missing && fault === 'recordings-full' && (await this.#stands(id, file));
      if (fault !== 'recordings-full') file.bytes = -1;
      if (!missing && !full) continue;
      file.told = true;
      lost(id, missing ? 'file-missing' : 'disk-full');
    }
  }

  /** It has not grown since the last look. */
  async #stands(id: RecordingId, file: { bytes: number }): Promise<boolean> {
    const { size } = await stat(join(this.#options.recordingsDir, `${id}.raw`)).catch(() => ({ size: 0 }));
    const stands = size === file.bytes;
    file.bytes = size;
    return stands;
  }
}

async function within<Answer>(ms: number, answer: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  const limit = new AbortController();
  const late = sleep(ms, otherwise, { signal: limit.signal, ref: false }).catch(() => otherwise);
  return Promise.race([answer, late]).finally(() => limit.abort());
}

function unremovable(): void {
  // Left behind by a disk that lets nothing be done; the next look overwrites it.
}

function unmakeable(): void {
  // The next look says so again.
}

function unreadable(): string[] {
  // No folder, no files.
  return [];
}
