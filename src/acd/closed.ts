/** Whether a queue is closed, by its hours or by a supervisor, and when it closes on those who wait in it. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { AtClosing, QueueConfig } from '../config/centre-config.ts';
import { periodAt } from '../config/opening.ts';
import type { Centre } from './model.ts';

export interface Closed {
  readonly since: number;
  readonly waiting: AtClosing;
  /** Absent where it is closed by its hours. */
  readonly by?: AgentId;
  readonly reason?: string;
}

/** Undefined: it is open. */
export function closedNow({ closed, at }: Centre, { id, hours, atClosing = 'serve' }: QueueConfig): Closed | undefined {
  const asked = closed.get(id);
  if (asked !== undefined || hours === undefined) return asked;
  const { open, from } = periodAt(hours, at);
  return open ? undefined : { since: from, waiting: atClosing };
}

/**
 * When one who entered then has to go because it closes; Infinity where nothing says so. It does not move as time goes on.
 * Whom we called back counts from when he was reached, and one who was reached out of hours is served.
 */
export function closesOn({ closed, routing }: Centre, queue: QueueId, enteredAt: number, reachedAt?: number): number {
  const asked = closed.get(queue);
  const askedAt = asked?.waiting === 'leave' && asked.since >= (reachedAt ?? 0) ? asked.since : Number.POSITIVE_INFINITY;
  const { hours, atClosing } = routing.queues.get(queue) ?? {};
  if (hours === undefined || atClosing !== 'leave') return askedAt;
  const { open, until } = periodAt(hours, reachedAt ?? enteredAt);
  return Math.min(askedAt, open ? until : reachedAt === undefined ? enteredAt : Number.POSITIVE_INFINITY);
}

/** From when on a caller may go there who would like to from `wished` on; Infinity while nobody knows. */
export function opensFor({ closed, routing, at }: Centre, queue: QueueId, wished: number): number {
  if (closed.has(queue)) return Number.POSITIVE_INFINITY;
  const hours = routing.queues.get(queue)?.hours;
  if (hours === undefined) return wished;
  const { open, until } = periodAt(hours, Math.max(wished, at));
  return open ? wished : until;
}
