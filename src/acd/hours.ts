/** Tells that a queue has opened or closed by its hours. What follows from that does not wait to be told: closed.ts works it out of the time. */
import type { QueueId } from '../base/ids.ts';
import { periodAt } from '../config/opening.ts';
import { setNext } from './next-hours.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function hoursDue(turn: Turn, queue: QueueId, due: number): void {
  const { turnsAt, routing } = turn.centre;
  const hours = routing.queues.get(queue)?.hours;
  if (hours === undefined || turnsAt.get(queue) !== due) return;
  emit(turn, { type: 'hours-changed', queue, open: periodAt(hours, turn.at).open });
  setNext(turn.centre, queue);
}
