/** What becomes of a contact by each event of its callback. */
import { assert, assertNever } from '../base/assert.ts';
import { placeOf, unheld } from './contact-after.ts';
import type { EventOf } from './messages.ts';
import type { Callback, Contact } from './contact.ts';

export type CallbackEvent = EventOf<'callback-asked' | 'callback-waiting' | 'callback-attempted' | 'callback-answered' | 'callback-missed' | 'callback-due' | 'callback-connected'>;

export function called(was: Contact, event: CallbackEvent): Contact {
  if (event.type === 'callback-asked') {
    const { number, trunk, at, until, place } = event;
    return { ...was, callback: { number, ...(trunk === undefined ? {} : { trunk }), askedAt: at, until, attempts: 0, misses: 0, place } };
  }
  const { callback } = was;
  assert(callback, `contact ${was.id} is not to be called back`);
  switch (event.type) {
    case 'callback-waiting':
      return leftPhone(was, callback, event);
    case 'callback-attempted':
      return { ...was, leg: event.leg, callback: { ...callback, attempts: event.attempt }, state: { status: 'dialling', until: event.until, ...(event.for && { for: event.for }), ...placeOf(was) } };
    case 'callback-answered':
      return { ...was, state: { status: 'dialling', until: event.until, asked: event.play, ...(was.state.status === 'dialling' && was.state.for && { for: was.state.for }), ...placeOf(was) } };
    case 'callback-missed':
      return { ...was, callback: { ...callback, misses: callback.misses + (event.counts ? 1 : 0) }, state: { status: 'callback', ...(event.next === undefined ? {} : { rests: event.next }), ...placeOf(was) } };
    case 'callback-due':
      return { ...was, state: { status: 'callback', ...placeOf(was) } };
    case 'callback-connected':
      return { ...was, callback: { ...callback, reachedAt: event.at }, state: { status: 'waiting', ...placeOf(was) } };
    default:
      return assertNever(event);
  }
}

function leftPhone(was: Contact, { place, ...callback }: Callback, { queue, next }: EventOf<'callback-waiting'>): Contact {
  assert(place, `contact ${was.id} has left the phone already`);
  // Its queue may have been replaced while he was told that he will be called.
  return { ...unheld(was), callback, state: { status: 'callback', ...(next === undefined ? {} : { rests: next }), ...place, queue } };
}
