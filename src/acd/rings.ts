/**
 * Widening rings: what a contact asks grows less the longer it waits, in steps of its queue, of its own, and from level to
 * level of the agents. Which steps it has come to is in its place; a step is an event, so that it is the same after a
 * restart and can be told to whoever asks why.
 */
import type { Place, Widened } from './contact.ts';
import type { Centre, Routing } from './model.ts';

export const notWidened: Widened = { needs: 0, own: 0, level: 0 };

/** Agents of a higher level are not rung yet. */
export function levelAllowed({ queues }: Routing, { queue, widened = notWidened }: Place): number {
  return queues.get(queue)?.levelWaitMs === undefined ? Number.POSITIVE_INFINITY : 1 + widened.level;
}

/** When the next step begins; undefined when the ring is as wide as it gets. */
export function widensAt(centre: Centre, place: Place): number | undefined {
  const { needs, own, level } = stepsAt(centre, place);
  const next = Math.min(needs, own, level);
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

/** The steps that it has come to by now; the same object where there is no further one. */
export function ringAt(centre: Centre, place: Place, at: number): Widened {
  let now = place.widened ?? notWidened;
  for (;;) {
    const begins = stepsAt(centre, { ...place, widened: now });
    const next = { needs: now.needs + begun(begins.needs, at), own: now.own + begun(begins.own, at), level: now.level + begun(begins.level, at) };
    if (next.needs === now.needs && next.own === now.own && next.level === now.level) return now;
    now = next;
  }
}

const begun = (stepAt: number, at: number): number => (stepAt <= at ? 1 : 0);

/** The queue's steps count from when the contact came into it, its own from when it began to wait at all. */
function stepsAt({ routing, floor }: Centre, { queue, queuedAt, enteredAt, asks, widened = notWidened }: Place): { readonly needs: number; readonly own: number; readonly level: number } {
  const config = routing.queues.get(queue);
  const after = (from: number, ms: number | undefined): number => (ms === undefined ? Number.POSITIVE_INFINITY : from + ms);
  const further = config?.levelWaitMs !== undefined && 1 + widened.level < (floor.levelMax.get(queue) ?? 1);
  return {
    needs: after(enteredAt, config?.relax?.[widened.needs]?.afterMs),
    own: after(queuedAt, asks?.[widened.own + 1]?.afterMs),
    level: further ? enteredAt + (config?.levelWaitMs ?? 0) * (widened.level + 1) : Number.POSITIVE_INFINITY,
  };
}
