/** Whether a queue is closed, and when it closes on those who wait in it. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { AtClosing, QueueConfig } from '../config/centre-config.ts';
import type { Centre } from './model.ts';

export interface Closed {
  readonly since: number;
  readonly waiting: AtClosing;
  readonly by?: AgentId;
  readonly reason?: string;
}

/** Undefined: it is open. */
export function closedNow({ closed }: Centre, { id }: Pick<QueueConfig, 'id'>): Closed | undefined {
  return closed.get(id);
}

export const isClosed = (centre: Centre, queue: QueueId): boolean => closedNow(centre, { id: queue }) !== undefined;

/** When one who waits there has to go because it closes; Infinity where nothing says so. */
export function closesOn({ closed }: Centre, queue: QueueId): number {
  const asked = closed.get(queue);
  return asked?.waiting === 'leave' ? asked.since : Number.POSITIVE_INFINITY;
}
