/** Who was promised a callback puts down the phone, or is hung up: his place stands in the line without him. */
import type { QueueId } from '../base/ids.ts';
import { countBefore } from '../base/sorted.ts';
import { leftBehind } from './contact-after.ts';
import { lineOf } from './lines.ts';
import type { ContactEnd } from './messages.ts';
import type { Centre } from './model.ts';
import { callbackOf } from './open-callbacks.ts';
import type { OpenCallback } from './open-callbacks.ts';
import { rankOf } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { replacementOf } from './replacement.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Answers why the contact is over after all; undefined where it stands in the line. */
export function leavePhone(turn: Turn, contact: OpenCallback, reason: ContactEnd): ContactEnd | undefined {
  const { place, number } = contact.callback;
  const queue = place && homeOf(turn.centre, place.queue);
  if (place === undefined || queue === undefined) return 'failed';
  const other = callbackOf(turn.centre, queue, number);
  if (other !== undefined && other.id !== contact.id) return 'callback-merged';
  const rank = rankOf(turn.centre.routing, { ...contact, state: { status: 'callback', ...leftBehind(place), queue } } as InLine);
  emit(turn, { type: 'callback-waiting', contact: contact.id, queue, position: countBefore(lineOf(turn.centre, queue).all, rank) + 1, reason, next: turn.at + hangingUpMs });
  return undefined;
}

/** What he hears the last words on is not free in the moment that we put it down. */
const hangingUpMs = 5_000;

/** Its queue, or the one that has taken its place meanwhile. */
const homeOf = ({ routing }: Centre, queue: QueueId): QueueId | undefined => (routing.queues.has(queue) ? queue : replacementOf(queue, routing));
