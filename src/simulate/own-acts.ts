/** What agents and supervisors did, out of the events of a day: to be done again at the same moments, whatever comes of it. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { Act, Event, EventOf } from './decider.ts';

/** The types of events about agents that tell of it. */
export const agentEvents = ['presence-changed', 'presence-requested', 'queue-joined', 'queue-left', 'break-asked', 'break-decided', 'wrap-up-requested', 'rest-set'] as const;

/**
 * In order of time. An agent's end of a wrap-up and the way back from a phone that rang in vain belong to the contact
 * and are not here, for another configuration has them at other moments.
 */
export function actsIn(events: readonly Event[], startsAt: number): readonly Act[] {
  const acts: Act[] = [];
  const granted = new Set<string>();
  /** Why each agent was paused last. */
  const pausedFor = new Map<AgentId, string>();
  for (const event of events) {
    if (event.type === 'break-decided' && event.granted) granted.add(`${event.agent} ${event.at}`);
    const act = actIn(event, granted, pausedFor);
    const last = acts.at(-1);
    // What was asked for is taken back in one word, which may be several events.
    if (act !== undefined && !(last?.type === act.type && last.type === 'make-ready' && last.at === act.at && last.agent === act.agent)) acts.push(act);
    if (event.type === 'presence-changed' && event.presence.status === 'paused') pausedFor.set(event.agent, event.presence.reason);
  }
  return sinceThen(acts, startsAt).toSorted((a, b) => a.at - b.at);
}

/** Of what was before only the queues matter that were closed at that moment. */
function sinceThen(acts: readonly Act[], startsAt: number): readonly Act[] {
  const closed = new Map<QueueId, Act>();
  for (const act of acts) {
    if (act.at >= startsAt) continue;
    if (act.type === 'close-queue') closed.set(act.queue, { ...act, at: startsAt });
    else if (act.type === 'reopen-queue') closed.delete(act.queue);
  }
  return [...closed.values(), ...acts.filter(({ at }) => at >= startsAt)];
}

function actIn(event: Event, granted: ReadonlySet<string>, pausedFor: ReadonlyMap<AgentId, string>): Act | undefined {
  const { at } = event;
  switch (event.type) {
    case 'presence-changed':
      return granted.has(`${event.agent} ${at}`) ? undefined : moveIn(event, pausedFor.get(event.agent));
    case 'presence-requested':
      if (granted.has(`${event.agent} ${at}`)) return undefined;
      if (event.then === null) return { type: 'make-ready', at, agent: event.agent };
      return event.then === 'offline' ? { type: 'sign-out', at, agent: event.agent } : { type: 'pause', at, agent: event.agent, reason: event.reason ?? '' };
    case 'queue-joined':
    case 'queue-left':
      return { type: event.type === 'queue-joined' ? 'join-queue' : 'leave-queue', at, agent: event.agent, queue: event.queue };
    case 'break-asked':
      return event.reason === null ? { type: 'make-ready', at, agent: event.agent } : { type: 'pause', at, agent: event.agent, reason: event.reason };
    case 'break-decided':
      return { type: event.granted ? 'grant-break' : 'deny-break', at, agent: event.by, of: event.agent };
    case 'wrap-up-requested':
      return { type: event.wanted ? 'ask-wrap-up' : 'make-ready', at, agent: event.agent };
    case 'rest-set':
      // With a reason it is the router's own.
      return event.because === undefined ? { type: 'make-ready', at, agent: event.agent } : undefined;
    case 'contact-left-queue':
      return event.because === 'withdrawn' && event.by !== undefined ? { type: 'withdraw', at, agent: event.by, contact: event.contact, reason: event.note ?? '' } : undefined;
    case 'contact-ended':
      return event.reason === 'callback-withdrawn' && event.by !== undefined ? { type: 'withdraw', at, agent: event.by, contact: event.contact, reason: event.note ?? '' } : undefined;
    case 'contact-re-prioritised':
      return { type: 're-prioritise', at, agent: event.by, contact: event.contact, priority: event.priority };
    case 'queue-closed':
      return { type: 'close-queue', at, agent: event.by, queue: event.queue, reason: event.reason, waiting: event.waiting };
    case 'queue-reopened':
      return event.by === undefined ? undefined : { type: 'reopen-queue', at, agent: event.by, queue: event.queue };
    default:
      return undefined;
  }
}

/** Out of a ring or a call it is what had been asked for before. */
function moveIn({ at, agent, from, presence, because }: EventOf<'presence-changed'>, pausedFor: string | undefined): Act | undefined {
  if (because === 'signed-in') return { type: 'sign-in', at, agent };
  if (because !== 'asked' || (from !== 'ready' && from !== 'paused')) return undefined;
  if (presence.status === 'offline') return { type: 'sign-out', at, agent };
  if (presence.status === 'paused') return { type: 'pause', at, agent, reason: presence.reason };
  return from === 'paused' && isBackFrom(pausedFor) ? undefined : { type: 'make-ready', at, agent };
}

/** Where the router paused the agent: that is what its decisions led to, and may be another's the next time. */
export const isBackFrom = (reason: string | null | undefined): boolean => reason === 'missed' || reason === 'rejected';

/** Whoever lent a hand that is played again. */
export const handsIn = (acts: readonly Act[]): readonly AgentId[] => [...new Set(acts.flatMap((act) => (hands.has(act.type) ? [act.agent] : [])))];
const hands: ReadonlySet<Act['type']> = new Set(['withdraw', 're-prioritise', 'close-queue', 'reopen-queue', 'grant-break', 'deny-break']);
