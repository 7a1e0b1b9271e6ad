/** What the switch must do because of an event, from the state as it was just before it. */
import type { ContactId, QueueId } from '../base/ids.ts';
import { bridgeOf, playOf } from '../telephony/ids.ts';
import type { Order, Ticket } from '../telephony/port.ts';
import type { Event, EventOf, EventType } from './messages.ts';
import type { Centre, Contact } from './model.ts';

export function ordersOf(centre: Centre, event: Event): readonly Order[] {
  // The row belongs to the event's own type; TypeScript does not follow that through the look-up.
  const row = table[event.type] as (centre: Centre, event: Event) => readonly Order[];
  return row(centre, event);
}

const none = (): readonly Order[] => [];

/** Asterisk's own ring limit lies behind ours: it is the safety for when we are gone. */
const ringSafetyMs = 5_000;

const table: { readonly [Type in EventType]: (centre: Centre, event: EventOf<Type>) => readonly Order[] } = {
  'contact-arrived': (_, { contact, leg, at, language }) => [{ type: 'claim', leg }, { type: 'write-ticket', leg, ticket: { contact, arrivedAt: at, language } }],
  'flow-moved': (_, { orders }) => orders,
  'contact-queued': (centre, { contact, queue, priority, queuedAt }) =>
    forContact(centre, contact, (it) => [
      // A caller who was sent straight to a queue has not been answered yet; answering twice does nothing.
      { type: 'answer', leg: it.leg },
      { type: 'start-music', leg: it.leg, music: musicOf(centre, queue) },
      { type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, { queue, priority, queuedAt }) },
    ]),
  'contact-turned-away': none,
  'contact-overflowed': (centre, { contact, from, queue, priority }) =>
    forContact(centre, contact, (it) => [
      ...(musicOf(centre, from) === musicOf(centre, queue) ? [] : [{ type: 'start-music', leg: it.leg, music: musicOf(centre, queue) } as const]),
      { type: 'write-ticket', leg: it.leg, ticket: ticketOf(it, { queue, priority, queuedAt: it.state.status === 'waiting' ? it.state.queuedAt : it.arrivedAt }) },
    ]),
  'contact-requeued': (centre, { contact, queue }) =>
    forContact(centre, contact, (it) => [
      ...(it.state.status === 'connected' ? [{ type: 'hang-up', leg: it.state.agentLeg, because: 'normal' } as const, { type: 'dissolve', bridge: it.state.bridge } as const] : []),
      { type: 'start-music', leg: it.leg, music: musicOf(centre, queue) },
    ]),
  'offer-made': (centre, { contact, agent, leg, until, at }) =>
    forContact(centre, contact, (it) => [{ type: 'ring', leg, to: { kind: 'agent', agent }, caller: it.ani, contact, timeoutMs: until - at + ringSafetyMs }]),
  'offer-rang': none,
  'offer-ended': (centre, { offer, outcome }) => {
    const leg = centre.offers.get(offer)?.leg;
    return leg === undefined || !stillRinging.has(outcome) ? [] : [{ type: 'hang-up', leg, because: 'normal' }];
  },
  'contact-connected': (centre, { contact, agent, queue, leg, bridge }) =>
    forContact(centre, contact, (it) => [
      { type: 'stop-music', leg: it.leg },
      // Bridged first, the number read inside the bridge: if we die in between, they talk.
      { type: 'connect', bridge, legs: [it.leg, leg] },
      ...(centre.routing.queues.get(queue)?.sayAgentNumber === true
        ? [it.leg, leg].map((to, index): Order => ({ type: 'play', leg: to, play: playOf(contact, `a${it.offersMade}${index === 0 ? 'c' : 'a'}`), media: [{ say: 'agent-number', agent, language: it.language }] }))
        : []),
    ]),
  'transfer-started': (centre, { contact, leg, to, until, at }) =>
    forContact(centre, contact, (it) => [
      { type: 'start-music', leg: it.leg, music: 'default' },
      { type: 'ring', leg, to: { kind: 'number', ...to }, caller: it.ani, contact, timeoutMs: until - at + ringSafetyMs },
    ]),
  'transfer-connected': (centre, { contact, leg, bridge }) =>
    forContact(centre, contact, (it) => [
      { type: 'stop-music', leg: it.leg },
      { type: 'connect', bridge, legs: [it.leg, leg] },
    ]),
  'transfer-failed': (centre, { contact, leg }) =>
    forContact(centre, contact, (it) => [
      { type: 'hang-up', leg, because: 'normal' },
      { type: 'stop-music', leg: it.leg },
    ]),
  'contact-ended': (centre, { contact }) => forContact(centre, contact, endOrders),
  'contact-closed': (centre, { contact }) => forContact(centre, contact, ({ leg }) => [{ type: 'hang-up', leg, because: 'normal' }]),
  'presence-changed': none,
  'presence-requested': none,
  'rest-set': none,
  'device-changed': none,
  'disposition-set': none,
  'answer-asked': (_, { leg, agent }) => [{ type: 'answer-phone', leg, agent }],
  'recording-started': (_, { recording, leg }) => [{ type: 'start-recording', recording, leg }],
  'recording-paused': (_, { recording, leg }) => [{ type: 'pause-recording', recording, leg }],
  'recording-resumed': (_, { recording, leg }) => [{ type: 'resume-recording', recording, leg }],
  'recording-stopped': (centre, { recording, leg, contact }) => (centre.contacts.has(contact) ? [{ type: 'stop-recording', recording, leg }] : []),
  'recording-failed': none,
  'contact-repaired': (_, { orders }) => orders,
  'stray-removed': (_, { leg }) => [{ type: 'hang-up', leg, because: 'normal' }],
  'switch-changed': none,
  configured: none,
};

