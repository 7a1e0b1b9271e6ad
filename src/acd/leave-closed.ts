/** Callers leave a queue that closes on them. */
import { closesOn } from './closed.ts';
import { leaveQueue } from './leaving.ts';
import type { Contact } from './contact.ts';
import { inLine } from './ranking.ts';
import type { Turn } from './turn.ts';

/** Those who began to wait in this turn, for a phone that was not answered or a talk that was lost, where they may no longer. */
export function leaveClosed(turn: Turn): void {
  const { centre } = turn;
  for (const id of turn.waiting) {
    const contact = inLine(centre.contacts.get(id));
    if (contact?.state.status === 'waiting' && closesOn(centre, contact.state.queue, contact.state.enteredAt, contact.callback?.reachedAt) <= turn.at) leaveAsClosed(turn, contact);
  }
}

export function leaveAsClosed(turn: Turn, contact: Contact): void {
  const asked = 'queue' in contact.state ? turn.centre.closed.get(contact.state.queue) : undefined;
  leaveQueue(turn, contact, 'closed', asked === undefined ? {} : { by: asked.by, ...(asked.reason === '' ? {} : { note: asked.reason }) });
}
