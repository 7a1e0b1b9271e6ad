/**
 * Which events a contact's way is decided by, and the reason of each as a code. The flow's own steps are not among them:
 * they are told in the contact's story.
 */
import { assertNever } from '../base/assert.ts';
import type { ContactId } from '../base/ids.ts';
import { recorderFaults } from '../telephony/port.ts';
import type { LegEnd } from '../telephony/port.ts';
import type { Hold } from './contact.ts';
import type { ContactEnd, Event, EventOf, EventType, LeftBecause, OfferOutcome, TurnedAwayFromQueue } from './messages.ts';
import type { Centre, TurnedAway } from './model.ts';
import { inLine } from './ranking.ts';
import { notWidened } from './rings.ts';

/** `contact`: of the one whose it is. `centre`: of nobody alone, and yet it decides about whoever is in line. */
const about = {
  'contact-arrived': 'contact', 'caller-known': 'contact', 'contact-queued': 'contact', 'contact-held': 'contact', 'hold-ended': 'contact', 'contact-restored': 'contact',
  'contact-turned-away': 'contact', 'contact-left-queue': 'contact', 'contact-overflowed': 'contact', 'contact-escalated': 'contact', 'contact-widened': 'contact',
  'contact-re-prioritised': 'contact', 'contact-requeued': 'contact', 'callback-asked': 'contact', 'callback-waiting': 'contact', 'callback-attempted': 'contact',
  'callback-answered': 'contact', 'callback-missed': 'contact', 'callback-due': 'contact', 'callback-connected': 'contact', 'offer-made': 'contact', 'offer-answered': 'contact',
  'offer-ended': 'contact', 'contact-connected': 'contact', 'transfer-started': 'contact', 'transfer-connected': 'contact', 'transfer-failed': 'contact', 'contact-ended': 'contact',
  'queue-closed': 'centre', 'queue-reopened': 'centre', 'hours-changed': 'centre', 'switch-changed': 'centre', 'alarm-raised': 'centre', 'alarm-cleared': 'centre', configured: 'centre',
  // Heard, shown, recorded or mended, and nobody is routed otherwise for it.
  'flow-moved': null, 'contact-told': null, 'offer-rang': null, 'contact-closed': null, 'answer-asked': null, 'disposition-set': null, 'contact-repaired': null, 'stray-removed': null,
  'bridge-removed': null, 'recording-started': null, 'recording-paused': null, 'recording-resumed': null, 'recording-stopped': null, 'recording-failed': null, 'pace-changed': null,
  // Of the agents: what they are for a contact stands among its candidates.
  'presence-changed': null, 'presence-requested': null, 'queue-joined': null, 'queue-left': null, 'break-asked': null, 'break-decided': null, 'wrap-up-requested': null, 'rest-set': null, 'device-changed': null,
} as const satisfies { readonly [Type in EventType]: 'contact' | 'centre' | null };

type About<Whose> = { [Type in EventType]: (typeof about)[Type] extends Whose ? Type : never }[EventType];
type ContactDecision = EventOf<About<'contact'>>;
type CentreDecision = EventOf<About<'centre'>>;
export type RoutingEvent = ContactDecision | CentreDecision;

export type ReasonCode =
  | TurnedAway | TurnedAwayFromQueue | LeftBecause | OfferOutcome | LegEnd | ContactEnd | Hold['why']
  | EventOf<'hold-ended'>['because'] | EventOf<'contact-requeued'>['because']
  | 'vip' | 'nobody-known' | 'restored' | 'merged' | 'old-place' | 'place-asked' | 'overflow' | 'queue-removed' | 'needs-relaxed' | 'own-needs-relaxed' | 'level-opened'
  | 'by-supervisor' | 'by-agent' | 'by-flow' | 'by-hours' | 'turn-near' | 'agent-waits' | 'key-asked' | 'rest-over' | 'strategy' | 'kept' | 'contended' | 'press-1' | 'whisper'
  | 'open' | 'switch-away' | 'switch-back' | 'recorder-down' | 'recorder-back';

/** From the state just before the event. Undefined for one that decided nothing about this contact. */
export function decisionAbout(centre: Centre, id: ContactId, event: Event): RoutingEvent | undefined {
  if (isOfContact(event)) return event.contact === id ? event : undefined;
  return isOfCentre(event) && concerns(centre, id, event) ? event : undefined;
}

