/** When each queue next opens or closes by its hours, kept as deadlines; one that has been moved is passed over. */
import type { QueueId } from '../base/ids.ts';
import { periodAt } from '../config/opening.ts';
import { push } from './heap.ts';
import type { Centre } from './model.ts';

export function indexHours(centre: Centre): void {
  for (const queue of centre.turnsAt.keys()) if (centre.routing.queues.get(queue)?.hours === undefined) centre.turnsAt.delete(queue);
  for (const queue of centre.routing.queues.keys()) setNext(centre, queue);
}

export function setNext({ turnsAt, deadlines, routing, at: now }: Centre, queue: QueueId): void {
  const hours = routing.queues.get(queue)?.hours;
  if (hours === undefined) return;
  const at = periodAt(hours, now).until;
  if (turnsAt.get(queue) === at) return;
  turnsAt.set(queue, at);
  if (at !== Number.POSITIVE_INFINITY) push(deadlines, { at, kind: 'hours', queue });
}
