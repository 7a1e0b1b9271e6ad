/** What the switch must do because of an event, from the state as it was just before it. */
import type { ContactId, QueueId } from '../base/ids.ts';
import type { Admission } from '../config/centre-config.ts';
import { bridgeOf, playOf } from '../telephony/ids.ts';
import type { Order } from '../telephony/port.ts';
import { heardIn, musicOf, otherMusic } from './heard.ts';
import type { Event, EventOf, EventType } from './messages.ts';
import { phoneOf } from './agent-phone.ts';
import type { Contact, LiveRecording } from './contact.ts';
import type { Centre } from './model.ts';
import { hasLeft } from './open-callbacks.ts';
import { reachedNow, talkOf, ticketAgain, ticketOf, unseated } from './tickets.ts';

export function ordersOf(centre: Centre, event: Event): readonly Order[] {
  // The row belongs to the event's own type; TypeScript does not follow that through the look-up.
  const row = table[event.type] as (centre: Centre, event: Event) => readonly Order[];
  return row(centre, event);
}

const none = (): readonly Order[] => [];

/** Asterisk's own ring limit lies behind ours: it is the safety for when we are gone. */
const ringSafetyMs = 5_000;

const table: { readonly [Type in EventType]: (centre: Centre, event: EventOf<Type>) => readonly Order[] } = {
  'contact-arrived': (centre, { contact, leg, at, n = 1, language, turnedAway }) =>
    turnedAway !== undefined && centre.routing.centre.admission.treatment !== 'prompt' ? [] : [{ type: 'claim', leg }, { type: 'write-ticket', leg, ticket: { contact, arrivedAt: at, language, n } }],
  'flow-moved': (_, { orders }) => orders,
  'contact-queued': (centre, { contact, queue, priority, queuedAt, enteredAt, tier, asks, seat, merged, rings, at, n }) =>
    forContact(centre, contact, (it) => [
      // A caller who was sent straight to a queue has not been answered yet; answering twice does nothing.
      ...(rings ? [] : [{ type: 'answer', leg: it.leg } as const]),
      { type: 'start-music', leg: it.leg, music: heardIn(centre, { queue, ...(rings && { rings }) }) },
      ...(merged === undefined ? [] : [{ type: 'play', leg: it.leg, play: playOf(contact, `m${n}`), media: [{ say: 'prompt', name: 'callback-merged', language: it.language }] } as const]),
      { type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, { queue, priority, queuedAt, enteredAt: enteredAt ?? at, ...(tier && { tier }), ...(asks && { asks }), ...(seat && { seat }) }) },
    ]),
  'contact-restored': (centre, { contact, state, n }) => forContact(centre, contact, (it) => [{ type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, state.status === 'connected' ? state : undefined, talkOf(state)) }]),
  'contact-turned-away': (centre, { contact, reason, n }) =>
    reason !== 'queue-removed' ? [] : forContact(centre, contact, (it) => [{ type: 'stop-music', leg: it.leg }, { type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, undefined) }]),
  'contact-told': (centre, { contact, play, media }) => forContact(centre, contact, ({ leg }) => [{ type: 'play', leg, play, media }]),
  'contact-left-queue': (centre, { contact, n }) =>
    forContact(centre, contact, (it) => [...hushed(it), { type: 'stop-music', leg: it.leg }, { type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, undefined) }]),
  'contact-overflowed': (centre, event) =>
    forContact(centre, event.contact, (it) => hasLeft(it) ? [] : [
      ...otherMusic(centre, it, event),
      { type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, event.n, { queue: event.queue, priority: event.priority, queuedAt: it.state.status === 'waiting' ? it.state.queuedAt : it.arrivedAt, enteredAt: event.at, ...('tier' in it.state && it.state.tier ? { tier: it.state.tier } : {}), ...('asks' in it.state && it.state.asks ? { asks: it.state.asks } : {}) }) },
    ]),
  'contact-widened': none,
  'callback-asked': none,
  'callback-waiting': (centre, { contact, reason }) => (reason === 'caller-hung-up' ? [] : forContact(centre, contact, ({ leg }) => [{ type: 'hang-up', leg, because: 'normal' }])),
  // The number that he called is the one that he knows.
  'callback-attempted': (centre, { contact, queue, leg, number, trunk, until, for: by, at }) =>
    forContact(centre, contact, ({ dnis }) => [{ type: 'ring', leg, to: { kind: 'number', number, ...(trunk === undefined ? {} : { trunk }) }, caller: dnis, contact, timeoutMs: until - at + ringSafetyMs }, ...(by ? [{ type: 'start-music', leg: by.leg, music: musicOf(centre, queue) } as const] : [])]),
  'callback-answered': (_, { leg, play, media }) => [{ type: 'play', leg, play, media }],
  'callback-missed': (centre, { contact, leg }) => [{ type: 'hang-up', leg, because: 'normal' }, ...forContact(centre, contact, waitingAgent)],
  'callback-due': none,
  'callback-connected': (centre, { contact, queue, at, n }) =>
    forContact(centre, contact, (it) => [...hushed(it), { type: 'start-music', leg: it.leg, music: musicOf(centre, queue) }, ...ticketAgain(reachedNow(it, at), n, undefined)]),
  'contact-re-prioritised': (centre, { contact, priority, n }) => forContact(centre, contact, (it) => ('queue' in it.state && !hasLeft(it) ? [{ type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, unseated({ ...it.state, priority })) }] : [])),
  'contact-requeued': (centre, { contact, queue, n }) => backInLine(centre, contact, queue, (it) => ticketAgain(it, n, undefined)),
  'contact-escalated': (centre, { contact, queue, priority, at, n }) =>
    backInLine(centre, contact, queue, (it) => [{ type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, 'queue' in it.state ? unseated({ ...it.state, queue, priority, enteredAt: at }) : undefined) }]),
  'offer-made': (centre, { contact, agent, leg, until, at }) =>
    forContact(centre, contact, (it) => [{ type: 'ring', leg, ...phoneOf(centre, agent), caller: it.ani, contact, timeoutMs: until - at + ringSafetyMs }]),
  'offer-rang': none,
  'offer-answered': (_, { leg, play, media }) => [{ type: 'play', leg, play, media }],
  'offer-ended': (centre, { offer, outcome }) => {
    const { leg, whisper } = centre.offers.get(offer) ?? {};
    // A leg that plays takes no bridge. To stop what is over does nothing.
    if (outcome === 'accepted' && leg !== undefined && whisper !== undefined) return [{ type: 'stop-play', leg, play: whisper.play }];
    return leg === undefined || !stillRinging.has(outcome) ? [] : [{ type: 'hang-up', leg, because: outcome === 'answered-elsewhere' ? outcome : 'normal' }];
  },
  'contact-connected': (centre, { contact, agent, queue, leg, bridge, at, n }) =>
    forContact(centre, contact, (it) => [
      // What an agent hears while a customer is dialled.
      ...(it.state.status === 'dialling' ? [{ type: 'stop-music', leg } as const] : []),
      ...talkOrders(centre, it, { agent, queue, agentLeg: leg, bridge }),
      // A recording that begins with it writes it, with itself in it.
      ...(centre.routing.queues.get(queue)?.record === 'always' ? [] : ticketAgain(it, n, { agent, leg, bridge, connectedAt: at })),
    ]),
  'transfer-started': (centre, { contact, leg, to, until, at }) =>
    forContact(centre, contact, (it) => [
      { type: 'start-music', leg: it.leg, music: 'default' },
      { type: 'ring', leg, to: { kind: 'number', ...to }, caller: it.ani, contact, timeoutMs: until - at + ringSafetyMs },
    ]),
  'transfer-connected': (centre, { contact, leg, bridge, at, n }) =>
    forContact(centre, contact, (it) => [
      { type: 'stop-music', leg: it.leg },
      { type: 'connect', bridge, legs: [it.leg, leg] },
      ...ticketAgain(it, n, { leg, bridge, connectedAt: at }),
    ]),
  'transfer-failed': (centre, { contact, leg }) =>
    forContact(centre, contact, (it) => [
      { type: 'hang-up', leg, because: 'normal' },
      { type: 'stop-music', leg: it.leg },
    ]),
  'contact-ended': (centre, { contact }) => forContact(centre, contact, (it) => endOrders(it, centre.routing.centre.admission.treatment)),
  // A leg that went by itself is left alone: a hang-up that catches it on its way out puts another cause over the first.
  'contact-closed': (centre, { contact, overdue }) => (overdue === true ? forContact(centre, contact, (it) => [hangUpOf(it, centre.routing.centre.admission.treatment)]) : []),
  'caller-known': (centre, { contact, vip, n }) => forContact(centre, contact, (it) => (vip === true && 'queue' in it.state && !hasLeft(it) ? [{ type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, n, unseated({ ...it.state, tier: 'vip' }), 'bridge' in it.state ? talkOf(it.state) : undefined) }] : [])),
  'contact-held': none,
  'hold-ended': none,
  'presence-changed': none,
  'presence-requested': none,
  'queue-joined': none,
  'queue-left': none,
  'break-asked': none,
  'break-decided': none,
  'wrap-up-requested': none,
  'rest-set': none,
  'device-changed': none,
  'disposition-set': none,
  'answer-asked': (_, { leg, agent }) => [{ type: 'answer-phone', leg, agent }],
  'recording-started': (centre, { recording, leg, contact, n }) => [{ type: 'start-recording', recording, leg }, ...recordingNoted(centre, contact, n, { id: recording, paused: false })],
  'recording-paused': (centre, { recording, leg, contact, n }) => [{ type: 'pause-recording', recording, leg }, ...recordingNoted(centre, contact, n, { id: recording, paused: true })],
  'recording-resumed': (centre, { recording, leg, contact, n }) => [{ type: 'resume-recording', recording, leg }, ...recordingNoted(centre, contact, n, { id: recording, paused: false })],
  'recording-stopped': (centre, { recording, leg, contact }) => (centre.contacts.has(contact) ? [{ type: 'stop-recording', recording, leg }] : []),
  // It may be writing all the same, and a file with a hole in it is no recording.
  'recording-failed': (centre, { recording, contact }) =>
    forContact(centre, contact, ({ leg, state }) => (state.status === 'connected' && state.recording?.id === recording ? [{ type: 'stop-recording', recording, leg }] : [])),
  'contact-repaired': (_, { orders }) => orders,
  'stray-removed': (_, { leg }) => [{ type: 'hang-up', leg, because: 'normal' }],
  'bridge-removed': (_, { bridge }) => [{ type: 'dissolve', bridge }],
  'switch-changed': none,
  'pace-changed': none,
  'alarm-raised': none,
  'alarm-cleared': none,
  'queue-closed': none,
  'queue-reopened': none,
  'hours-changed': none,
  configured: none,
};

