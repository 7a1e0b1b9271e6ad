import type { ContactId, QueueId, RecordingId } from '../base/ids.ts';
import { recordingOf } from '../telephony/ids.ts';
import { recorderFaults } from '../telephony/port.ts';
import { alarmKey } from './alarms.ts';
import type { Refusal } from './commands.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/**
 * Recorded on the caller's own channel from the moment of connecting, so the number that is read is on it. Tried even
 * where the recorder is known to be at fault: what is known is some seconds old.
 */
export function startRecording(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact?.state.status !== 'connected') return;
  const { agent, queue, unrecorded } = contact.state;
  if (!isRecorded(turn.centre, queue)) return;
  // A further piece of the same talk is a recording of its own.
  const recording = recordingOf(id, unrecorded !== undefined ? `${contact.offersMade}-${contact.next}` : contact.offersMade);
  emit(turn, { type: 'recording-started', recording, contact: id, agent, queue, leg: contact.leg });
}

/** What lost its recording is recorded from now on, as far as it can be. */
export function resumeRecordings(turn: Turn): void {
  for (const { id, state } of [...turn.centre.contacts.values()]) if (state.status === 'connected' && state.unrecorded === 'lost' && state.recording === undefined) startRecording(turn, id);
}

export function stopRecording(turn: Turn, contact: Contact): void {
  if (contact.state.status !== 'connected' || contact.state.recording === undefined) return;
  emit(turn, { type: 'recording-stopped', recording: contact.state.recording.id, contact: contact.id, leg: contact.leg });
}

/** The switch says a recording ended: nothing new after our own end of it, a failure while the talk goes on. */
export function recordingStopped(turn: Turn, recording: RecordingId): Refusal | undefined {
  const contact = recordedAs(turn.centre, recording);
  if (contact === undefined) return { code: 'nothing-to-do' };
  emit(turn, { type: 'recording-stopped', recording, contact: contact.id, leg: contact.leg });
  return undefined;
}

export function recordedAs({ contacts }: Centre, recording: RecordingId): Contact | undefined {
  for (const contact of contacts.values()) if (contact.state.status === 'connected' && contact.state.recording?.id === recording) return contact;
  return undefined;
}

/** False: no talk of this queue may begin, because it could not be recorded and the policy is "no recording, no call". */
export function mayTalk(centre: Centre, queue: QueueId): boolean {
  return centre.routing.centre.recording.onFailure === 'go-on' || !isRecorded(centre, queue) || !isRecorderDown(centre);
}

export const isRecorderDown = ({ alarms }: Centre): boolean => recorderFaults.some((fault) => alarms.has(alarmKey(fault, {})));

const isRecorded = ({ routing }: Centre, queue: QueueId): boolean => routing.queues.get(queue)?.record === 'always';
