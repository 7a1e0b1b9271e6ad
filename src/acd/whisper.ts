/**
 * 来电耳语: what an agent hears once the phone is answered, before the caller is there: a tone, the queue, how long the
 * caller has waited. The caller hears the music meanwhile. The offer goes on until it is said, and its agent may still
 * turn it away by hanging up.
 */
import { playOf } from '../telephony/ids.ts';
import type { Fact, Media } from '../telephony/port.ts';
import type { Refusal } from './messages.ts';
import type { Centre, Offer } from './model.ts';
import { acceptOffer, failOffer, offersOf, withdrawOthers } from './offers.ts';
import { inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { waitedMs } from './waited.ts';

/** Past this the two are joined, whatever is still being said. */
export const whisperMaxMs = 6_000;

/** Found answered a second time, by a comparison: what was to be heard may be over, and nobody would tell. */
export function phoneAnswered(turn: Turn, offer: Offer): void {
  const contact = inLine(turn.centre.contacts.get(offer.contact));
  if (contact === undefined) return;
  if (offer.whisper !== undefined || !hearsFirst(turn.centre, offer)) return acceptOffer(turn, offer);
  withdrawOthers(turn, contact, offer);
  const { id, agent, queue, leg } = offer;
  const media = mediaOf(turn.centre, contact, turn.at);
  emit(turn, { type: 'offer-answered', offer: id, contact: contact.id, agent, queue, leg, play: playOf(contact.id, `w${contact.next}`), media, until: turn.at + whisperMaxMs });
}

/** One whose phone answers by itself is warned always. */
function hearsFirst({ routing }: Centre, { queue, agent }: Offer): boolean {
  return routing.queues.get(queue)?.whisper === true || routing.agents.get(agent)?.autoAnswer === true;
}

/** In the centre's language: the caller's is not the agent's. */
function mediaOf({ routing }: Centre, contact: InLine, at: number): readonly Media[] {
  const { language } = routing.centre;
  const say = (name: string): Media => ({ say: 'prompt', name, language });
  return [say('beep'), say(`queue-name-${contact.state.queue}`), ...waitMedia(waitedMs(contact, contact.state.queuedAt, at), say, (number) => ({ say: 'number', number, language, counts: true }))];
}

/** In steps of five seconds, and past a minute in whole ones; nothing of a caller who has just come. */
function waitMedia(ms: number, say: (name: string) => Media, count: (number: number) => Media): readonly Media[] {
  const seconds = Math.floor(ms / 5_000) * 5;
  const minutes = Math.floor(ms / 60_000);
  if (seconds === 0) return [];
  if (minutes === 0) return [say('waited-before'), count(seconds), say('waited-seconds')];
  return [say('waited-before'), count(minutes), say(minutes === 1 ? 'waited-minute' : 'waited-minutes')];
}

/** Of a whisper and not of a flow. */
export const whispered = ({ contacts, legs, offers }: Centre, { leg, play }: Pick<Extract<Fact, { type: 'play-ended' }>, 'leg' | 'play'>): Offer | undefined => {
  const id = legs.get(leg);
  const contact = id && contacts.get(id);
  return contact && offersOf({ offers }, contact).find((offer) => offer.leg === leg && offer.whisper?.play === play);
};

export function playEnded(turn: Turn, fact: Extract<Fact, { type: 'play-ended' }>): Refusal | undefined {
  const offer = whispered(turn.centre, fact);
  if (offer === undefined) return { code: 'nothing-to-do' };
  acceptOffer(turn, offer);
  return undefined;
}

/** The offer's time is over: of the ring, or of what is said after it. `end`: what is to be said of a ring. */
export function offerOver(turn: Turn, offer: Offer, end: 'no-answer' | 'gone'): void {
  if (offer.whisper !== undefined) acceptOffer(turn, offer);
  else failOffer(turn, offer, end);
}
