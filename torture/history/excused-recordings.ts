/**
 * Which recordings may be empty: the talk was over before the order to record could be given again, because a fault
 * held it up. Any other must be there.
 */
import type { CallEventRow, RecordingRow } from '../../src/store/tables.ts';
import { graspMs, lengthMs } from '../promises/recordings.ts';
import { at, type FaultSpan, type History, type Violation } from './history.ts';

/** From the order to the first sound that is taken. */
const beginsWithinMs = 1_000;
/** From the first sound to Asterisk's first write: it writes when it has 32 KiB, which two sides at 8,000 samples a second fill. What a killed one has not written is gone. */
const unwrittenMs = 1_024;
/** Orders of a recording that were held up are tried for so long after. */
const settleMs = 1_000;

export function isExcused(events: readonly CallEventRow[], faults: readonly FaultSpan[]): (row: Pick<RecordingRow, 'id' | 'status' | 'reason' | 'contact'>) => boolean {
  const started = new Map(events.filter(({ type }) => type === 'recording-started').map((event) => [String(event.body['recording']), at(event)]));
  const stopped = new Map(events.filter(({ type }) => type === 'recording-stopped' || type === 'recording-failed').map((event) => [String(event.body['recording']), at(event)]));
  const ended = new Map(events.filter(({ type }) => type === 'contact-ended').map((event) => [event.contact ?? '', at(event)]));
  return ({ id, status, reason, contact }) => {
    const from = started.get(id);
    const to = stopped.get(id) ?? ended.get(contact);
    if (status !== 'failed' || reason === null || from === undefined || to === undefined) return false;
    return faults.some((fault) => mayHoldUp(fault) && fault.from <= from + beginsWithinMs + (fault.fault === 'asterisk-killed' ? unwrittenMs : 0) && fault.to + settleMs >= from && to <= fault.to + settleMs);
  };
}

/** Those that are neither there nor excused. */
export function recordingsAreThere({ recordings, events, faults }: History): Violation[] {
  const excused = isExcused(events, faults);
  return recordings.filter((row) => row.status === 'failed' && lengthMs(row) >= graspMs && !excused(row)).map((row) => ({
    rule: 'recording lost', at: row.started_at.getTime(), contacts: [row.contact], agents: row.agent === null ? [] : [row.agent],
    what: `${row.id} failed after ${lengthMs(row)} ms: ${row.reason}`,
  }));
}

/** Postgres has no part in the order; neither has Redis, for decisions go on without it. */
const mayHoldUp = ({ fault }: FaultSpan): boolean => !fault.startsWith('postgres-') && !fault.startsWith('redis-');
