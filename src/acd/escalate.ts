/** An agent hands a caller on to the experts: with the age and all that is known, and never back to who had it. */
import type { QueueId } from '../base/ids.ts';
import { whyNot } from './entering.ts';
import type { Refusal } from './commands.ts';
import type { Agent } from './agent.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { stopRecording } from './recordings.ts';
import { beginWrapUp } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function escalate(turn: Turn, { id, presence }: Agent): Refusal | undefined {
  const { centre } = turn;
  const contact = presence.status === 'talking' ? centre.contacts.get(presence.contact) : undefined;
  if (contact?.state.status !== 'connected') return { code: 'no-call' };
  const { queue: from, priority } = contact.state;
  const to = expertsFor(centre, contact, from);
  if (to === undefined) return { code: 'no-escalation' };
  const refused = whyNot(centre, to);
  if (refused !== undefined) return { code: 'queue-takes-none', detail: to };
  stopRecording(turn, contact);
  emit(turn, { type: 'contact-escalated', contact: contact.id, from, queue: to, agent: id, priority });
  beginWrapUp(turn, id, contact.id, from);
  return undefined;
}

/** Where the queue's agents may hand this contact on to; nowhere that it has been. */
export function expertsFor({ routing }: Centre, { been = [] }: Contact, from: QueueId): QueueId | undefined {
  const to = routing.queues.get(from)?.escalation;
  return to === undefined || to === from || been.includes(to) ? undefined : to;
}
