/** The only writer of the centre: each event's effect, and nothing that is not in the event. */
import { assert, assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, OfferId } from '../base/ids.ts';
import { countIn } from './admission.ts';
import { alarmCounted, alarmKey, alarmRaised } from './alarms.ts';
import { newAgent, openQueue } from './centre.ts';
import { indexAgent, indexContact } from './indexes.ts';
import { push } from './heap.ts';
import type { Event, EventOf } from './messages.ts';
import type { Agent, Centre, Contact, ContactState, Place, Routing } from './model.ts';

/** What an event touched, for whoever writes it down. */
export interface Touched {
  readonly contacts: Set<ContactId>;
  readonly agents: Set<AgentId>;
  readonly offers: Set<OfferId>;
}

export function apply(centre: Centre, event: Event, touched: Touched): void {
  const contact = (id: ContactId, change: (contact: Contact) => Contact): void => setContact(centre, touched, change(counted(theContact(centre, id), event)));
  switch (event.type) {
    case 'contact-arrived':
      if (event.turnedAway === undefined) countIn(centre, event);
      else alarmCounted(centre, event);
      return setContact(centre, touched, arrived(event));
    case 'flow-moved':
      return contact(event.contact, (was) => ({ ...was, path: [...was.path, ...event.path].slice(-maxPath), data: event.data, language: event.language, state: { status: 'in-flow', memory: event.memory } }));
    case 'contact-queued':
      return contact(event.contact, (was) => ({
        ...was,
        // Of a contact that only its ticket remembers, earlier offers are forgotten: the next one's ids lie past them all.
        offersMade: event.restored ? past(was, event.at) : was.offersMade,
        state: { status: 'waiting', queue: event.queue, priority: event.priority, queuedAt: event.queuedAt, enteredAt: event.enteredAt ?? event.at },
      }));
    case 'contact-restored':
      if (event.state.status === 'connected' && !centre.agents.has(event.state.agent)) centre.agents.set(event.state.agent, newAgent(event.state.agent, event.at));
      return contact(event.contact, (was) => ({ ...was, offersMade: past(was, event.at), state: event.state }));
    case 'contact-turned-away':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'in-flow', memory: event.memory } }));
    case 'contact-overflowed':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'waiting', queue: event.queue, priority: event.priority, queuedAt: placeOf(was).queuedAt, enteredAt: event.at } }));
    case 'contact-requeued':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'waiting', ...placeOf(was) } }));
    case 'offer-made':
      return applyOfferMade(centre, event, touched);
    case 'offer-rang':
      return applyOfferRang(centre, event, touched);
    case 'offer-ended':
      return applyOfferEnded(centre, event, touched);
    case 'contact-connected':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'connected', ...placeOf(was), agent: event.agent, agentLeg: event.leg, bridge: event.bridge, connectedAt: event.at } }));
    case 'transfer-started':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'transferring', leg: event.leg, to: event.to, until: event.until, memory: event.memory } }));
    case 'transfer-connected':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'transferred', leg: event.leg, bridge: event.bridge, to: event.to, connectedAt: event.at } }));
    case 'transfer-failed':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'in-flow', memory: event.memory } }));
    case 'contact-ended':
      if (event.reason === 'caller-hung-up' || event.reason === 'switch-restarted') return removeContact(centre, touched, event.contact);
      return contact(event.contact, (was) => ({ ...was, state: { status: 'closing', until: event.at + closingMs } }));
    case 'contact-closed':
      return removeContact(centre, touched, event.contact);
    case 'presence-changed':
      return setAgent(centre, touched, withPresence(theAgent(centre, event.agent), event));
    case 'presence-requested':
      return setAgent(centre, touched, requested(theAgent(centre, event.agent), event));
    case 'rest-set':
      return setAgent(centre, touched, { ...theAgent(centre, event.agent), restUntil: event.until });
    case 'device-changed':
      return setAgent(centre, touched, withDevice(theAgent(centre, event.agent), event));
    case 'disposition-set':
      return applyDisposition(centre, event, touched);
    case 'recording-started':
      return contact(event.contact, (was) => ({ ...was, state: recordingIs(was.state, { id: event.recording, paused: false }) }));
    case 'recording-paused':
      return contact(event.contact, (was) => ({ ...was, state: recordingIs(was.state, { id: event.recording, paused: true }) }));
    case 'recording-resumed':
      return contact(event.contact, (was) => ({ ...was, state: recordingIs(was.state, { id: event.recording, paused: false }) }));
    case 'recording-failed':
      if (centre.contacts.has(event.contact)) contact(event.contact, (was) => ({ ...was, state: unrecorded(was.state) }));
      return;
    case 'recording-stopped':
      if (centre.contacts.has(event.contact)) contact(event.contact, (was) => ({ ...was, state: recordingIs(was.state, undefined) }));
      return;
    case 'contact-repaired':
    case 'answer-asked':
      return contact(event.contact, (was) => was);
    case 'stray-removed':
    case 'bridge-removed':
      return;
    case 'switch-changed':
      centre.switchUp = event.up;
      return;
    case 'pace-changed':
      centre.doors.pace = event.pace;
      return;
    case 'alarm-raised':
      return alarmRaised(centre, event);
    case 'alarm-cleared':
      centre.alarms.delete(alarmKey(event.alarm, event));
      return;
    case 'configured':
      return;
    default:
      return assertNever(event);
  }
}

