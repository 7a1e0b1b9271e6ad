import type { QueueId } from '../base/ids.ts';
import type { Routing } from './model.ts';

/** The queue that takes the callers of one that is no more. */
export function replacementOf(queue: QueueId, { queues }: Routing): QueueId | undefined {
  return [...queues.values()].find(({ replaces }) => replaces?.includes(queue))?.id;
}
