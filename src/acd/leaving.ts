/** A waiting contact goes back into its flow: by a key, by a rule of its queue, by a supervisor's word. */
import type { Fact } from '../telephony/port.ts';
import type { Command, EventOf, LeftBecause, Refusal } from './messages.ts';
import type { Centre, Contact } from './model.ts';
import { withdrawOffers } from './offers.ts';
import { inLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** A phone that rings for it stops. Without a memory of its flow it hears the flow from the start. */
export function leaveQueue(turn: Turn, contact: Contact, because: LeftBecause, more: Pick<EventOf<'contact-left-queue'>, 'key' | 'by' | 'note'> = {}): void {
  const { id } = contact;
  withdrawOffers(turn, contact);
  const place = inLine(turn.centre.contacts.get(id))?.state;
  if (place === undefined) return;
  emit(turn, { type: 'contact-left-queue', contact: id, queue: place.queue, because, waitMs: turn.at - place.queuedAt, memory: place.memory ?? null, ...more });
}

/** A supervisor takes it out of the line. */
export function withdraw(turn: Turn, { agent: by, contact: id, reason }: Extract<Command, { type: 'withdraw' }>): Refusal | undefined {
  const { agents } = turn.centre.routing;
  const role = agents.get(by)?.role;
  if (role === undefined) return { code: 'unknown-agent', detail: by };
  if (role === 'agent') return { code: 'not-allowed' };
  const contact = turn.centre.contacts.get(id);
  if (contact === undefined) return { code: 'unknown-contact', detail: id };
  if (inLine(contact) === undefined) return { code: 'not-waiting', detail: id };
  leaveQueue(turn, contact, 'withdrawn', { by, ...(reason === '' ? {} : { note: reason }) });
  return undefined;
}

export function keyPressed(turn: Turn, press: Press): Refusal | undefined {
  const contact = presserOf(turn.centre, press);
  if (contact === undefined) return { code: 'nothing-to-do' };
  leaveQueue(turn, contact, 'key', { key: press.key });
  return undefined;
}

/** The contact that the key leads out of its queue; undefined where it means nothing. */
export function presserOf({ contacts, legs }: Centre, { leg, key }: Pick<Press, 'leg' | 'key'>): Contact | undefined {
  const id = legs.get(leg);
  const contact = id === undefined ? undefined : inLine(contacts.get(id));
  return contact?.leg === leg && contact.state.keys?.includes(key) === true ? contact : undefined;
}
type Press = Extract<Fact, { type: 'key-pressed' }>;