const past = ({ offersMade, arrivedAt }: Contact, at: number): number => Math.max(offersMade, at - arrivedAt);

/** A leg that we hung up is gone within a second; after this long the hang-up is ordered again and the contact let go. */
const closingMs = 10_000;

/** A caller who runs in circles in a menu does not fill our memory. */
const maxPath = 200;

/** The new configuration comes beside its event: it is too large for the journal, which holds its version. */
export function applyRouting(centre: Centre, routing: Routing, touched: Touched): void {
  const before = [...centre.agents.values()];
  for (const agent of before) indexAgent(centre, agent, undefined);
  centre.routing = routing;
  for (const queue of routing.queues.keys()) openQueue(centre, queue);
  for (const id of routing.agents.keys()) {
    if (!centre.agents.has(id)) {
      centre.agents.set(id, newAgent(id, centre.at));
      touched.agents.add(id);
    }
  }
  for (const agent of centre.agents.values()) indexAgent(centre, undefined, agent);
}

const arrived = (event: EventOf<'contact-arrived'>): Contact => ({
  id: event.contact,
  leg: event.leg,
  ani: event.ani,
  dnis: event.dnis,
  arrivedAt: event.at,
  flow: { name: event.flow, version: event.version },
  language: event.language,
  data: {},
  path: [],
  next: 2,
  offersMade: 0,
  ...(event.turnedAway === undefined ? {} : { turnedAway: event.turnedAway }),
  state: { status: 'in-flow', memory: null },
});

function applyOfferMade(centre: Centre, event: EventOf<'offer-made'>, touched: Touched): void {
  const was = theContact(centre, event.contact);
  centre.offers.set(event.offer, { id: event.offer, contact: event.contact, agent: event.agent, queue: event.queue, leg: event.leg, madeAt: event.at, rang: false, until: event.until });
  centre.legs.set(event.leg, event.contact);
  push(centre.deadlines, { at: event.until, kind: 'offer', offer: event.offer });
  touched.offers.add(event.offer);
  setContact(centre, touched, { ...counted(was, event), offersMade: was.offersMade + 1, state: { status: 'offered', ...placeOf(was), offer: event.offer } });
}

function applyOfferRang(centre: Centre, event: EventOf<'offer-rang'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} rang and is not there`);
  centre.offers.set(offer.id, { ...offer, rang: true });
  touched.offers.add(offer.id);
  setContact(centre, touched, counted(theContact(centre, event.contact), event));
}

function applyOfferEnded(centre: Centre, event: EventOf<'offer-ended'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} ended and is not there`);
  centre.offers.delete(offer.id);
  centre.legs.delete(offer.leg);
  touched.offers.add(offer.id);
  const was = counted(theContact(centre, event.contact), event);
  setContact(centre, touched, { ...was, state: { status: 'waiting', ...placeOf(was) } });
}

