/** What the routes read and write of the rest of the service; store/ and reports/ fit these shapes. */
import type { JournalEvent } from '../acd/messages.ts';
import type { Disposition, PathStep } from '../acd/model.ts';

export interface Contacts {
  /** Newest arrival first; at most `limit`, starting after `before`. */
  search(query: ContactQuery): Promise<readonly ContactRow[]>;
  find(contact: string, eventsMax: number): Promise<ContactStory | null>;
}

export interface ContactQuery {
  readonly ani?: string | undefined;
  readonly agent?: string | undefined;
  readonly queue?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** The last row of the page before. */
  readonly before?: { readonly arrivedAt: number; readonly contact: string } | undefined;
  readonly limit: number;
}

/** Times in epoch milliseconds; what has not happened (yet) is null. */
export interface ContactRow {
  readonly contact: string;
  readonly ani: string;
  readonly dnis: string;
  readonly language: string;
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
  readonly disposition: Disposition | null;
}

/** One contact whole. */
export interface ContactStory extends ContactRow {
  readonly path: readonly PathStep[];
  readonly data: Readonly<Record<string, string>>;
  readonly recordings: readonly string[];
  /** In order; the newest are left out past the limit. */
  readonly events: readonly JournalEvent[];
}

export interface Recordings {
  find(recording: string): Promise<RecordingRow | null>;
}

export interface RecordingRow {
  readonly recording: string;
  readonly contact: string;
  readonly agent: string | null;
  readonly queue: string | null;
  readonly startedAt: number;
  readonly status: 'recording' | 'stopped' | 'finalised' | 'partial' | 'failed';
  readonly durationMs: number | null;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  /** Under the recordings folder; null until the file is complete. */
  readonly path: string | null;
}

export interface Intervals {
  read(query: IntervalQuery): Promise<readonly IntervalRow[]>;
}

export interface IntervalQuery {
  readonly from: number;
  readonly to: number;
  readonly everyMs: number;
  readonly queue?: string | undefined;
}

export interface IntervalRow {
  readonly start: number;
  readonly queue: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly inTime: number;
  readonly waitMs: number;
  readonly talkMs: number;
}

/** Who did what that must be found again. A refused write refuses the act. */
export interface Audit {
  write(entry: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  readonly at: number;
  readonly agent: string;
  readonly action: 'recording-listened';
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | null>>;
}

/** How the parts under us are. `lagMs`: age of the oldest event that Postgres does not hold yet. */
export interface Health {
  readonly owner: boolean;
  readonly switchUp: boolean;
  readonly redis: boolean;
  readonly postgres: { readonly up: boolean; readonly lagMs: number };
}
