import type { QueueId } from '../base/ids.ts';
import type { Stored } from './journal-port.ts';
import { indexAgent, indexContact } from './indexes.ts';
import type { Agent, Centre, Routing } from './model.ts';

/**
 * The centre from what the journal holds and the configuration says: agents that are new in the configuration are
 * offline, agents that left it are forgotten unless a contact is still with them.
 */
export function makeCentre(routing: Routing, stored: Stored, at: number): Centre {
  const centre: Centre = {
    at,
    routing,
    contacts: new Map(),
    agents: new Map(),
    offers: new Map(),
    legs: new Map(),
    lines: new Map(),
    idle: new Map(),
    deadlines: [],
    switchUp: false,
  };
  for (const queue of routing.queues.keys()) openQueue(centre, queue);
  for (const id of routing.agents.keys()) centre.agents.set(id, newAgent(id, at));
  for (const agent of stored.agents) {
    if (routing.agents.has(agent.id) || agent.presence.status === 'talking' || agent.presence.status === 'offered') centre.agents.set(agent.id, { ...agent, device: 'unknown' });
  }
  for (const offer of stored.offers) {
    centre.offers.set(offer.id, offer);
    centre.legs.set(offer.leg, offer.contact);
    centre.deadlines.push({ at: offer.until, kind: 'offer', offer: offer.id });
  }
  for (const contact of stored.contacts) {
    centre.contacts.set(contact.id, contact);
    indexContact(centre, undefined, contact);
  }
  for (const agent of centre.agents.values()) indexAgent(centre, undefined, agent);
  centre.deadlines.sort((a, b) => a.at - b.at);
  return centre;
}

export function openQueue(centre: Centre, queue: QueueId): void {
  if (!centre.lines.has(queue)) centre.lines.set(queue, []);
  if (!centre.idle.has(queue)) centre.idle.set(queue, []);
}

export const newAgent = (id: Agent['id'], at: number): Agent => ({ id, presence: { status: 'offline', since: at }, device: 'unknown', restUntil: 0 });