const isOfContact = (event: Event): event is ContactDecision => about[event.type] === 'contact';
const isOfCentre = (event: Event): event is CentreDecision => about[event.type] === 'centre';

function concerns(centre: Centre, id: ContactId, event: CentreDecision): boolean {
  const contact = inLine(centre.contacts.get(id));
  if (contact === undefined) return false;
  switch (event.type) {
    case 'queue-closed':
    case 'queue-reopened':
    case 'hours-changed':
      return event.queue === contact.state.queue;
    case 'switch-changed':
      return event.up !== centre.switchUp;
    case 'configured':
      return event.version !== centre.routing.version;
    case 'alarm-raised':
    case 'alarm-cleared':
      return (recorderFaults as readonly string[]).includes(event.alarm) && centre.routing.centre.recording.onFailure !== 'go-on' && centre.routing.queues.get(contact.state.queue)?.record === 'always';
    default:
      return assertNever(event);
  }
}

/** From the state just before the event. Undefined where it says all by itself. */
export function reasonOf(centre: Centre, event: RoutingEvent): ReasonCode | undefined {
  switch (event.type) {
    case 'contact-arrived':
      return event.turnedAway;
    case 'caller-known':
      return event.vip ? 'vip' : event.last === null ? 'nobody-known' : 'last-agent';
    case 'contact-queued':
      return entered(event);
    case 'contact-held':
      return event.hold.why;
    case 'hold-ended':
    case 'contact-left-queue':
    case 'contact-requeued':
      return event.because;
    case 'contact-restored':
      return 'restored';
    case 'contact-turned-away':
    case 'contact-ended':
      return event.reason;
    case 'contact-overflowed':
      return event.because ?? 'overflow';
    case 'contact-escalated':
      return 'by-agent';
    case 'contact-re-prioritised':
    case 'queue-closed':
      return 'by-supervisor';
    case 'contact-widened':
      return widenedBy(centre, event);
    case 'callback-attempted':
      return event.for === undefined ? 'turn-near' : 'agent-waits';
    case 'callback-answered':
      return 'key-asked';
    case 'callback-due':
      return 'rest-over';
    case 'callback-missed':
    case 'transfer-failed':
      return event.end;
    case 'offer-made':
      return offeredFor(centre, event);
    case 'offer-answered':
      return event.confirm ? 'press-1' : 'whisper';
    case 'offer-ended':
      return event.outcome;
    case 'transfer-started':
      return 'by-flow';
    case 'queue-reopened':
      return event.by === undefined ? 'queue-removed' : 'by-supervisor';
    case 'hours-changed':
      return event.open ? 'open' : 'by-hours';
    case 'switch-changed':
      return event.up ? 'switch-back' : 'switch-away';
    case 'alarm-raised':
      return 'recorder-down';
    case 'alarm-cleared':
      return 'recorder-back';
    case 'callback-asked':
    case 'callback-waiting':
    case 'callback-connected':
    case 'contact-connected':
    case 'transfer-connected':
    case 'configured':
      return undefined;
    default:
      return assertNever(event);
  }
}

/** What put it where it stands, other than its age and priority. */
function entered({ merged, restored, seat, hold, enteredAt, queuedAt, at }: EventOf<'contact-queued'>): ReasonCode | undefined {
  if (merged !== undefined) return 'merged';
  if (restored) return 'restored';
  if (seat !== undefined) return 'place-asked';
  if (hold !== undefined) return hold.why;
  return enteredAt !== undefined || queuedAt < at ? 'old-place' : undefined;
}

function widenedBy(centre: Centre, { contact, needs, own, level }: EventOf<'contact-widened'>): ReasonCode | undefined {
  const before = inLine(centre.contacts.get(contact))?.state.widened ?? notWidened;
  return needs > before.needs ? 'needs-relaxed' : own > before.own ? 'own-needs-relaxed' : level > before.level ? 'level-opened' : undefined;
}

/** `kept`: the strategy's choice had another contact first. `contended`: another contact asked for this agent, and this one came first. */
function offeredFor(centre: Centre, { contact, kept, before }: EventOf<'offer-made'>): ReasonCode {
  if (kept !== undefined) return 'kept';
  if (before !== undefined) return 'contended';
  return centre.contacts.get(contact)?.hold?.why ?? 'strategy';
}
