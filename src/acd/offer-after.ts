/** What becomes of an offer, and of its contact, by each of its events. Part of `apply`. */
import { assert } from '../base/assert.ts';
import { placeOf, waitsAgain } from './contact-after.ts';
import { push } from './heap.ts';
import type { EventOf } from './messages.ts';
import type { Centre } from './model.ts';
import { counted, setContact, theContact } from './touched.ts';
import type { Touched } from './touched.ts';

export function applyOfferMade(centre: Centre, event: EventOf<'offer-made'>, touched: Touched): void {
  const was = theContact(centre, event.contact);
  centre.offers.set(event.offer, { id: event.offer, contact: event.contact, agent: event.agent, queue: event.queue, leg: event.leg, madeAt: event.at, rang: false, until: event.until });
  centre.legs.set(event.leg, event.contact);
  push(centre.deadlines, { at: event.until, kind: 'offer', offer: event.offer });
  touched.offers.add(event.offer);
  setContact(centre, touched, { ...counted(was, event), offersMade: was.offersMade + 1, state: { status: 'offered', ...placeOf(was), offers: was.state.status === 'offered' ? [...was.state.offers, event.offer] : [event.offer] } });
}

export function applyOfferRang(centre: Centre, event: EventOf<'offer-rang'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} rang and is not there`);
  centre.offers.set(offer.id, { ...offer, rang: true });
  touched.offers.add(offer.id);
  setContact(centre, touched, counted(theContact(centre, event.contact), event));
}

export function applyOfferAnswered(centre: Centre, event: EventOf<'offer-answered'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} was answered and is not there`);
  centre.offers.set(offer.id, { ...offer, whisper: { at: event.at, play: event.play, ...(event.confirm && { confirm: true as const }) }, until: event.until });
  push(centre.deadlines, { at: event.until, kind: 'offer', offer: offer.id });
  touched.offers.add(offer.id);
  setContact(centre, touched, counted(theContact(centre, event.contact), event));
}

export function applyOfferEnded(centre: Centre, event: EventOf<'offer-ended'>, touched: Touched): void {
  const offer = centre.offers.get(event.offer);
  assert(offer, `offer ${event.offer} ended and is not there`);
  centre.offers.delete(offer.id);
  centre.legs.delete(offer.leg);
  touched.offers.add(offer.id);
  const was = counted(theContact(centre, event.contact), event);
  const others = was.state.status === 'offered' ? was.state.offers.filter((id) => id !== offer.id) : [];
  setContact(centre, touched, { ...was, state: others.length > 0 ? { status: 'offered', ...placeOf(was), offers: others } : waitsAgain(was) });
}
