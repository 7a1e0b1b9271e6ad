/** What a waiting caller is told, and when: an apology, the place, the estimated wait, comfort messages. */
import { playOf } from '../telephony/ids.ts';
import type { Media } from '../telephony/port.ts';
import type { Announcements } from '../config/centre-config.ts';
import { estimateOf } from './estimate.ts';
import type { Estimate } from './estimate.ts';
import { positionOf } from './lines.ts';
import { asksCallback } from './open-callbacks.ts';
import type { EventOf } from './messages.ts';
import type { Contact, Told } from './contact.ts';
import type { Centre } from './model.ts';
import type { InLine } from './ranking.ts';

/** The first time after `since` at which something is to be said; Infinity where nothing is. */
export function announcesAt({ apology, place, callback, comfort }: Announcements, enteredAt: number, since: number): number {
  return Math.min(
    apology === undefined ? Number.POSITIVE_INFINITY : nextTime(enteredAt + apology.afterMs, Number.POSITIVE_INFINITY, since),
    place === undefined ? Number.POSITIVE_INFINITY : nextTime(enteredAt + place.firstMs, place.everyMs, since),
    callback === undefined ? Number.POSITIVE_INFINITY : nextTime(enteredAt + callback.afterMs, Number.POSITIVE_INFINITY, since),
    comfort === undefined ? Number.POSITIVE_INFINITY : nextTime(enteredAt + comfort.everyMs, comfort.everyMs, since),
  );
}

function nextTime(first: number, everyMs: number, since: number): number {
  if (since < first) return first;
  return first + (Math.floor((since - first) / everyMs) + 1) * everyMs;
}

export type Telling = Pick<EventOf<'contact-told'>, 'play' | 'media' | 'position' | 'estimate'>;

/** All that has fallen due since the last time, as one announcement; undefined where there is nothing to say after all. */
export function tellingOf(centre: Centre, contact: InLine, { apology, place, callback, comfort }: Announcements): Telling | undefined {
  const { at } = centre;
  const { state, language } = contact;
  const told: Told = state.told ?? { at: state.enteredAt };
  const isDue = (first: number, everyMs: number): boolean => nextTime(first, everyMs, told.at) <= at;
  const media: Media[] = [];
  if (apology !== undefined && isDue(state.enteredAt + apology.afterMs, Number.POSITIVE_INFINITY)) media.push({ say: 'prompt', name: apology.prompt, language });
  const placed = place !== undefined && isDue(state.enteredAt + place.firstMs, place.everyMs) ? { position: positionToSay(place, positionOf(centre, contact), told), estimate: estimateToSay(place, centre, contact, told) } : {};
  if (placed.position !== undefined && place !== undefined) media.push(...positionMedia(placed.position, place, language));
  if (placed.estimate !== undefined) media.push(...estimateMedia(placed.estimate, language));
  if (callback !== undefined && asksCallback(centre.routing, contact, callback.key) && isDue(state.enteredAt + callback.afterMs, Number.POSITIVE_INFINITY)) media.push(...offerMedia(callback.key, language));
  if (comfort !== undefined && isDue(state.enteredAt + comfort.everyMs, comfort.everyMs)) media.push(comfortMedia(comfort, contact, Math.floor((at - state.enteredAt) / comfort.everyMs)));
  if (media.length === 0) return undefined;
  return { play: playOf(contact.id, `q${contact.next}`), media, ...(placed.position !== undefined && { position: placed.position }), ...(placed.estimate && { estimate: placed.estimate }) };
}

/** The key is one of ten, so that it can be said. */
function offerMedia(key: string, language: Contact['language']): Media[] {
  const say = (name: string): Media => ({ say: 'prompt', name, language });
  return [say('callback-offer-before'), { say: 'number', number: Number(key), language }, say('callback-offer-after')];
}

type PlaceRule = NonNullable<Announcements['place']>;

/** Undefined: silent about it. */
function positionToSay({ position: rule, limit, onlyUp }: PlaceRule, position: number, told: Told): number | undefined {
  if (rule === 'no' || (rule === 'limit' && position > limit) || (onlyUp && told.position !== undefined && position >= told.position)) return undefined;
  return position;
}

function positionMedia(position: number, { position: rule, limit }: PlaceRule, language: Contact['language']): Media[] {
  const say = (name: string): Media => ({ say: 'prompt', name, language });
  if (position === 1) return [say('position-next')];
  if (rule === 'more' && position > limit) return [say('position-more-before'), { say: 'number', number: limit, language, counts: true }, say('position-more-after')];
  return [say('position-before'), { say: 'number', number: position, language }, say('position-after')];
}

function estimateToSay({ estimate: rule }: PlaceRule, centre: Centre, { id }: Contact, told: Told): Estimate | undefined {
  return rule === 'no' || (rule === 'once' && told.estimated === true) ? undefined : estimateOf(centre, id);
}

/** In whole minutes, from the median to what nine of ten wait. */
export function estimateMedia({ p50Ms, p90Ms }: Estimate, language: Contact['language']): Media[] {
  const say = (name: string): Media => ({ say: 'prompt', name, language });
  const minutes = (number: number): Media => ({ say: 'number', number, language, counts: true });
  const to = Math.ceil(p90Ms / 60_000);
  const from = Math.max(1, Math.min(to, Math.round(p50Ms / 60_000)));
  if (to <= 1) return [say(p50Ms < 30_000 ? 'estimate-under-one' : 'estimate-one')];
  if (from === to) return [say('estimate-about'), minutes(to), say('estimate-after')];
  return [say('estimate-before'), minutes(from), say('estimate-to'), minutes(to), say('estimate-after')];
}

/** `times`: the how-manieth it is, from 1. By chance, but the same after a restart and in a replay. */
function comfortMedia({ prompts, order }: NonNullable<Announcements['comfort']>, { id, language }: Contact, times: number): Media {
  const index = order === 'in-order' ? times - 1 : chance(`${id} ${times}`);
  return { say: 'prompt', name: prompts[index % prompts.length] ?? '', language };
}

/** FNV-1a: well spread, and needs nothing. */
function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}
