import type { AgentId, ContactId } from '../base/ids.ts';
import type { Order } from '../telephony/port.ts';
import { apply } from './apply.ts';
import type { Touched } from './apply.ts';
import type { Event } from './messages.ts';
import type { Centre } from './model.ts';
import { ordersOf } from './orders.ts';

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
    touched: { contacts: new Set(), agents: new Set(), offers: new Set() },
    waiting: new Set(),
    freed: new Set(),
  };
}

/** An event without what emit adds to it. */
export type Draft = Event extends infer One ? (One extends Event ? Omit<One, 'at' | 'n'> & { readonly at?: number } : never) : never;

/**
 * Decides an event: numbers it, collects its orders from the state as it was, then applies it. `at` is the turn's
 * unless the draft says otherwise (an arrival keeps the switch's own time, which may be before a restart).
 */
export function emit(turn: Turn, draft: Draft): void {
  const n = numberOf(turn.centre, draft);
  // The draft is an Event but for `at` and `n`, which are added here; TypeScript cannot rebuild the union.
  const event = { ...draft, at: draft.at ?? turn.at, ...(n === undefined ? {} : { n }) } as Event;
  turn.orders.push(...ordersOf(turn.centre, event));
  apply(turn.centre, event, turn.touched);
  turn.events.push(event);
  note(turn, event);
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
      turn.waiting.add(event.contact);
      return;
    case 'offer-ended':
      if (event.outcome !== 'accepted' && event.outcome !== 'withdrawn') turn.waiting.add(event.contact);
      return;
    case 'presence-changed':
      if (event.presence.status === 'ready') turn.freed.add(event.agent);
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
