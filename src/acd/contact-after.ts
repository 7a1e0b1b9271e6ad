/** What becomes of a contact, and of its place in line, by each of its events. */
import { assert } from '../base/assert.ts';
import { placeIn } from './centre.ts';
import type { EventOf, LeftBecause } from './messages.ts';
import { hasLeft } from './open-callbacks.ts';
import type { Contact, ContactState, KeptPlace, Place } from './contact.ts';

export function recordingIs(state: ContactState, recording: { id: EventOf<'recording-started'>['recording']; paused: boolean } | undefined): ContactState {
  if (state.status !== 'connected') return state;
  const { recording: _, ...rest } = state;
  return recording === undefined ? rest : { ...rest, recording };
}

export function unrecorded(state: ContactState): ContactState {
  if (state.status !== 'connected') return state;
  const { recording, ...rest } = state;
  return { ...rest, unrecorded: recording?.paused === true ? 'lost-while-paused' : 'lost' };
}

/** The place in line, kept while offered and connected so that it can be taken up again. */
export function placeOf(contact: Contact): Place {
  const { state } = contact;
  assert('queue' in state, `contact ${contact.id} is ${state.status} and has no place in line`);
  return placeIn(state);
}

/** It keeps its age, what it is worth and what it asks; a place that it had asked for was one in the other line. */
export function overflowed({ seat: _, told: __, rings: ___, widened, ...place }: Place, { queue, priority, at, rings }: Pick<EventOf<'contact-overflowed'>, 'queue' | 'priority' | 'at' | 'rings'>): Place {
  return { ...place, queue, priority, enteredAt: at, ...(widened !== undefined && widened.own > 0 ? { widened: { needs: 0, own: widened.own, level: 0 } } : {}), ...(rings && { rings }) };
}

/** A VIP who stands in line already stands there as a VIP from now on. */
export function known(was: Contact, { last, vip }: EventOf<'caller-known'>): Contact {
  if (vip !== true) return { ...was, last };
  const { state, callback } = was;
  // The place that he has been promised to keep, and the one that he is about to ask for.
  const promised = callback?.place === undefined ? {} : { callback: { ...callback, place: ofVip(callback.place) } };
  if ('queue' in state) return { ...was, last, vip, ...promised, state: { ...reprioritised(state, state.priority), tier: 'vip' } };
  if (state.status !== 'in-flow' || state.kept?.place === undefined) return { ...was, last, vip, ...promised };
  return { ...was, last, vip, ...promised, state: { ...state, kept: { ...state.kept, place: ofVip(state.kept.place) } } };
}

const ofVip = ({ seat: _, ...place }: Place): Place => ({ ...place, tier: 'vip' });

/** It stands where its new priority and its age put it, and no more where it had asked to. */
export function reprioritised<State extends Extract<ContactState, Place>>({ seat: _, ...state }: State, priority: number): State {
  // Without the seat, which is optional, it is still of its own state; TypeScript does not see that through the rest.
  return { ...state, priority } as unknown as State;
}

export function toldBy(was: Contact, { at, play, position, estimate }: EventOf<'contact-told'>): Pick<Place, 'told'> {
  const before = placeOf(was).told;
  const said = position ?? before?.position;
  return { told: { at, play, ...(said === undefined ? {} : { position: said }), ...(estimate !== undefined || before?.estimated ? { estimated: true } : {}) } };
}

/** The flow has just said where it is. */
export const memoryOf = (state: ContactState): Pick<Place, 'memory'> => (state.status === 'in-flow' && state.memory !== null ? { memory: state.memory } : {});

export const keptBy = (state: ContactState): { readonly kept?: KeptPlace } => (state.status === 'in-flow' && state.kept !== undefined ? { kept: state.kept } : {});

/** One who goes by a key, and comes back, has waited all the while; other reasons would hold again at once. */
export function kept(place: Place, because: LeftBecause): KeptPlace {
  const { queue, queuedAt, enteredAt } = place;
  return { queue, queuedAt, ...(because === 'key' || because === 'callback' ? { enteredAt } : {}), ...(because === 'callback' ? { place: leftBehind(place) } : {}) };
}

/** What stands in the line without him. His way in the flow, and the keys that lead back there, are his again when he is reached. */
export function leftBehind({ told: _, ...place }: Place): Place {
  return place;
}

/** One who is to be called back stands in the other line as that; anyone else waits there. */
export function inQueue({ state }: Contact, place: Place): ContactState {
  return state.status === 'callback' ? { status: 'callback', ...(state.rests === undefined ? {} : { rests: state.rests }), ...place } : { status: 'waiting', ...place };
}

/** Back among those who wait, on the phone or away from it. */
export const waitsAgain = (was: Contact): ContactState => ({ status: hasLeft(was) ? 'callback' : 'waiting', ...placeOf(was) });

/** An agent talks to him, whom we have called. */
export const talksAt = (was: Contact, at: number): Pick<Contact, 'callback'> => (was.callback !== undefined && hasLeft(was) ? { callback: { ...was.callback, reachedAt: at } } : {});

/** The promise is kept, or no longer needed: he is on the line. */
export function uncalled(contact: Contact): Contact {
  const { callback, ...rest } = contact;
  return callback === undefined || callback.reachedAt !== undefined ? contact : rest;
}

export const unheld = ({ hold: _, ...contact }: Contact): Contact => contact;
