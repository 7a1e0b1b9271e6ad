/**
 * Callers in line for a queue that the configuration no longer has. The rule, as docs/config.md tells it: into the queue
 * that says it replaces theirs, with their place and age; where none does, into the flow of the number they dialled.
 */
import type { QueueId } from '../base/ids.ts';
import { callbackDown } from './callbacks.ts';
import { ringsIn } from './heard.ts';
import { standingIn } from './lines.ts';
import type { Contact } from './contact.ts';
import { callbackOf, hasLeft } from './open-callbacks.ts';
import { withdrawOffers } from './offers.ts';
import { inLine } from './ranking.ts';
import { replacementOf } from './replacement.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function rehome(turn: Turn): void {
  const { contacts, lines, routing, closed } = turn.centre;
  // Or it would be closed again should it ever come back.
  for (const { id, since } of [...closed.values()]) if (!routing.queues.has(id)) emit(turn, { type: 'queue-reopened', queue: id, since });
  for (const queue of [...lines.keys()]) {
    if (routing.queues.has(queue)) continue;
    for (const id of standingIn(turn.centre, queue)) {
      const contact = inLine(contacts.get(id));
      if (contact !== undefined) move(turn, contact, queue, replacementOf(queue, routing));
    }
  }
}

function move(turn: Turn, contact: Contact, from: QueueId, to: QueueId | undefined): void {
  withdrawOffers(turn, contact);
  if (hasLeft(contact)) {
    const other = to && callbackOf(turn.centre, to, contact.callback.number);
    // He is not on the phone to hear a flow, and has one callback in a queue.
    if (to === undefined || other !== undefined) return endContact(turn, contact.id, to === undefined ? 'failed' : 'callback-merged');
    if (contact.state.status === 'dialling') callbackDown(turn, contact, 'gone');
  }
  const place = inLine(turn.centre.contacts.get(contact.id))?.state;
  if (place === undefined) return;
  if (to !== undefined) emit(turn, { type: 'contact-overflowed', contact: contact.id, from, queue: to, priority: place.priority, because: 'queue-removed', ...(place.rings && ringsIn(turn.centre, to)) });
  else emit(turn, { type: 'contact-turned-away', contact: contact.id, queue: from, reason: 'queue-removed', memory: null });
}
