/**
 * 来电耳语: what an agent hears once the phone is answered, before the caller is there: a tone, the queue, how long the
 * caller has waited. The caller hears the music meanwhile. The offer goes on until it is said, and its agent may still
 * turn it away by hanging up. Who is rung on a mobile is asked to press 1, so that no voicemail takes a caller.
 */
import { playOf } from '../telephony/ids.ts';
import type { Fact, Media } from '../telephony/port.ts';
import type { Refusal } from './commands.ts';
import type { Centre, Offer } from './model.ts';
import { confirmMedia } from './agent-phone.ts';
import { acceptOffer, failOffer, offersOf, withdrawOthers } from './offers.ts';
import { inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { waitedMs } from './waited.ts';

/** Past this the two are joined, whatever is still being said. */
export const whisperMaxMs = 6_000;
/** Within this 1 is pressed, or nobody has answered. */
export const confirmMs = 12_000;

/** Found answered a second time, by a comparison: what was to be heard may be over, and nobody would tell. */
export function phoneAnswered(turn: Turn, offer: Offer): void {
  const { centre, at } = turn;
  const contact = inLine(centre.contacts.get(offer.contact));
  if (contact === undefined || offer.whisper?.confirm) return;
  const { id, agent, queue, leg } = offer;
  const confirms = centre.routing.agents.get(agent)?.mobile !== undefined;
  if (offer.whisper !== undefined || !(confirms || hearsFirst(centre, offer))) return acceptOffer(turn, offer);
  const told = { type: 'offer-answered', offer: id, contact: contact.id, agent, queue, leg, play: playOf(contact.id, `w${contact.next}`) } as const;
  if (confirms) return emit(turn, { ...told, media: confirmMedia(centre.routing, queue), until: at + confirmMs, confirm: true });
  withdrawOthers(turn, contact, offer);
  emit(turn, { ...told, media: mediaOf(centre, contact, at), until: at + whisperMaxMs });
}

/** Whose 1 takes the caller. */
export function confirming({ contacts, legs, offers }: Centre, { leg, key }: Pick<Extract<Fact, { type: 'key-pressed' }>, 'leg' | 'key'>): Offer | undefined {
  const id = key === '1' ? legs.get(leg) : undefined;
  const contact = id && contacts.get(id);
  return contact && offersOf({ offers }, contact).find((offer) => offer.leg === leg && offer.whisper?.confirm);
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
  // Who is to press a key has still the time for it.
  if (offer === undefined || offer.whisper?.confirm) return { code: 'nothing-to-do' };
  acceptOffer(turn, offer);
  return undefined;
}

/** The offer's time is over: of the ring, or of what is said after it. `end`: what is to be said of a ring. */
export function offerOver(turn: Turn, offer: Offer, end: 'no-answer' | 'gone'): void {
  if (offer.whisper !== undefined && !offer.whisper.confirm) acceptOffer(turn, offer);
  else failOffer(turn, offer, end);
}