function applyDisposition(centre: Centre, event: EventOf<'disposition-set'>, touched: Touched): void {
  const agent = theAgent(centre, event.agent);
  touched.agents.add(agent.id);
  if (agent.presence.status === 'wrap-up') setAgent(centre, touched, { ...agent, presence: { ...agent.presence, disposition: event.disposition } });
  const contact = centre.contacts.get(event.contact);
  if (contact !== undefined) setContact(centre, touched, counted(contact, event));
}

function withPresence(agent: Agent, event: EventOf<'presence-changed'>): Agent {
  // What was asked for is done, or the agent chose anew; on the way through an offer or a talk it stays asked for.
  const keeps = event.presence.status === 'offered' || event.presence.status === 'talking' || event.presence.status === 'wrap-up';
  const { then, ...rest } = agent;
  return { ...rest, presence: event.presence, ...(keeps && then !== undefined ? { then } : {}) };
}

function withDevice({ remoteAnswer: _, ...agent }: Agent, { device, remoteAnswer }: EventOf<'device-changed'>): Agent {
  return { ...agent, device, ...(remoteAnswer === undefined ? {} : { remoteAnswer }) };
}

function requested(agent: Agent, event: EventOf<'presence-requested'>): Agent {
  const { then: _, ...rest } = agent;
  if (event.then === 'offline') return { ...rest, then: { status: 'offline' } };
  if (event.then === 'paused') return { ...rest, then: { status: 'paused', reason: event.reason ?? '' } };
  return rest;
}

function recordingIs(state: ContactState, recording: { id: EventOf<'recording-started'>['recording']; paused: boolean } | undefined): ContactState {
  if (state.status !== 'connected') return state;
  const { recording: _, ...rest } = state;
  return recording === undefined ? rest : { ...rest, recording };
}

function unrecorded(state: ContactState): ContactState {
  if (state.status !== 'connected') return state;
  const { recording, ...rest } = state;
  return { ...rest, unrecorded: recording?.paused === true ? 'lost-while-paused' : 'lost' };
}

/** The place in line, kept while offered and connected so that it can be taken up again. */
export function placeOf(contact: Contact): Place {
  const { state } = contact;
  assert(state.status === 'waiting' || state.status === 'offered' || state.status === 'connected', `contact ${contact.id} is ${state.status} and has no place in line`);
  return { queue: state.queue, queuedAt: state.queuedAt, enteredAt: state.enteredAt, priority: state.priority };
}

const counted = (contact: Contact, event: Event): Contact => (event.n === undefined ? contact : { ...contact, next: event.n + 1 });

function theContact(centre: Centre, id: ContactId): Contact {
  const contact = centre.contacts.get(id);
  assert(contact, `contact ${id} is not there`);
  return contact;
}

function theAgent(centre: Centre, id: AgentId): Agent {
  const agent = centre.agents.get(id);
  assert(agent, `agent ${id} is not there`);
  return agent;
}

function setContact(centre: Centre, touched: Touched, contact: Contact): void {
  const before = centre.contacts.get(contact.id);
  centre.contacts.set(contact.id, contact);
  indexContact(centre, before, contact);
  touched.contacts.add(contact.id);
}

function removeContact(centre: Centre, touched: Touched, id: ContactId): void {
  const before = centre.contacts.get(id);
  centre.contacts.delete(id);
  indexContact(centre, before, undefined);
  touched.contacts.add(id);
}

function setAgent(centre: Centre, touched: Touched, agent: Agent): void {
  const before = centre.agents.get(agent.id);
  centre.agents.set(agent.id, agent);
  indexAgent(centre, before, agent);
  touched.agents.add(agent.id);
}
