import type { AgentId, ContactId } from '../base/ids.ts';
import type { Order } from '../telephony/port.ts';
import { apply } from './apply.ts';
import { nothingTouched } from './touched.ts';
import type { Touched } from './touched.ts';
import type { Event } from './messages.ts';
import { stillAsked } from './agent-after.ts';
import type { StillAsked } from './agent-after.ts';
import type { Agent, Work } from './agent.ts';
import type { Centre } from './model.ts';
import { standingIn } from './lines.ts';
import { ordersOf } from './orders.ts';
import { workAfter } from './work.ts';

/** One input's way through the decider: events are applied as they are decided, their orders collected. */
export interface Turn {
  readonly centre: Centre;
  readonly at: number;
  readonly events: Event[];
  readonly orders: Order[];
  readonly touched: Touched;
  /** Whom the match loop must look at: contacts that began to wait, agents that may have become free. */
  readonly waiting: Set<ContactId>;
  readonly freed: Set<AgentId>;
}

export function beginTurn(centre: Centre, at: number): Turn {
  centre.at = Math.max(centre.at, at);
  return {
    centre,
    at: centre.at,
    events: [],
    orders: [],
    touched: nothingTouched(),
    waiting: new Set(),
    freed: new Set(),
  };
}

/** An event without what emit adds to it: its time, the contact's count, the agent's work and queues, so that its last event tells them all. */
export type Draft = Event extends infer One ? (One extends Event ? Omit<One, 'at' | 'n' | 'work' | 'outOf' | 'still'> & { readonly at?: number } : never) : never;

/**
 * Decides an event: numbers it, collects its orders from the state as it was, then applies it. `at` is the turn's
 * unless the draft says otherwise (an arrival keeps the switch's own time, which may be before a restart).
 */
export function emit(turn: Turn, draft: Draft): void {
  const n = numberOf(turn.centre, draft);
  const work = draft.type === 'presence-changed' ? workAfter(turn.centre, draft, turn.at) : undefined;
  const outOf = outOfQueues(turn.centre, draft);
  const still = askedStill(turn.centre, draft);
  // The draft is an Event but for what is added here; TypeScript cannot rebuild the union. Added and not copied: each
  // caller has made it for this alone, and the copy took a tenth of a simulated day.
  const added = draft as { at?: number; n?: number; work?: Work; outOf?: NonNullable<Agent['outOf']>; still?: StillAsked };
  added.at ??= turn.at;
  if (n !== undefined) added.n = n;
  if (work !== undefined) added.work = work;
  if (outOf !== undefined) added.outOf = outOf;
  if (still !== undefined) added.still = still;
  const event = draft as Event;
  for (const order of ordersOf(turn.centre, event)) turn.orders.push(order);
  apply(turn.centre, event, turn.touched);
  turn.events.push(event);
  note(turn, event);
}

function outOfQueues({ agents }: Centre, draft: Draft): Agent['outOf'] {
  return draft.type === 'presence-changed' && draft.presence.status !== 'offline' ? agents.get(draft.agent)?.outOf : undefined;
}

/** Of most there is nothing. */
function askedStill({ agents }: Centre, draft: Draft): StillAsked | undefined {
  const agent = draft.type === 'presence-changed' ? agents.get(draft.agent) : undefined;
  if (draft.type !== 'presence-changed' || agent === undefined || (agent.then === undefined && agent.wantsWrapUp === undefined && agent.asked === undefined)) return undefined;
  return stillAsked(agent, draft.presence);
}

function numberOf(centre: Centre, draft: Draft): number | undefined {
  if (draft.type === 'contact-arrived') return 1;
  if (draft.type === 'contact-closed') return undefined;
  const contact = 'contact' in draft ? centre.contacts.get(draft.contact) : undefined;
  return contact?.state.status === 'closing' ? undefined : contact?.next;
}

function note(turn: Turn, event: Event): void {
  switch (event.type) {
    case 'contact-queued':
    case 'contact-overflowed':
    case 'contact-requeued':
    case 'contact-escalated':
    case 'contact-held':
    case 'hold-ended':
    case 'contact-re-prioritised':
    case 'contact-widened':
    case 'callback-waiting':
    case 'callback-due':
    case 'callback-connected':
      turn.waiting.add(event.contact);
      return;
    case 'offer-ended':
      // Withdrawn, too: its agent may be given to another, and the caller may still be there.
      if (event.outcome !== 'accepted') turn.waiting.add(event.contact);
      return;
    case 'presence-changed':
      if (event.presence.status === 'ready') turn.freed.add(event.agent);
      return;
    case 'queue-reopened':
    case 'hours-changed':
      for (const id of standingIn(turn.centre, event.queue)) turn.waiting.add(id);
      return;
    case 'queue-joined':
      turn.freed.add(event.agent);
      return;
    case 'rest-set':
      // The agent says that it is over; else its deadline does.
      if (event.until <= event.at) turn.freed.add(event.agent);
      return;
    case 'device-changed':
      turn.freed.add(event.agent);
      return;
    case 'switch-changed':
    case 'configured':
    // The recorder's alarm holds callers back where there is no call without a recording.
    case 'alarm-cleared':
      for (const agent of turn.centre.agents.keys()) turn.freed.add(agent);
      return;
    default:
      return;
  }
}
