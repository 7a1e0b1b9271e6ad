/** Talks that cannot be recorded: who is warned, and what the policy makes of the talk. */
import type { RecordingId } from '../base/ids.ts';
import { recorderFaults } from '../telephony/port.ts';
import type { Fact } from '../telephony/port.ts';
import type { Refusal } from './commands.ts';
import type { Contact } from './contact.ts';
import { isRecorderDown, recordedAs, resumeRecordings } from './recordings.ts';
import { requeue } from './requeue.ts';
import type { Turn } from './turn.ts';
import { emit } from './turn.ts';
import { clearAlarm, raiseAlarm } from './warn.ts';

/** How the recorder is now. Callers held back by the policy are looked at again when its alarm is cleared. */
export function recorderSeen(turn: Turn, { fault, low }: Extract<Fact, { type: 'recorder-seen' }>): Refusal | undefined {
  const was = isRecorderDown(turn.centre);
  const before = turn.events.length;
  if (fault !== undefined) raiseAlarm(turn, fault, {});
  for (const other of recorderFaults) if (other !== fault) clearAlarm(turn, other, {});
  if (low) raiseAlarm(turn, 'recordings-low', {});
  else clearAlarm(turn, 'recordings-low', {});
  if (was && fault === undefined) resumeRecordings(turn);
  return turn.events.length === before ? { code: 'nothing-to-do' } : undefined;
}

export function recordingLost(turn: Turn, recording: RecordingId, why: string): Refusal | undefined {
  const contact = recordedAs(turn.centre, recording);
  if (contact === undefined) return { code: 'nothing-to-do' };
  failRecording(turn, contact, recording, why);
  return undefined;
}

/** The call is worth more than its recording, unless the centre may not talk without one: then the caller waits again. */
export function failRecording(turn: Turn, { id }: Contact, recording: RecordingId, detail: string): void {
  emit(turn, { type: 'recording-failed', recording, contact: id, detail });
  const contact = turn.centre.contacts.get(id);
  if (contact?.state.status === 'connected' && turn.centre.routing.centre.recording.onFailure === 'no-call') requeue(turn, contact, contact.state, 'not-recorded');
}
