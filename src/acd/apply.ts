/** The only writer of the centre: each event's effect, and nothing that is not in the event. */
import { assert, assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, OfferId, QueueId } from '../base/ids.ts';
import { countIn } from './admission.ts';
import { asking, inQueues, requested, resting, withDevice, withPresence, wrapUpWanted } from './agent-after.ts';
import { alarmCounted, alarmKey, alarmRaised } from './alarms.ts';
import { newAgent, placeIn } from './centre.ts';
import { called } from './callback-after.ts';
import { noteShut } from './callback-rule.ts';
import { inQueue, kept, keptBy, memoryOf, overflowed, placeOf, recordingIs, known, reprioritised, talksAt, toldBy, uncalled, waitsAgain, unheld, unrecorded } from './contact-after.ts';
import { seeFlow } from './estimate.ts';
import { indexAgent, indexContact, indexOverflows, indexShut } from './indexes.ts';
import { newFloor } from './floor.ts';
import { indexHours } from './next-hours.ts';
import { push } from './heap.ts';
import { lineOf } from './lines.ts';
import type { Event, EventOf } from './messages.ts';
import { keepPlace, takePlace } from './redial.ts';
import type { LeftTouched } from './redial.ts';
import { lineScore } from './ranking.ts';
import type { Agent } from './agent.ts';
import type { Contact } from './contact.ts';
import type { Centre, Routing } from './model.ts';

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

