/** Callers whose queue has become empty of agents leave it, where its rule says so. */
import type { QueueId } from '../base/ids.ts';
import { memo } from '../base/memo.ts';
import type { QueueConfig } from '../config/centre-config.ts';
import { isEmpty } from './entering.ts';
import { lengthOf, standingIn } from './lines.ts';
import { leaveQueue } from './leaving.ts';
import type { Event } from './messages.ts';
import type { Contact } from './contact.ts';
import type { Centre, Routing } from './model.ts';
import type { Turn } from './turn.ts';

/** Looks at what this turn has changed since it had so many events. True when somebody left: an agent may be free again. */
export function leaveDeserted(turn: Turn, since: number): boolean {
  const { centre } = turn;
  const ruled = withRule(centre.routing);
  if (ruled.size === 0 || !centre.switchUp) return false;
  const before = turn.events.length;
  const queues = new Set(turn.events.slice(since).flatMap((event) => [...queuesOf(event, centre, ruled)]));
  for (const id of queues) {
    const queue = ruled.get(id);
    if (queue === undefined || lengthOf(centre, id) === 0 || !isEmpty(centre, queue, queue.empty?.waiting)) continue;
    for (const contact of waitingIn(centre, id)) leaveQueue(turn, contact, 'empty');
  }
  return turn.events.length > before;
}

/** Not those for whom a phone rings: somebody is there for them. Nor those who left the phone. */
export const waitingIn = (centre: Centre, queue: QueueId): readonly Contact[] =>
  standingIn(centre, queue).flatMap((id) => centre.contacts.get(id) ?? []).filter(({ state }) => state.status === 'waiting');

const withRule = memo((routing: Routing): ReadonlyMap<QueueId, QueueConfig> => new Map([...routing.queues].filter(([, { empty }]) => (empty?.waiting.length ?? 0) > 0)));

function queuesOf(event: Event, { routing, contacts }: Centre, ruled: ReadonlyMap<QueueId, QueueConfig>): Iterable<QueueId> {
  switch (event.type) {
    case 'queue-left':
      return [event.queue];
    case 'presence-changed':
    case 'device-changed':
      return routing.agents.get(event.agent)?.queues ?? [];
    case 'switch-changed':
    case 'configured':
      return ruled.keys();
    case 'contact-queued':
    case 'contact-overflowed':
    case 'contact-escalated':
    case 'contact-requeued':
    case 'callback-connected':
    case 'offer-ended': {
      const state = contacts.get(event.contact)?.state;
      return state !== undefined && 'queue' in state ? [state.queue] : [];
    }
    default:
      return [];
  }
}