/** The outcomes after which the phone may still be ringing; after the others its leg is already gone. */
const stillRinging: ReadonlySet<string> = new Set(['no-answer', 'rejected', 'withdrawn', 'answered-elsewhere', 'lost']);

/** Everything of the contact goes; a hang-up of a leg that went by itself does nothing. */
function endOrders(contact: Contact, treatment: Admission['treatment']): readonly Order[] {
  const { state } = contact;
  const hangUp = hangUpOf(contact, treatment);
  if (state.status === 'connected') return [hangUp, { type: 'hang-up', leg: state.agentLeg, because: 'normal' }, { type: 'dissolve', bridge: state.bridge }];
  if (state.status === 'transferred') return [hangUp, { type: 'hang-up', leg: state.leg, because: 'normal' }, { type: 'dissolve', bridge: state.bridge }];
  if (state.status === 'dialling') return [hangUp, ...waitingAgent(contact)];
  if (state.status === 'transferring') return [hangUp, { type: 'hang-up', leg: state.leg, because: 'normal' }];
  return [hangUp];
}

/** The phone of the agent for whom a customer was dialled. */
const waitingAgent = ({ state }: Contact): readonly Order[] => (state.status === 'dialling' && state.for !== undefined ? [{ type: 'hang-up', leg: state.for.leg, because: 'normal' }] : []);

