/**
 * 群振: a queue that rings several phones for one contact at once. Whoever answers first has it, and the others are
 * withdrawn in the same step. While fewer ring than may, the contact goes on being matched: who comes free is rung too.
 */
import { isRungFor } from './callback-rule.ts';
import { levelIn } from '../config/agent-config.ts';
import type { Contact } from './contact.ts';
import type { Centre, Offer } from './model.ts';
import type { InLine } from './ranking.ts';
import { levelAllowed } from './rings.ts';

/** Where the queue does not say. */
export const ringAtOnceDefault = 10;

/** One who waits, one who is to be called back by an agent, and one for whom another phone may ring beside those that do. Whom it is kept for is another matter. */
export function takesAnother(centre: Centre, contact: Contact): boolean {
  const { routing, offers } = centre;
  const { state, hold } = contact;
  if (state.status !== 'offered') return state.status === 'waiting' || isRungFor(centre, contact);
  const queue = hold === undefined ? routing.queues.get(state.queue) : undefined;
  if (queue?.strategy !== 'ring-all' || state.offers.length >= (queue.ringAtOnce ?? ringAtOnceDefault)) return false;
  // One has answered, and hears whom it is for.
  return !state.offers.some((id) => hasAnswered(offers.get(id)));
}

/** And not only a mobile, which may be its voicemail. */
const hasAnswered = (offer: Offer | undefined): boolean => offer?.whisper !== undefined && !offer.whisper.confirm;

/**
 * Agents of a higher level are not rung for it now. One level rings at a time, as in a queue of any other strategy: those
 * behind come when no phone rings any more, or after the wait that the queue has for each level.
 */
export function levelFor({ routing, offers }: Centre, { state }: InLine): number {
  const allowed = levelAllowed(routing, state);
  if (state.status !== 'offered' || allowed !== Number.POSITIVE_INFINITY || routing.queues.get(state.queue)?.strategy !== 'ring-all') return allowed;
  let level = 0;
  for (const id of state.offers) {
    const agent = offers.get(id)?.agent;
    const config = agent && routing.agents.get(agent);
    if (config !== undefined) level = Math.max(level, levelIn(config, state.queue).level);
  }
  return level === 0 ? allowed : level;
}
