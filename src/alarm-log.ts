/** Alarms and lost recordings as lines of the log, each with its `code`, for whoever watches logs and not screens. */
import type { Logger } from 'pino';
import type { JournalEvent } from './acd/messages.ts';

export function logAlarms(events: readonly JournalEvent[], log: Pick<Logger, 'error' | 'warn' | 'info'>): void {
  for (const { event } of events) {
    if (event.type === 'alarm-raised') log.warn({ code: event.alarm, trunk: event.trunk, ani: event.ani, agent: event.agent }, 'alarm raised');
    else if (event.type === 'queue-closed') log.warn({ code: 'queue-closed', queue: event.queue, agent: event.by, reason: event.reason }, 'queue closed');
    else if (event.type === 'queue-reopened') log.info({ code: 'queue-closed', queue: event.queue, agent: event.by, lastedMs: event.at - event.since }, 'queue opened again');
    else if (event.type === 'recording-failed') log.error({ code: 'recording-failed', recording: event.recording, contact: event.contact, reason: event.detail }, 'a talk is not recorded, or not to its end');
    else if (event.type === 'alarm-cleared') log.info({ code: event.alarm, trunk: event.trunk, ani: event.ani, agent: event.agent, turnedAway: event.turnedAway, lastedMs: event.at - event.since }, 'alarm cleared');
  }
}
