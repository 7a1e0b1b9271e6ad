/**
 * The state that events lead to, for a store that has lost it: by the writer that made it the first time, so that
 * nothing is forgotten, not even where in its flow a caller was.
 */
import { agentId } from '../base/ids.ts';
import type { ContactId } from '../base/ids.ts';
import { apply } from './apply.ts';
import { nothingTouched } from './touched.ts';
import { emptyCentre, newAgent } from './centre.ts';
import type { Stored } from './journal-port.ts';
import type { Event } from './messages.ts';
import type { Centre, Routing } from './model.ts';

/** All that happened to contacts that may be alive, and to agents since they became what they are; each in its order. */
export interface Histories {
  readonly contacts: ReadonlyMap<ContactId, readonly Event[]>;
  readonly agents: readonly Event[];
  /** What supervisors did to queues. */
  readonly queues: readonly Event[];
}

export interface Replayed extends Stored {
  /** Whose history could not be followed, as when a part of it is missing. The switch still knows their callers. */
  readonly leftOut: readonly ContactId[];
}

export function replay(routing: Routing, histories: Histories): Replayed {
  const centre = emptyCentre(routing, 0);
  const leftOut: ContactId[] = [];
  for (const [contact, events] of histories.contacts) if (!follow(centre, events)) leftOut.push(contact);
  for (const contact of leftOut) forget(centre, contact);
  // Apart, for an agent's word on a contact has been counted there.
  const { agents } = emptyCentre(routing, 0);
  follow({ ...emptyCentre(routing, 0), agents }, histories.agents);
  follow(centre, histories.queues);
  return { contacts: [...centre.contacts.values()], agents: [...agents.values()], offers: [...centre.offers.values()], closed: [...centre.closed.values()], left: [...centre.hungUp.values()], leftOut };
}

function follow(centre: Centre, events: readonly Event[]): boolean {
  const touched = nothingTouched();
  try {
    for (const event of events) {
      if ('agent' in event && event.agent !== undefined && !centre.agents.has(event.agent)) centre.agents.set(event.agent, newAgent(agentId(event.agent), event.at));
      apply(centre, event, touched);
    }
    return true;
  } catch {
    // A broken promise of apply.ts: something that should have come before did not.
    return false;
  }
}

function forget(centre: Centre, contact: ContactId): void {
  centre.contacts.delete(contact);
  for (const offer of [...centre.offers.values()]) if (offer.contact === contact) centre.offers.delete(offer.id);
}
