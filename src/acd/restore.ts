/**
 * Callers whose tickets know more than the state does: Redis and the service were lost, and Postgres could not say or
 * was behind. Back in line where they stood, on with the talk that never ended, or into the flow again.
 */
import type { QueueId } from '../base/ids.ts';
import { contactOfCustomer } from '../telephony/ids.ts';
import type { SeenLeg, Ticket, TicketTalk } from '../telephony/port.ts';
import { callbackDown } from './callbacks.ts';
import { placeOf } from './contact-after.ts';
import { arrive, enterQueue } from './intake.ts';
import type { Contact, ContactState, Place } from './contact.ts';
import { failOffer, withdrawOffers } from './offers.ts';
import { hasLeft } from './open-callbacks.ts';
import { inLine } from './ranking.ts';
import { requeue } from './requeue.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Answers whose talks go on: the switch has still to be compared with them. */
export function restoreByTickets(turn: Turn, legs: readonly SeenLeg[]): readonly Contact['id'][] {
  const talking: Contact['id'][] = [];
  // Those who wait first, so that no agent is believed to talk to one of them.
  for (const leg of [...legs].sort((a, b) => Number(a.ticket?.talk !== undefined) - Number(b.ticket?.talk !== undefined))) {
    const { ticket } = leg;
    if ((leg.role !== 'caller' && leg.role !== 'callback') || ticket === undefined || ticket.contact !== contactOfCustomer(leg.leg)) continue;
    if (!isNewer(turn, ticket)) continue;
    if (!turn.centre.contacts.has(ticket.contact)) arrive(turn, { ...leg, ...(ticket.ani !== undefined && { ani: ticket.ani }), ...(ticket.dnis !== undefined && { dnis: ticket.dnis }), contact: ticket.contact, at: ticket.arrivedAt });
    if (ticket.talk !== undefined && talkOn(turn, ticket, ticket.talk)) talking.push(ticket.contact);
    else backInLine(turn, ticket);
  }
  return talking;
}

function isNewer({ centre }: Turn, ticket: Ticket): boolean {
  const contact = centre.contacts.get(ticket.contact);
  return contact === undefined || (contact.state.status !== 'closing' && (ticket.n ?? 0) >= contact.next);
}

/** False when it cannot be: the agent talks to somebody else by now. */
function talkOn(turn: Turn, ticket: Ticket, talk: TicketTalk): boolean {
  const contact = turn.centre.contacts.get(ticket.contact);
  if (contact === undefined || contact.state.status === 'transferred') return contact !== undefined;
  if (contact.state.status === 'connected') {
    if (contact.state.agentLeg === talk.leg) return true;
    requeue(turn, contact, contact.state, 'agent-lost');
  }
  const state = talkOf(turn, ticket, talk);
  const agent = state?.status === 'connected' ? turn.centre.agents.get(state.agent) : undefined;
  if (state === undefined || agent?.presence.status === 'talking') return false;
  freeOfOffer(turn, contact);
  // What is offered to an agent who talks has been offered by a state that did not know.
  const offer = agent?.presence.status === 'offered' ? turn.centre.offers.get(agent.presence.offer) : undefined;
  if (offer !== undefined) failOffer(turn, offer, 'gone');
  emit(turn, { type: 'contact-restored', contact: contact.id, state });
  if (state.status !== 'connected') return true;
  const from = turn.centre.agents.get(state.agent)?.presence.status ?? 'offline';
  emit(turn, { type: 'presence-changed', agent: state.agent, from, presence: { status: 'talking', since: state.connectedAt, contact: contact.id }, because: 'restored' });
  return true;
}

type Talking = Extract<ContactState, { status: 'connected' | 'transferred' }>;

function talkOf(turn: Turn, ticket: Ticket, { agent, leg, bridge, connectedAt, recording }: TicketTalk): Talking | undefined {
  if (agent === undefined) return { status: 'transferred', leg, bridge, connectedAt, to: { number: '' } };
  const place = placeIn(turn, ticket);
  return place && { status: 'connected', ...place, agent, agentLeg: leg, bridge, connectedAt, ...(recording === undefined ? {} : { recording }) };
}

function backInLine(turn: Turn, ticket: Ticket): void {
  const contact = turn.centre.contacts.get(ticket.contact);
  const place = placeIn(turn, ticket);
  if (contact === undefined || place === undefined || contact.state.status === 'transferred') return;
  if (contact.state.status === 'connected') requeue(turn, contact, contact.state, 'agent-lost');
  freeOfOffer(turn, contact);
  const now = inLine(turn.centre.contacts.get(contact.id));
  if (now !== undefined && isSame(placeOf(now), place)) return;
  enterQueue(turn, contact.id, place, true);
}

const isSame = (one: Place, other: Place): boolean => one.queue === other.queue && one.queuedAt === other.queuedAt && one.priority === other.priority;

function freeOfOffer(turn: Turn, { id }: Contact): void {
  const contact = turn.centre.contacts.get(id);
  if (contact === undefined) return;
  withdrawOffers(turn, contact);
  // And of the agent who waits for him, or of nobody, where we call him.
  if (hasLeft(contact) && contact.state.status === 'dialling') callbackDown(turn, contact, 'gone');
}

/** Also in a queue that is no more: what becomes of its callers is decided for all of them. */
function placeIn({ at }: Turn, { queue, queuedAt, enteredAt, priority, tier, asks, seat, arrivedAt, reachedAt }: Ticket): Place | undefined {
  if (queue === undefined) return undefined;
  // The ticket was written from a queue's own id.
  return { queue: queue as QueueId, queuedAt: queuedAt ?? arrivedAt, enteredAt: Math.max(enteredAt ?? at, reachedAt ?? 0), priority: priority ?? 0, ...(tier && { tier }), ...(asks && { asks }), ...(seat && { seat }) };
}
