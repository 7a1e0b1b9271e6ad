/** The tables of Postgres, as Kysely types. Every row belongs to a centre; times are timestamptz. */
import type { ColumnType, Generated, Insertable, JSONColumnType, Selectable } from 'kysely';
import type { PathStep } from '../acd/contact.ts';

export interface Tables {
  call_event: CallEventTable;
  contact: ContactTable;
  leg: LegTable;
  offer: OfferTable;
  agent_interval: AgentIntervalTable;
  recording: RecordingTable;
  customer: CustomerTable;
  audit: AuditTable;
  configuration: ConfigurationTable;
  projection: ProjectionTable;
  projection_failure: ProjectionFailureTable;
}

/** Every event of the journal, for ever. The id `epoch-seq` is split, so that it sorts as a number. */
export interface CallEventTable {
  centre: string;
  epoch: number;
  seq: number;
  at: Date;
  contact: string | null;
  n: number | null;
  type: string;
  agent: string | null;
  queue: string | null;
  body: JSONColumnType<Record<string, unknown>>;
}

export interface ContactTable {
  centre: string;
  id: string;
  ani: string;
  dnis: string;
  /** The caller's number in E.164 where it is one, else as dialled. */
  number: string;
  language: string;
  flow: string | null;
  flow_version: string | null;
  arrived_at: Date;
  /** The queue it is in or ended in. */
  queue: string | null;
  priority: number | null;
  /** When it first queued; an overflow does not change it. */
  queued_at: Date | null;
  connected_at: Date | null;
  ended_at: Date | null;
  agent: string | null;
  /** ContactEnd and EndedDuring of the decider. */
  reason: string | null;
  during: string | null;
  wait_ms: number | null;
  talk_ms: number | null;
  /** Answered within the service level that its queue had then; null while undecided or never queued. */
  in_time: boolean | null;
  path: JSONColumnType<PathStep[], string | undefined, string>;
  data: JSONColumnType<Record<string, string>, string | undefined, string>;
  disposition_code: string | null;
  disposition_note: string | null;
  customer_id: string | null;
  /** When its caller was promised to be called back. */
  callback_at: Date | null;
}

export interface LegTable {
  centre: string;
  id: string;
  contact: string;
  role: 'caller' | 'agent' | 'transfer' | 'callback';
  agent: string | null;
  number: string | null;
  started_at: Date;
  answered_at: Date | null;
  ended_at: Date | null;
  end_reason: string | null;
}

export interface OfferTable {
  centre: string;
  id: string;
  contact: string;
  agent: string;
  queue: string;
  leg: string;
  made_at: Date;
  rang_at: Date | null;
  ended_at: Date | null;
  /** OfferOutcome of the decider; null while it rings. */
  outcome: string | null;
  wait_ms: number;
  ring_ms: number | null;
}

/** What an agent was, from when to when. The newest of an agent has no end. */
export interface AgentIntervalTable {
  centre: string;
  agent: string;
  /** The event that began it. */
  epoch: number;
  seq: number;
  status: string;
  reason: string | null;
  contact: string | null;
  from_at: Date;
  to_at: Date | null;
}

export interface RecordingTable {
  centre: string;
  id: string;
  contact: string;
  agent: string | null;
  queue: string | null;
  started_at: Date;
  stopped_at: Date | null;
  /** `partial`: usable, but its raw file ended in the middle of a sample. */
  status: 'recording' | 'stopped' | 'finalised' | 'partial' | 'failed';
  /** Why it failed or is partial. */
  reason: string | null;
  /** Below the recordings folder. */
  path: string | null;
  duration_ms: number | null;
  sha256: string | null;
  size_bytes: number | null;
  format: string | null;
}

export interface CustomerTable {
  centre: string;
  id: Generated<string>;
  name: string;
  /** E.164 where it is a public number; unique in a centre. */
  number: string;
  tier: string | null;
  note: string;
  data: JSONColumnType<Record<string, string>, string, string>;
  created_at: Generated<Date>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

/** Who looked at or changed what: a recording fetched, a customer edited. */
export interface AuditTable {
  id: Generated<number>;
  centre: string;
  at: Date;
  who: string;
  action: string;
  subject: string;
  detail: JSONColumnType<Record<string, unknown>, string, string>;
}

/** Every configuration that held, by its version. */
export interface ConfigurationTable {
  centre: string;
  version: string;
  kept_at: Generated<Date>;
  /** JSON, name → text, gzipped and sealed: it names people and numbers. */
  files: string;
}

/** How far the journal is in Postgres; written in the same transaction as the rows. */
export interface ProjectionTable {
  centre: string;
  epoch: number;
  seq: number;
}

/** An event whose rows could not be made. The event itself is in call_event unless `body` had to be kept here. */
export interface ProjectionFailureTable {
  centre: string;
  epoch: number;
  seq: number;
  failed_at: Generated<Date>;
  error: string;
  body: string;
}

export type CallEventRow = Selectable<CallEventTable>;
export type ContactRow = Selectable<ContactTable>;
export type OfferRow = Selectable<OfferTable>;
export type LegRow = Selectable<LegTable>;
export type RecordingRow = Selectable<RecordingTable>;
export type CustomerRow = Selectable<CustomerTable>;
export type NewCallEvent = Insertable<CallEventTable>;
