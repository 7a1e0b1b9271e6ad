/** A waiting contact goes back into its flow: by a key, by a rule of its queue, by a supervisor's word. */
import { callbackKey, calledOn } from './callbacks.ts';
import { isDialled, roleOf } from '../telephony/ids.ts';
import type { Fact } from '../telephony/port.ts';
import type { EventOf, LeftBecause } from './messages.ts';
import type { Command, Refusal } from './commands.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { acceptOffer, withdrawOffers } from './offers.ts';
import { asksCallback, hasLeft } from './open-callbacks.ts';
import { inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { confirming } from './whisper.ts';
import { waitedMs } from './waited.ts';

/** A phone that rings for it stops. Without a memory of its flow it hears the flow from the start. */
export function leaveQueue(turn: Turn, contact: Contact, because: LeftBecause, more: Pick<EventOf<'contact-left-queue'>, 'key' | 'by' | 'note'> = {}): void {
  const { id } = contact;
  withdrawOffers(turn, contact);
  const place = inLine(turn.centre.contacts.get(id))?.state;
  if (place === undefined) return;
  emit(turn, { type: 'contact-left-queue', contact: id, queue: place.queue, because, waitMs: waitedMs(contact, place.queuedAt, turn.at), memory: place.memory ?? null, ...more });
}

/** A supervisor takes it out of the line. */
export function withdraw(turn: Turn, { agent: by, contact: id, reason }: Extract<Command, { type: 'withdraw' }>): Refusal | undefined {
  const { agents } = turn.centre.routing;
  const role = agents.get(by)?.role;
  if (role === undefined) return { code: 'unknown-agent', detail: by };
  if (role === 'agent') return { code: 'not-allowed' };
  const contact = turn.centre.contacts.get(id);
  if (contact === undefined) return { code: 'unknown-contact', detail: id };
  if (inLine(contact) === undefined) return { code: 'not-waiting', detail: id };
  const said = { by, ...(reason === '' ? {} : { note: reason }) };
  if (hasLeft(contact)) endContact(turn, id, 'callback-withdrawn', said);
  else leaveQueue(turn, contact, 'withdrawn', said);
  return undefined;
}

export function keyPressed(turn: Turn, press: Press): Refusal | undefined {
  const offer = confirming(turn.centre, press);
  if (offer !== undefined) {
    acceptOffer(turn, offer);
    return undefined;
  }
  const contact = presserOf(turn.centre, press);
  if (contact === undefined) return callbackKey(turn, press);
  leaveQueue(turn, contact, contact.state.keys?.includes(press.key) ? 'key' : 'callback', { key: press.key });
  return undefined;
}

/**
 * Whether the key means anything here; what a flow makes of it, it alone knows. One of a leg that we have dialled may mean
 * something when what was heard before it has been decided: its answer comes in one read with it where we were late.
 */
export const hearsKey = (centre: Centre, press: Pick<Press, 'leg' | 'key'>): boolean => (centre.legs.has(press.leg) && isDialled(roleOf(press.leg))) || presserOf(centre, press) !== undefined || calledOn(centre, press) !== undefined || confirming(centre, press) !== undefined;

/** He who is called back presses 1 to be connected, and not seldom twice. */
const pressedTwiceMs = 3_000;

/** The contact that the key leads out of its queue; undefined where it means nothing. */
export function presserOf({ contacts, legs, routing, at }: Centre, { leg, key }: Pick<Press, 'leg' | 'key'>): InLine | undefined {
  const id = legs.get(leg);
  const contact = id === undefined ? undefined : inLine(contacts.get(id));
  if (contact?.leg !== leg || hasLeft(contact) || at - (contact.callback?.reachedAt ?? Number.NEGATIVE_INFINITY) < pressedTwiceMs) return undefined;
  return contact.state.keys?.includes(key) === true || asksCallback(routing, contact, key) ? contact : undefined;
}
type Press = Extract<Fact, { type: 'key-pressed' }>;
