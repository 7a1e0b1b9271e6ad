/** One call while it is in the centre, and the events that move it on. */
import type { AgentId, LegId, QueueId } from '../base/ids.ts';
import type { Call } from './callers.ts';
import type { Event, EventOf } from './decider.ts';
import type { Asked, Promised } from './scenario.ts';

export interface Visit {
  readonly call: Call;
  readonly n: number;
  /** Another one for each attempt to call back. */
  leg: LegId;
  queue: QueueId;
  /** Of the queue that the caller is in, or is to be called back for. */
  asked: Asked | Promised;
  /** Which of the times on the phone without an agent this is, from 0. */
  hold: number;
  /** How many talks have begun; whether one goes on. */
  talks: number;
  talking: boolean;
  promised: boolean;
  readonly rung: Map<AgentId, number>;
  dialled: number;
  /** When the caller came to a queue first, or was turned away. */
  at: number | undefined;
  /** One of those that `waiting` has counted. */
  waits: boolean;
  counted: boolean;
}

const followed = [
  'contact-arrived', 'contact-turned-away', 'contact-queued', 'contact-overflowed', 'contact-left-queue', 'offer-made', 'offer-ended', 'contact-connected', 'contact-escalated', 'contact-requeued',
  'callback-asked', 'callback-attempted', 'callback-connected', 'contact-ended',
] as const;
export type Followed = EventOf<(typeof followed)[number]>;

export const isFollowed = (event: Event): event is Followed => (followed as readonly string[]).includes(event.type);
