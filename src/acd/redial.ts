/** A caller who hung up in line and calls again in time stands where he stood, where the queue says so. */
import type { QueueId } from '../base/ids.ts';
import type { EventOf } from './messages.ts';
import type { Centre, KeptPlace } from './model.ts';

export interface LeftPlace {
  readonly queuedAt: number;
  readonly leftAt: number;
}

/** Past this many the oldest are forgotten. */
const placesMax = 10_000;

/** What is kept for this number; undefined where the time is over. */
export function placeLeft(centre: Centre, queue: QueueId, ani: string): KeptPlace | undefined {
  const withinMs = centre.routing.queues.get(queue)?.redialMs;
  const left = withinMs === undefined ? undefined : centre.hungUp.get(keyOf(queue, ani));
  return left === undefined || withinMs === undefined || centre.at - left.leftAt > withinMs ? undefined : { queue, queuedAt: left.queuedAt };
}

/** Part of `apply`, before the event's own effect: he hung up while he waited. */
export function keepPlace(centre: Centre, { contact, queue, during, reason, at }: EventOf<'contact-ended'>): void {
  if (during !== 'queue' || reason !== 'caller-hung-up' || queue === undefined || centre.routing.queues.get(queue)?.redialMs === undefined) return;
  const { ani = '', state } = centre.contacts.get(contact) ?? {};
  if (!isNumber(ani) || state === undefined || !('queuedAt' in state)) return;
  const key = keyOf(queue, ani);
  centre.hungUp.delete(key);
  centre.hungUp.set(key, { queuedAt: state.queuedAt, leftAt: at });
  const [oldest] = centre.hungUp.keys();
  if (oldest !== undefined && centre.hungUp.size > placesMax) centre.hungUp.delete(oldest);
}

/** Part of `apply`: whoever calls twice gets it once. */
export function takePlace(centre: Centre, { contact, queue }: EventOf<'contact-queued'>): void {
  const { ani = '' } = centre.contacts.get(contact) ?? {};
  centre.hungUp.delete(keyOf(queue, ani));
}

const keyOf = (queue: QueueId, ani: string): string => `${queue} ${ani}`;

/** A withheld number, or a name, is many callers. */
const isNumber = (ani: string): boolean => /^\+?\d{5,}$/.test(ani);
