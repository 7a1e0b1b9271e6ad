/** How the state is set, indexes and all, and what an event touched of it, for whoever writes that down. Only `apply` and its parts write. */
import { assert } from '../base/assert.ts';
import type { AgentId, ContactId, OfferId, QueueId } from '../base/ids.ts';
import { indexAgent, indexContact } from './indexes.ts';
import type { Event } from './messages.ts';
import type { LeftTouched } from './redial.ts';
import type { Agent } from './agent.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';

/** What an event touched, for whoever writes it down. */
export interface Touched {
  readonly contacts: Set<ContactId>;
  readonly agents: Set<AgentId>;
  readonly offers: Set<OfferId>;
  readonly closed: Set<QueueId>;
  /** Contacts that stand elsewhere in their line though nothing of their own has changed. */
  readonly places: Set<ContactId>;
  readonly left: LeftTouched;
}
export const nothingTouched = (): Touched => ({ contacts: new Set(), agents: new Set(), offers: new Set(), closed: new Set(), places: new Set(), left: new Map() });

export const counted = (contact: Contact, event: Event): Contact => (event.n === undefined ? contact : { ...contact, next: event.n + 1 });

export function theContact(centre: Centre, id: ContactId): Contact {
  const contact = centre.contacts.get(id);
  assert(contact, `contact ${id} is not there`);
  return contact;
}

export function theAgent(centre: Centre, id: AgentId): Agent {
  const agent = centre.agents.get(id);
  assert(agent, `agent ${id} is not there`);
  return agent;
}

export function setContact(centre: Centre, touched: Touched, contact: Contact): void {
  const before = centre.contacts.get(contact.id);
  centre.contacts.set(contact.id, contact);
  indexContact(centre, before, contact);
  touched.contacts.add(contact.id);
}

export function removeContact(centre: Centre, touched: Touched, id: ContactId): void {
  const before = centre.contacts.get(id);
  centre.contacts.delete(id);
  indexContact(centre, before, undefined);
  touched.contacts.add(id);
}

export function setAgent(centre: Centre, touched: Touched, agent: Agent): void {
  const before = centre.agents.get(agent.id);
  centre.agents.set(agent.id, agent);
  indexAgent(centre, before, agent);
  touched.agents.add(agent.id);
}