export function apply(centre: Centre, event: Event, touched: Touched): void {
  const contact = (id: ContactId, change: (contact: Contact) => Contact): void => setContact(centre, touched, change(counted(theContact(centre, id), event)));
  seeFlow(centre, event);
  switch (event.type) {
    case 'contact-arrived':
      if (event.turnedAway === undefined) countIn(centre, event);
      else alarmCounted(centre, event);
      return setContact(centre, touched, arrived(event));
    case 'flow-moved':
      return contact(event.contact, (was) => ({ ...was, path: [...was.path, ...event.path].slice(-maxPath), data: event.data, language: event.language, state: { status: 'in-flow', memory: event.memory, ...keptBy(was.state) } }));
    case 'contact-queued':
      takePlace(centre, event, touched.left);
      return contact(event.contact, (was) => ({
        ...unheld(uncalled(was)),
        // Of a contact that only its ticket remembers, earlier offers are forgotten: the next one's ids lie past them all.
        offersMade: event.restored ? past(was, event.at) : was.offersMade,
        ...(event.hold && { hold: event.hold }),
        state: { status: 'waiting', ...placeIn({ ...event, enteredAt: event.enteredAt ?? event.at, ...memoryOf(was.state) }) },
      }));
    case 'contact-restored':
      if (event.state.status === 'connected' && !centre.agents.has(event.state.agent)) centre.agents.set(event.state.agent, newAgent(event.state.agent, event.at));
      return contact(event.contact, (was) => ({ ...unheld(uncalled(was)), offersMade: past(was, event.at), state: event.state }));
    case 'contact-turned-away':
      return contact(event.contact, (was) => ({ ...unheld(was), state: { status: 'in-flow', memory: event.memory, ...keptBy(was.state) } }));
    case 'contact-left-queue':
      return contact(event.contact, (was) => ({ ...unheld(was), state: { status: 'in-flow', memory: event.memory, kept: kept(placeOf(was), event.because) } }));
    case 'caller-known':
      return contact(event.contact, (was) => known(was, event));
    case 'contact-held':
      return contact(event.contact, (was) => ({ ...was, hold: event.hold }));
    case 'hold-ended':
      return contact(event.contact, unheld);
    case 'contact-escalated':
      return contact(event.contact, (was) => ({ ...was, been: [...(was.been ?? []), event.from], state: { status: 'waiting', ...overflowed(placeOf(was), event) } }));
    case 'contact-overflowed':
      return contact(event.contact, (was) => ({ ...unheld(was), state: inQueue(was, overflowed(placeOf(was), event)) }));
    case 'callback-asked':
    case 'callback-waiting':
    case 'callback-attempted':
    case 'callback-answered':
    case 'callback-missed':
    case 'callback-due':
    case 'callback-connected':
      return contact(event.contact, (was) => called(was, event));
    case 'contact-widened':
      return contact(event.contact, (was) => ('queue' in was.state ? { ...was, state: { ...was.state, widened: { needs: event.needs, own: event.own, level: event.level } } } : was));
    case 'contact-told':
      return contact(event.contact, (was) => ({ ...was, state: { ...was.state, ...toldBy(was, event) } }));
    case 'contact-re-prioritised':
      return contact(event.contact, (was) => ('queue' in was.state ? { ...was, state: reprioritised(was.state, event.priority) } : was));
    case 'contact-requeued':
      return contact(event.contact, (was) => ({ ...was, state: waitsAgain(was) }));
    case 'offer-made':
      return applyOfferMade(centre, event, touched);
    case 'offer-rang':
      return applyOfferRang(centre, event, touched);
    case 'offer-answered':
      return applyOfferAnswered(centre, event, touched);
    case 'offer-ended':
      return applyOfferEnded(centre, event, touched);
    case 'contact-connected':
      return contact(event.contact, (was) => ({ ...unheld(was), ...talksAt(was, event.at), state: { status: 'connected', ...placeOf(was), agent: event.agent, agentLeg: event.leg, bridge: event.bridge, connectedAt: event.at } }));
    case 'transfer-started':
      return contact(event.contact, (was) => ({ ...uncalled(was), state: { status: 'transferring', leg: event.leg, to: event.to, until: event.until, memory: event.memory } }));
    case 'transfer-connected':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'transferred', leg: event.leg, bridge: event.bridge, to: event.to, connectedAt: event.at } }));
    case 'transfer-failed':
      return contact(event.contact, (was) => ({ ...was, state: { status: 'in-flow', memory: event.memory } }));
    case 'contact-ended':
      keepPlace(centre, event, touched.left);
      if (event.reason === 'caller-hung-up' || event.reason === 'switch-restarted') return removeContact(centre, touched, event.contact);
      return contact(event.contact, (was) => ({ ...unheld(was), state: { status: 'closing', until: event.at + closingMs } }));
    case 'contact-closed':
      return removeContact(centre, touched, event.contact);
    case 'presence-changed':
      return setAgent(centre, touched, withPresence(theAgent(centre, event.agent), event));
    case 'presence-requested':
      return setAgent(centre, touched, requested(theAgent(centre, event.agent), event));
    case 'queue-joined':
    case 'queue-left':
      return setAgent(centre, touched, inQueues(theAgent(centre, event.agent), event));
    case 'break-asked':
      return setAgent(centre, touched, asking(theAgent(centre, event.agent), event.reason, event.at));
    case 'break-decided':
      return setAgent(centre, touched, asking(theAgent(centre, event.agent), null, event.at));
    case 'wrap-up-requested':
      return setAgent(centre, touched, wrapUpWanted(theAgent(centre, event.agent), event.wanted));
    case 'rest-set':
      return setAgent(centre, touched, resting(theAgent(centre, event.agent), event));
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
    case 'queue-closed':
      centre.closed.set(event.queue, { id: event.queue, since: event.at, by: event.by, reason: event.reason, waiting: event.waiting });
      touched.closed.add(event.queue);
      return indexShut(centre, event.queue);
    case 'queue-reopened':
      centre.closed.delete(event.queue);
      touched.closed.add(event.queue);
      indexShut(centre, event.queue);
      return indexOverflows(centre, event.queue);
    case 'hours-changed':
      return indexShut(centre, event.queue);
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
  // The journal's only word on the order; of 100,000 who wait most reloads change none.
  const scores = new Map([...centre.standings].map(([id, { rank }]) => [id, lineScore(rank)]));
  centre.routing = routing;
  centre.staffed.clear();
  centre.floor = newFloor(routing);
  for (const queue of routing.queues.keys()) lineOf(centre, queue);
  for (const queue of new Set([...centre.shut, ...routing.queues.keys()])) noteShut(centre, queue);
  for (const id of routing.agents.keys()) {
    if (!centre.agents.has(id)) {
      centre.agents.set(id, newAgent(id, centre.at));
      touched.agents.add(id);
    }
  }
  for (const agent of centre.agents.values()) indexAgent(centre, undefined, agent);
  // What is due for those who wait, and in which order, may be another now; what no longer holds is passed over.
  for (const contact of centre.contacts.values()) indexContact(centre, contact, undefined);
  for (const contact of centre.contacts.values()) indexContact(centre, undefined, contact);
  for (const [id, { rank }] of centre.standings) if (scores.get(id) !== lineScore(rank)) touched.places.add(id);
  indexHours(centre);
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
  setContact(centre, touched, { ...counted(was, event), offersMade: was.offersMade + 1, state: { status: 'offered', ...placeOf(was), offers: was.state.status === 'offered' ? [...was.state.offers, event.offer] : [event.offer] } });
}

function applyOfferRang(centre: Centre, event: EventOf<'offer-rang'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} rang and is not there`);
  centre.offers.set(offer.id, { ...offer, rang: true });
  touched.offers.add(offer.id);
  setContact(centre, touched, counted(theContact(centre, event.contact), event));
}

function applyOfferAnswered(centre: Centre, event: EventOf<'offer-answered'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} was answered and is not there`);
  centre.offers.set(offer.id, { ...offer, whisper: { at: event.at, play: event.play, ...(event.confirm && { confirm: true as const }) }, until: event.until });
  push(centre.deadlines, { at: event.until, kind: 'offer', offer: offer.id });
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
  const others = was.state.status === 'offered' ? was.state.offers.filter((id) => id !== offer.id) : [];
  setContact(centre, touched, { ...was, state: others.length > 0 ? { status: 'offered', ...placeOf(was), offers: others } : waitsAgain(was) });
}

function applyDisposition(centre: Centre, event: EventOf<'disposition-set'>, touched: Touched): void {
  const agent = theAgent(centre, event.agent);
  touched.agents.add(agent.id);
  if (agent.presence.status === 'wrap-up') setAgent(centre, touched, { ...agent, presence: { ...agent.presence, disposition: event.disposition } });
  const contact = centre.contacts.get(event.contact);
  if (contact !== undefined) setContact(centre, touched, counted(contact, event));
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
