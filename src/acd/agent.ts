/** An agent: presence and device, and what the agent has done and asked for. */
import type { AgentId, ContactId, OfferId, QueueId } from '../base/ids.ts';
import type { Device } from '../telephony/port.ts';

export interface Agent {
  readonly id: AgentId;
  readonly presence: Presence;
  readonly device: Device;
  /** The phone answers when the desktop asks it to. */
  readonly remoteAnswer?: boolean;
  /** No offer before this: the last one came to nothing. 0 when there is none. */
  readonly restUntil: number;
  readonly restBecause?: RestCause;
  /** Asked for during a talk whose queue gives none by itself. */
  readonly wantsWrapUp?: true;
  /** Of the agent's queues, those signed out of; a sign-in begins in all. */
  readonly outOf?: readonly QueueId[];
  /** A pause that a supervisor has still to agree to. */
  readonly asked?: { readonly reason: PauseReason; readonly since: number };
  /** Absent where there is none yet. */
  readonly work?: Work;
  /** Asked for while on a call; done when the call and its wrap-up are over. */
  readonly then?: Then;
}

/** What strategies look at. */
export interface Work {
  /** Answered since the sign-in, over all queues. */
  readonly calls: number;
  readonly talkMs: number;
  /** Of queues that go round: the number of the agent's last turn. */
  readonly turns: Readonly<Record<string, number>>;
}

export type RestCause = 'busy' | 'unreachable' | 'rejected' | 'no-answer' | 'lost';

export type Then = { readonly status: 'offline' } | { readonly status: 'paused'; readonly reason: string };

/**
 * Presence:
 *
 *   offline ⇄ ready ⇄ paused(reason)
 *               │▲        ▲
 *               ▼│        │ no answer, rejected
 *            offered ─────┘
 *               ▼
 *            talking ──▶ wrap-up ──▶ ready (or what was asked for meanwhile)
 */
export type Presence =
  | { readonly status: 'offline'; readonly since: number }
  /** `idleSince`: end of the last talk or the sign-in; a pause or an unanswered ring does not renew it. */
  | { readonly status: 'ready'; readonly since: number; readonly idleSince: number }
  | { readonly status: 'paused'; readonly since: number; readonly idleSince: number; readonly reason: PauseReason }
  | { readonly status: 'offered'; readonly since: number; readonly idleSince: number; readonly offer: OfferId }
  | { readonly status: 'talking'; readonly since: number; readonly contact: ContactId }
  /** `until` is absent where the wrap-up is discretionary; `fixed`: the agent cannot end it before. */
  | { readonly status: 'wrap-up'; readonly since: number; readonly contact: ContactId; readonly until?: number; readonly fixed?: true; readonly disposition?: Disposition };

/** A key of centre.yaml's pauseReasons, or what the router itself says. */
export type PauseReason = string;

/** The router's own reasons: the phone was not answered, the call was turned away on it, just signed in. */
export const missed: PauseReason = 'missed';

export const rejected: PauseReason = 'rejected';

export const signedIn: PauseReason = 'signed-in';

export interface Disposition {
  readonly code: string;
  readonly note: string;
}
