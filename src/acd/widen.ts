/** A contact's deadline: a step of its ring has begun, or several, and whoever is free now is looked at. */
import type { Contact } from './contact.ts';
import { inLine } from './ranking.ts';
import { notWidened, ringAt } from './rings.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function widen(turn: Turn, id: Contact['id']): void {
  const place = inLine(turn.centre.contacts.get(id))?.state;
  if (place === undefined) return;
  const ring = ringAt(turn.centre, place, turn.at);
  if (ring !== (place.widened ?? notWidened)) emit(turn, { type: 'contact-widened', contact: id, queue: place.queue, ...ring });
}
