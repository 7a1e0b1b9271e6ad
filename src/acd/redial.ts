/** A caller who hung up in line and calls again in time stands where he stood, where the queue says so. */
import type { ContactId, QueueId } from '../base/ids.ts';
import type { EventOf } from './messages.ts';
import type { KeptPlace } from './contact.ts';
import type { Centre } from './model.ts';

export interface LeftPlace {
  /** Who left it. */
  readonly id: ContactId;
  readonly queue: QueueId;
  readonly ani: string;
  readonly queuedAt: number;
  readonly leftAt: number;
}

/** Past this many the oldest are forgotten. */
const placesMax = 10_000;
/** No queue keeps one for longer. */
const longestMs = 3_600_000;

/** Written with the events that made or took them; null: gone. */
export type LeftTouched = Map<ContactId, LeftPlace | null>;

/** What is kept for this number; undefined where the time is over. */
export function placeLeft(centre: Centre, queue: QueueId, ani: string): KeptPlace | undefined {
  const withinMs = centre.routing.queues.get(queue)?.redialMs;
  const left = withinMs === undefined ? undefined : centre.hungUp.get(keyOf(queue, ani));
  return left === undefined || withinMs === undefined || centre.at - left.leftAt > withinMs ? undefined : { queue, queuedAt: left.queuedAt };
}

/** Part of `apply`, before the event's own effect: he hung up while he waited. */
export function keepPlace(centre: Centre, { contact, queue, during, reason, at }: EventOf<'contact-ended'>, touched: LeftTouched): void {
  if (during !== 'queue' || reason !== 'caller-hung-up' || queue === undefined || centre.routing.queues.get(queue)?.redialMs === undefined) return;
  const { ani = '', state } = centre.contacts.get(contact) ?? {};
  if (!isNumber(ani) || state === undefined || !('queuedAt' in state)) return;
  forget(centre, keyOf(queue, ani), touched);
  const place: LeftPlace = { id: contact, queue, ani, queuedAt: state.queuedAt, leftAt: at };
  remember(centre, place);
  touched.set(contact, place);
  for (const [key, { leftAt }] of centre.hungUp) {
    if (centre.hungUp.size <= placesMax && leftAt + longestMs > at) break;
    forget(centre, key, touched);
  }
}

/** Of a store that is read again, or of the moment. */
export const remember = (centre: Centre, place: LeftPlace): void => void centre.hungUp.set(keyOf(place.queue, place.ani), place);

function forget(centre: Centre, key: string, touched: LeftTouched): void {
  const place = centre.hungUp.get(key);
  if (place === undefined) return;
  centre.hungUp.delete(key);
  touched.set(place.id, null);
}

/** Part of `apply`: whoever calls twice gets it once. */
export function takePlace(centre: Centre, { contact, queue }: EventOf<'contact-queued'>, touched: LeftTouched): void {
  const { ani = '' } = centre.contacts.get(contact) ?? {};
  forget(centre, keyOf(queue, ani), touched);
}

const keyOf = (queue: QueueId, ani: string): string => `${queue} ${ani}`;

/** A withheld number, or a name, is many callers. */
const isNumber = (ani: string): boolean => /^\+?\d{5,}$/.test(ani);