/** One who was told so in words has been answered, and then it is an ordinary end. */
export function hangUpOf({ leg, turnedAway }: Contact, treatment: Admission['treatment']): Order {
  return { type: 'hang-up', leg, because: turnedAway === undefined || treatment === 'prompt' ? 'normal' : treatment };
}

/** What makes two legs a talk. Bridged first, the number read inside the bridge: if we die in between, they talk. */
export function talkOrders(centre: Centre, contact: Contact, { agent, queue, agentLeg, bridge }: Pick<Talking, 'agent' | 'queue' | 'agentLeg' | 'bridge'>): readonly Order[] {
  const legs = [contact.leg, agentLeg] as const;
  const readsNumber = centre.routing.queues.get(queue)?.sayAgentNumber === true;
  return [
    ...hushed(contact),
    { type: 'stop-music', leg: contact.leg },
    ...('rings' in contact.state ? [{ type: 'answer', leg: contact.leg } as const] : []),
    { type: 'connect', bridge, legs },
    ...(readsNumber ? legs.map((leg, index): Order => ({ type: 'play', leg, play: playOf(contact.id, `a${contact.offersMade}${index === 0 ? 'c' : 'a'}`), media: [{ say: 'agent-number', agent, language: contact.language }] })) : []),
  ];
}

/** No announcement goes on over what comes next. To stop one that is over does nothing. */
function hushed({ leg, state }: Contact): readonly Order[] {
  const play = 'asked' in state ? state.asked : 'told' in state ? state.told?.play : undefined;
  return play === undefined ? [] : [{ type: 'stop-play', leg, play }];
}
type Talking = Extract<Contact['state'], { status: 'connected' }>;

export const bridgeFor = (contact: Contact): ReturnType<typeof bridgeOf> => bridgeOf(contact.id, contact.offersMade);

/** A recording that pauses must not run on because only the ticket was left to tell of it. */
function recordingNoted(centre: Centre, id: ContactId, n: number | undefined, recording: LiveRecording): readonly Order[] {
  return forContact(centre, id, (it) => (it.state.status === 'connected' ? ticketAgain(it, n, talkOf({ ...it.state, recording })) : []));
}

/** The talk is over, and the caller waits again. */
function backInLine(centre: Centre, id: ContactId, queue: QueueId, ticket: (contact: Contact) => readonly Order[]): readonly Order[] {
  return forContact(centre, id, (it) => [
    ...(it.state.status === 'connected' ? [{ type: 'hang-up', leg: it.state.agentLeg, because: 'normal' } as const, { type: 'dissolve', bridge: it.state.bridge } as const] : []),
    { type: 'start-music', leg: it.leg, music: musicOf(centre, queue) },
    ...ticket(it),
  ]);
}

function forContact(centre: Centre, id: ContactId, orders: (contact: Contact) => readonly Order[]): readonly Order[] {
  const contact = centre.contacts.get(id);
  return contact === undefined ? [] : orders(contact);
}
