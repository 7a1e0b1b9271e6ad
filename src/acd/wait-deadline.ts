/** Until when a waiting contact waits as it does now. Each has one deadline: the soonest of what its queue has for it. */
import { announcesAt } from './announce.ts';
import { closesOn, opensFor } from './closed.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';

/** Undefined: it waits for an agent and for nothing else. */
export function nextOf(centre: Centre, contact: Contact | undefined): number | undefined {
  if (contact?.state.status !== 'waiting') return undefined;
  const next = Math.min(...Object.values(timesOf(centre, contact.state, contact)));
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

/** Infinity where there is no such rule. */
export function timesOf(centre: Centre, { queue: id, enteredAt, told }: Waiting, { been = [], callback }: Pick<Contact, 'been' | 'callback'>): Times {
  const { routing, at } = centre;
  const queue = routing.queues.get(id);
  // Whose agents have handed it on do not get it back.
  const overflow = queue?.overflow === undefined || been.includes(queue.overflow.to) ? undefined : queue.overflow;
  const from = waitsFrom(enteredAt, callback);
  return {
    overflowsAt: overflow === undefined ? Number.POSITIVE_INFINITY : opensFor(centre, overflow.to, from + overflow.afterMs),
    leavesAt: from + (queue?.maxWaitMs ?? Number.POSITIVE_INFINITY),
    closesAt: closesOn(centre, id, enteredAt, callback?.reachedAt),
    // What was not said in time, for a phone rang or we were away, is not said late.
    announcesAt: queue?.announce === undefined ? Number.POSITIVE_INFINITY : announcesAt(queue.announce, enteredAt, Math.max(told?.at ?? enteredAt, at)),
  };
}

/** Whom we called is not sent away for the time that he was away. */
export const waitsFrom = (enteredAt: number, callback: Contact['callback']): number => Math.max(enteredAt, callback?.reachedAt ?? enteredAt);

type Waiting = Extract<Contact['state'], { status: 'waiting' }>;
interface Times {
  readonly overflowsAt: number;
  readonly leavesAt: number;
  readonly closesAt: number;
  readonly announcesAt: number;
}