/** The outcomes after which the phone may still be ringing; after the others its leg is already gone. */
const stillRinging: ReadonlySet<string> = new Set(['no-answer', 'rejected', 'withdrawn', 'lost']);

/** Everything of the contact goes; a hang-up of a leg that went by itself does nothing. */
function endOrders({ leg, state }: Contact): readonly Order[] {
  const hangUp = { type: 'hang-up', leg, because: 'normal' } as const;
  if (state.status === 'connected') return [hangUp, { type: 'hang-up', leg: state.agentLeg, because: 'normal' }, { type: 'dissolve', bridge: state.bridge }];
  if (state.status === 'transferred') return [hangUp, { type: 'hang-up', leg: state.leg, because: 'normal' }, { type: 'dissolve', bridge: state.bridge }];
  if (state.status === 'transferring') return [hangUp, { type: 'hang-up', leg: state.leg, because: 'normal' }];
  return [hangUp];
}

/** The orders that make the switch what the contact's state says, given again after a reconnect. */
export function repairOrders(centre: Centre, contact: Contact): readonly Order[] {
  if (contact.state.status === 'closing') return [{ type: 'hang-up', leg: contact.leg, because: 'normal' }];
  // The claim may have been lost with the process that was to give it, and then the dialplan's timer throws the caller out.
  return [{ type: 'claim', leg: contact.leg }, ...stateOrders(centre, contact)];
}

function stateOrders(centre: Centre, contact: Contact): readonly Order[] {
  const { leg, state } = contact;
  if (state.status === 'waiting' || state.status === 'offered') {
    return [{ type: 'answer', leg }, { type: 'start-music', leg, music: musicOf(centre, state.queue) }, { type: 'write-ticket', leg, ticket: ticketOf(contact, state) }];
  }
  if (state.status === 'connected') {
    return [
      { type: 'stop-music', leg },
      { type: 'connect', bridge: state.bridge, legs: [leg, state.agentLeg] },
      // Starting a recording that runs does nothing, so it is safe to say again what may never have been said.
      ...(state.recording === undefined || state.recording.paused ? [] : [{ type: 'start-recording', recording: state.recording.id, leg } as const]),
    ];
  }
  if (state.status === 'transferred') return [{ type: 'stop-music', leg }, { type: 'connect', bridge: state.bridge, legs: [leg, state.leg] }];
  return [];
}

export const bridgeFor = (contact: Contact): ReturnType<typeof bridgeOf> => bridgeOf(contact.id, contact.offersMade);

function ticketOf(contact: Contact, place: { queue: string; priority: number; queuedAt: number }): Ticket {
  return { contact: contact.id, arrivedAt: contact.arrivedAt, language: contact.language, queue: place.queue, priority: place.priority, queuedAt: place.queuedAt };
}

function musicOf(centre: Centre, queue: QueueId): string {
  return centre.routing.queues.get(queue)?.music ?? 'default';
}

function forContact(centre: Centre, id: ContactId, orders: (contact: Contact) => readonly Order[]): readonly Order[] {
  const contact = centre.contacts.get(id);
  return contact === undefined ? [] : orders(contact);
}
