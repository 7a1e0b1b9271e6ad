import type { ContactId, RecordingId } from '../base/ids.ts';
import { recordingOf } from '../telephony/ids.ts';
import type { Refusal } from './messages.ts';
import type { Contact } from './model.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Recorded on the caller's own channel from the moment of connecting, so the number that is read is on it. */
export function startRecording(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact?.state.status !== 'connected') return;
  const { agent, queue } = contact.state;
  if (turn.centre.routing.queues.get(queue)?.record !== 'always') return;
  emit(turn, { type: 'recording-started', recording: recordingOf(id, contact.offersMade), contact: id, agent, queue, leg: contact.leg });
}

export function stopRecording(turn: Turn, contact: Contact): void {
  if (contact.state.status !== 'connected' || contact.state.recording === undefined) return;
  emit(turn, { type: 'recording-stopped', recording: contact.state.recording.id, contact: contact.id, leg: contact.leg });
}

/** The switch says a recording ended: nothing new after our own end of it, a failure while the talk goes on. */
export function recordingStopped(turn: Turn, recording: RecordingId): Refusal | undefined {
  for (const contact of turn.centre.contacts.values()) {
    if (contact.state.status !== 'connected' || contact.state.recording?.id !== recording) continue;
    emit(turn, { type: 'recording-stopped', recording, contact: contact.id, leg: contact.leg });
    return undefined;
  }
  return { code: 'nothing-to-do' };
}
