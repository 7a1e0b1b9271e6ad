/** What a contact's ticket says: enough to make its place or its talk again where all else is lost. */
import type { Order, Ticket, TicketTalk } from '../telephony/port.ts';
import type { Contact, Place } from './contact.ts';
import { settled } from './needs.ts';

export function ticketOf({ id, arrivedAt, language, data, ani, dnis, callback }: Contact, n: number | undefined, place: TicketPlace | undefined, talk?: TicketTalk): Ticket {
  return {
    contact: id, arrivedAt, language, ...(n === undefined ? {} : { n }),
    ...(place === undefined ? {} : { queue: place.queue, queuedAt: place.queuedAt, enteredAt: place.enteredAt, priority: place.priority, ...(place.tier && { tier: place.tier }), ...(place.asks && { asks: place.asks.map(({ afterMs, needs }) => ({ afterMs, needs: settled(needs, data) })) }), ...(place.seat && { seat: place.seat }) }),
    ...(callback === undefined ? {} : { ...(isDigits(ani) && { ani }), ...(isDigits(dnis) && { dnis }), ...(callback.reachedAt !== undefined && { reachedAt: callback.reachedAt }) }),
    ...(talk === undefined ? {} : { talk }),
  };
}

/** A name, or nothing, tells nobody anything. */
const isDigits = (number: string): boolean => /^\+?\d{1,24}$/.test(number);

type TicketPlace = Pick<Place, 'priority' | 'queuedAt' | 'enteredAt' | 'tier' | 'asks' | 'seat'> & { readonly queue: string };

/** In another queue, or with another priority, it stands by its own rank. */
export const unseated = ({ seat: _, ...place }: TicketPlace): TicketPlace => place;

/** Since this event. */
export const reachedNow = (contact: Contact, at: number): Contact => (contact.callback === undefined ? contact : { ...contact, callback: { ...contact.callback, reachedAt: at } });

/** Its place as it is, and whom it talks to from now on. */
export function ticketAgain(contact: Contact, n: number | undefined, talk: TicketTalk | undefined): readonly Order[] {
  const { leg, state } = contact;
  return [{ type: 'write-ticket', leg, ticket: ticketOf(contact, n, 'queue' in state ? state : undefined, talk) }];
}

export function talkOf(state: Extract<Contact['state'], { bridge: unknown }>): TicketTalk {
  const { bridge, connectedAt } = state;
  if (state.status === 'transferred') return { leg: state.leg, bridge, connectedAt };
  const { agent, agentLeg, recording } = state;
  return { agent, leg: agentLeg, bridge, connectedAt, ...(recording === undefined ? {} : { recording }) };
}
