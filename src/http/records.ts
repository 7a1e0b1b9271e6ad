/** What the routes read of Postgres, as one thing that tests can stand in for. */
import { reportByInterval, type IntervalQuestion, type IntervalRow } from '../reports/intervals.ts';
import { writeAudit, type AuditEntry } from '../store/audit.ts';
import { contactStory, searchContacts, type ContactFilter, type ContactPage, type ContactStory } from '../store/contacts.ts';
import type { Database } from '../store/database.ts';
import { findRecording } from '../store/recordings.ts';
import type { RecordingRow } from '../store/tables.ts';

export interface Records {
  /** Null when `after` is no page mark. */
  search(filter: ContactFilter, page: { readonly limit: number; readonly after?: string }): Promise<ContactPage | null>;
  story(contact: string): Promise<ContactStory | null>;
  recording(recording: string): Promise<RecordingRow | null>;
  intervals(question: Pick<IntervalQuestion, 'from' | 'to' | 'length' | 'queues'>): Promise<readonly IntervalRow[]>;
  audit(entry: AuditEntry): Promise<void>;
}

/** `timeZone` is asked each time, for a new configuration may change it. */
export function recordsOf(db: Database, centre: string, timeZone: () => string): Records {
  return {
    search: (filter, page) => searchContacts(db, centre, filter, page),
    story: (contact) => contactStory(db, centre, contact),
    recording: (recording) => findRecording(db, centre, recording),
    intervals: (question) => reportByInterval(db, { ...question, centre, timeZone: timeZone() }),
    audit: (entry) => writeAudit(db, centre, entry),
  };
}
