/** 5: whoever is offered to an agent is the first of those who wait in that queue: by priority, then by age. */
import type { CallEventRow } from '../../src/store/tables.ts';

interface Place {
  readonly contact: string;
  readonly queue: string;
  readonly priority: number;
  readonly queuedAt: number;
  readonly offered: boolean;
}

export function orderIsKept(events: readonly CallEventRow[]): string[] {
  const places = new Map<string, Place>();
  const found: string[] = [];
  for (const event of events) {
    const contact = event.contact ?? '';
    const place = places.get(contact);
    switch (event.type) {
      case 'contact-queued':
        places.set(contact, { contact, queue: event.queue ?? '', priority: numberIn(event, 'priority'), queuedAt: numberIn(event, 'queuedAt'), offered: false });
        break;
      case 'contact-escalated':
        if (place) places.set(contact, { ...place, queue: event.queue ?? '', offered: false });
        break;
      case 'contact-overflowed':
        if (place) places.set(contact, { ...place, queue: event.queue ?? '', priority: numberIn(event, 'priority') });
        break;
      case 'contact-re-prioritised':
        if (place) places.set(contact, { ...place, priority: numberIn(event, 'priority') });
        break;
      case 'offer-made':
        if (!place) found.push(`${contact} was offered and is not in line`);
        else {
          const before = [...places.values()].find((other) => !other.offered && goesBefore(other, place));
          if (before) found.push(`${contact} was offered to ${event.agent} before ${before.contact}, who was ahead in ${place.queue}`);
          places.set(contact, { ...place, offered: true });
        }
        break;
      case 'offer-ended':
      case 'contact-requeued':
        // An accepted offer is followed by contact-connected; the others give the place back.
        if (place) places.set(contact, { ...place, offered: event.type === 'offer-ended' && event.body['outcome'] === 'accepted' });
        break;
      case 'contact-left-queue':
      case 'contact-ended':
        places.delete(contact);
        break;
      default:
        break;
    }
  }
  return found;
}

/** Needs are the queue's own, so an agent who may have one of its callers may have any. */
function goesBefore(other: Place, place: Place): boolean {
  if (other.contact === place.contact || other.queue !== place.queue) return false;
  return other.priority === place.priority ? other.queuedAt < place.queuedAt : other.priority > place.priority;
}

const numberIn = ({ body }: CallEventRow, field: string): number => Number(body[field]);
