import type { EventOf } from './messages.ts';
import type { Contact } from './contact.ts';
import { rehome } from './rehome.ts';
import { stopRecording } from './recordings.ts';
import { beginWrapUp } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** The talk is over and the caller is not: back in line with the old place, the agent to wrap-up. */
export function requeue(turn: Turn, contact: Contact, state: Extract<Contact['state'], { status: 'connected' }>, because: EventOf<'contact-requeued'>['because']): void {
  stopRecording(turn, contact);
  emit(turn, { type: 'contact-requeued', contact: contact.id, queue: state.queue, agent: state.agent, because });
  beginWrapUp(turn, state.agent, contact.id, state.queue);
  // Its queue may have been taken out of the configuration while they talked.
  rehome(turn);
}
