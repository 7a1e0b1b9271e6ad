/** The only writer of the centre: each event's effect, and nothing that is not in the event. */
import { assertNever } from '../base/assert.ts';
import type { ContactId } from '../base/ids.ts';
import { countIn } from './admission.ts';
import { asking, inQueues, requested, resting, withDevice, withPresence, wrapUpWanted } from './agent-after.ts';
import { alarmCounted, alarmKey, alarmRaised } from './alarms.ts';
import { newAgent, placeIn } from './centre.ts';
import { called } from './callback-after.ts';
import { inQueue, kept, keptBy, memoryOf, overflowed, placeOf, recordingIs, known, reprioritised, talksAt, toldBy, uncalled, waitsAgain, unheld, unrecorded } from './contact-after.ts';
import { seeFlow } from './estimate.ts';
import { indexOverflows, indexShut } from './indexes.ts';
import type { Event, EventOf } from './messages.ts';
import { keepPlace, takePlace } from './redial.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { counted, removeContact, setAgent, setContact, theAgent, theContact } from './touched.ts';
import type { Touched } from './touched.ts';
import { applyOfferAnswered, applyOfferEnded, applyOfferMade, applyOfferRang } from './offer-after.ts';

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

function applyDisposition(centre: Centre, event: EventOf<'disposition-set'>, touched: Touched): void {
  const agent = theAgent(centre, event.agent);
  touched.agents.add(agent.id);
  if (agent.presence.status === 'wrap-up') setAgent(centre, touched, { ...agent, presence: { ...agent.presence, disposition: event.disposition } });
  const contact = centre.contacts.get(event.contact);
  if (contact !== undefined) setContact(centre, touched, counted(contact, event));
}
