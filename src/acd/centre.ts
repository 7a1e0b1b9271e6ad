import { noteShut } from './callback-rule.ts';
import { newFloor, settle } from './floor.ts';
import { push } from './heap.ts';
import { lineOf } from './lines.ts';
import { indexHours } from './next-hours.ts';
import type { Stored } from './journal-port.ts';
import { indexAgent, indexContact } from './indexes.ts';
import { hasLeft } from './open-callbacks.ts';
import { remember } from './redial.ts';
import type { Agent } from './agent.ts';
import type { Contact, Place } from './contact.ts';
import type { Centre, Offer, Routing } from './model.ts';

export function makeCentre(routing: Routing, stored: Stored, at: number): Centre {
  const centre = emptyCentre(routing, at);
  fillCentre(centre, stored, at);
  return centre;
}

/** As the configuration says, with nobody in it: what a process that stands by has. */
export function emptyCentre(routing: Routing, at: number): Centre {
  const centre: Centre = {
    at,
    routing,
    contacts: new Map(),
    agents: new Map(),
    offers: new Map(),
    legs: new Map(),
    lines: new Map(),
    standings: new Map(),
    floor: newFloor(routing),
    flowing: new Map(),
    held: new Map(),
    hungUp: new Map(),
    callbacks: new Map(),
    callable: new Set(),
    staffed: new Map(),
    shut: new Set(),
    deadlines: [],
    switchUp: false,
    doors: { all: 0, callers: new Map(), trunks: new Map(), pace: 1 },
    alarms: new Map(),
    closed: new Map(),
    turnsAt: new Map(),
  };
  for (const queue of routing.queues.keys()) {
    lineOf(centre, queue);
    noteShut(centre, queue);
  }
  return centre;
}

/**
 * The empty centre becomes what the journal holds and the configuration says: agents that are new in the configuration
 * are offline, agents that left it are forgotten unless a contact is still with them.
 */
export function fillCentre(centre: Centre, stored: Stored, at: number): void {
  const { routing } = centre;
  centre.at = at;
  for (const id of routing.agents.keys()) centre.agents.set(id, newAgent(id, at));
  // One of a queue that is gone is told when the switch has been seen, and then forgotten.
  for (const queue of stored.closed) centre.closed.set(queue.id, queue);
  // The oldest first, as they are forgotten.
  for (const place of (stored.left ?? []).toSorted((a, b) => a.leftAt - b.leftAt)) remember(centre, place);
  for (const queue of routing.queues.keys()) noteShut(centre, queue);
  const { agents, offers, contacts } = agreeing(stored);
  for (const agent of agents) {
    if (routing.agents.has(agent.id) || agent.presence.status === 'talking' || agent.presence.status === 'offered') centre.agents.set(agent.id, { ...agent, device: 'unknown' });
  }
  for (const offer of offers) {
    centre.offers.set(offer.id, offer);
    centre.legs.set(offer.leg, offer.contact);
    push(centre.deadlines, { at: offer.until, kind: 'offer', offer: offer.id });
  }
  for (const contact of contacts) {
    centre.contacts.set(contact.id, contact);
    indexContact(centre, undefined, contact);
  }
  for (const agent of centre.agents.values()) indexAgent(centre, undefined, agent);
  indexHours(centre);
  settle(centre);
}

/**
 * An entity that could not be read was left out, and what speaks of it must not stop the service at every start: an
 * offer without its contact or agent falls, a caller whose offer or agent is not there keeps the place, an agent whose
 * call is not there works on.
 */
function agreeing({ agents, offers, contacts }: Stored): Omit<Stored, 'closed'> {
  // With 100,000 in line a list of pairs first would double its time.
  const contactOf = new Map<Contact['id'], Contact>();
  for (const contact of contacts) contactOf.set(contact.id, contact);
  const presenceOf = new Map(agents.map(({ id, presence }) => [id, presence]));
  const sound = offers.filter(({ id, contact, agent }) => {
    const state = contactOf.get(contact)?.state;
    const presence = presenceOf.get(agent);
    return state?.status === 'offered' && ringingFor(state).includes(id) && presence?.status === 'offered' && presence.offer === id;
  });
  const offered = new Set(sound.map(({ id }) => id));
  const talks = ({ state, id }: Contact): boolean => {
    const agent = agentOf(state);
    const presence = agent === undefined ? undefined : presenceOf.get(agent);
    return presence?.status === 'talking' && presence.contact === id;
  };
  const kept = contacts.map((contact): Contact => {
    const { state } = contact;
    const left = state.status === 'offered' ? ringingFor(state).filter((id) => offered.has(id)) : [];
    if (state.status === 'offered' && left.length > 0) return left.length === state.offers.length ? contact : { ...contact, state: { ...state, offers: left } };
    if (state.status !== 'offered' && (agentOf(state) === undefined || talks(contact))) return contact;
    return 'queue' in state ? { ...contact, state: { status: hasLeft(contact) ? 'callback' : 'waiting', ...placeIn(state) } } : contact;
  });
  const freed = agents.map((agent): Agent => {
    const { presence } = agent;
    if (presence.status === 'offered' && !offered.has(presence.offer)) return { ...agent, presence: { status: 'ready', since: presence.since, idleSince: presence.idleSince } };
    const contact = presence.status === 'talking' ? contactOf.get(presence.contact) : undefined;
    if (presence.status !== 'talking' || (contact !== undefined && agentOf(contact.state) === agent.id)) return agent;
    return { ...agent, presence: { status: 'ready', since: presence.since, idleSince: presence.since } };
  });
  return { agents: freed, offers: sound, contacts: kept };
}

/** Who talks, or waits on the phone for the customer whom we dial. */
const agentOf = (state: Contact['state']): Agent['id'] | undefined => (state.status === 'connected' ? state.agent : state.status === 'dialling' ? state.for?.agent : undefined);

/** None of a state that an older service wrote: who was offered then waits on, and the phone is found to be nobody's. */
const ringingFor = ({ offers }: Partial<Extract<Contact['state'], { status: 'offered' }>>): readonly Offer['id'][] => offers ?? [];

/** The place in line alone, of any state that has one. */
export function placeIn({ queue, queuedAt, enteredAt, priority, tier, seat, memory, keys, asks, widened, told, rings }: Place): Place {
  // Made four times a call, so without a spread for each that may not be there.
  const place: { -readonly [Field in keyof Place]: Place[Field] } = { queue, queuedAt, enteredAt, priority };
  if (tier !== undefined) place.tier = tier;
  if (seat !== undefined) place.seat = seat;
  if (memory !== undefined) place.memory = memory;
  if (keys !== undefined) place.keys = keys;
  if (asks !== undefined) place.asks = asks;
  if (widened !== undefined) place.widened = widened;
  if (told !== undefined) place.told = told;
  if (rings !== undefined) place.rings = rings;
  return place;
}

export const newAgent = (id: Agent['id'], at: number): Agent => ({ id, presence: { status: 'offline', since: at }, device: 'unknown', restUntil: 0 });
