/** Everything that goes into the decider and everything that comes out of it. */
import type { AgentId, BridgeId, ContactId, LegId, OfferId, QueueId, RecordingId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { Device, Fact, LegEnd, Order, Ticket } from '../telephony/port.ts';
import type { AlarmCode, AlarmSource, ContactState, Disposition, Json, PathStep, PauseReason, Presence, Routing, TransferTarget, TurnedAway } from './model.ts';

/** What the decider is told. Keys and plays are the flow's business and do not come here. */
export type Input = Exclude<Fact, { type: 'key-pressed' | 'play-ended' }> | FlowInput | Command | LoadSeen | Tick | Configure;

/**
 * The flow of a contact moved on. The orders are given once the move is committed; with an exit the contact leaves
 * the flow in the same step.
 */
export interface FlowInput {
  readonly type: 'flow-moved';
  readonly at: number;
  readonly contact: ContactId;
  readonly path: readonly PathStep[];
  readonly data: Readonly<Record<string, string>>;
  readonly language: Language;
  /** What takes the flow up again where it stands; goes back to the flow when a transfer or an enqueue fails. */
  readonly memory: Json;
  readonly orders: readonly Order[];
  readonly exit?: FlowExit;
}
export type FlowExit =
  | { readonly to: 'queue'; readonly queue: QueueId; readonly priority: number }
  | { readonly to: 'number'; readonly target: TransferTarget; readonly timeoutMs: number }
  | { readonly to: 'end' };

/** What a person asks for; each may be refused. */
export type Command =
  | { readonly type: 'sign-in'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'sign-out'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'make-ready'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'pause'; readonly at: number; readonly agent: AgentId; readonly reason: PauseReason }
  | { readonly type: 'finish-wrap-up'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'answer'; readonly at: number; readonly agent: AgentId }
  /** Ends the talk, or turns the offer away. */
  | { readonly type: 'hang-up'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'dispose'; readonly at: number; readonly agent: AgentId; readonly contact: ContactId; readonly disposition: Disposition }
  | { readonly type: 'pause-recording'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'resume-recording'; readonly at: number; readonly agent: AgentId };

/** How late the service is with what it is told, as the part of the usual rate of calls that it can take. */
export interface LoadSeen {
  readonly type: 'load-seen';
  readonly at: number;
  readonly pace: number;
}

/** A deadline has come. */
export interface Tick {
  readonly type: 'tick';
  readonly at: number;
}

/** A new configuration, taken whole. */
export interface Configure {
  readonly type: 'configure';
  readonly at: number;
  readonly routing: Routing;
}

/** What was decided, before the journal has numbered it. `at` is the input's time. */
export type Event =
  /** `turnedAway`: not let in; nothing of the centre is given to it but the treatment. */
  | Of<'contact-arrived', { contact: ContactId; leg: LegId; ani: string; dnis: string; language: Language; flow: string; version: string; trunk?: string; turnedAway?: TurnedAway }>
  | Of<'flow-moved', { contact: ContactId; path: readonly PathStep[]; data: Readonly<Record<string, string>>; language: Language; memory: Json; orders: readonly Order[] }>
  /** Also when taken up again from a ticket: then `restored`, and `enteredAt` is before. */
  | Of<'contact-queued', { contact: ContactId; queue: QueueId; priority: number; queuedAt: number; position: number; restored: boolean; enteredAt?: number }>
  /** A talk of which only the ticket knows goes on. */
  | Of<'contact-restored', { contact: ContactId; state: Extract<ContactState, { status: 'connected' | 'transferred' }> }>
  /** The queue would not take it, or is no more: the flow decides what then, from its start where it has no memory. */
  | Of<'contact-turned-away', { contact: ContactId; queue: QueueId; reason: 'full' | 'queue-removed'; memory: Json }>
  /** After its time, or because its queue was taken out of the configuration. */
  | Of<'contact-overflowed', { contact: ContactId; from: QueueId; queue: QueueId; priority: number; because?: 'queue-removed' }>
  | Of<'offer-made', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; leg: LegId; until: number; waitMs: number }>
  | Of<'offer-rang', { offer: OfferId; contact: ContactId; agent: AgentId }>
  /** `withdrawn`: the caller left. `lost`: the call to the phone vanished without a word (a restart, a failed order). */
  | Of<'offer-ended', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; outcome: OfferOutcome; ringMs: number }>
  /** The agent answered: `waitMs` from queueing to now. Counted as answered from here, while the number is read. */
  | Of<'contact-connected', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; leg: LegId; bridge: BridgeId; waitMs: number; ringMs: number }>
  /** The talk could not be made or the agent's phone was lost: back in line with the old place. */
  | Of<'contact-requeued', { contact: ContactId; queue: QueueId; agent: AgentId; because: 'connect-failed' | 'agent-lost' | 'not-recorded' }>
  | Of<'transfer-started', { contact: ContactId; leg: LegId; to: TransferTarget; until: number; memory: Json }>
  | Of<'transfer-connected', { contact: ContactId; leg: LegId; bridge: BridgeId; to: TransferTarget }>
  | Of<'transfer-failed', { contact: ContactId; leg: LegId; to: TransferTarget; end: LegEnd; memory: Json }>
  /** Exactly one per contact, and the last with its number. */
  | Of<'contact-ended', { contact: ContactId; reason: ContactEnd; during: EndedDuring; queue?: QueueId; agent?: AgentId; waitMs: number; talkMs: number }>
  /** The caller's leg of an ended contact is gone; carries no number, for the end has been counted. */
  | Of<'contact-closed', { contact: ContactId }>
  | Of<'presence-changed', { agent: AgentId; from: Presence['status']; presence: Presence; because: PresenceCause }>
  /** What an agent on a call asked to be afterwards; null takes it back. */
  | Of<'presence-requested', { agent: AgentId; then: 'offline' | 'paused' | null; reason?: PauseReason }>
  | Of<'rest-set', { agent: AgentId; until: number }>
  | Of<'device-changed', { agent: AgentId; device: Device; remoteAnswer?: boolean }>
  | Of<'disposition-set', { agent: AgentId; contact: ContactId; disposition: Disposition }>
  | Of<'answer-asked', { agent: AgentId; contact: ContactId; leg: LegId }>
  | Of<'recording-started', { recording: RecordingId; contact: ContactId; agent: AgentId; queue: QueueId; leg: LegId }>
  | Of<'recording-paused', { recording: RecordingId; contact: ContactId; agent: AgentId; leg: LegId }>
  | Of<'recording-resumed', { recording: RecordingId; contact: ContactId; agent: AgentId; leg: LegId }>
  | Of<'recording-stopped', { recording: RecordingId; contact: ContactId; leg: LegId }>
  /** Nothing more is recorded under this id; what there is of it is kept. */
  | Of<'recording-failed', { recording: RecordingId; contact: ContactId; detail: string }>
  /** Orders given again after a reconnect, to make the switch what the state says. */
  | Of<'contact-repaired', { contact: ContactId; orders: readonly Order[] }>
  /** A leg of ours that no contact knows: hung up. */
  | Of<'stray-removed', { leg: LegId }>
  /** A bridge of ours in which nobody talks any more. */
  | Of<'bridge-removed', { bridge: BridgeId }>
  | Of<'switch-changed', { up: boolean }>
  | Of<'pace-changed', { pace: number }>
  | Of<'alarm-raised', { alarm: AlarmCode } & AlarmSource>
  /** `turnedAway`: how many calls while it lasted. */
  | Of<'alarm-cleared', { alarm: AlarmCode; since: number; turnedAway: number } & AlarmSource>
  | Of<'configured', { version: string }>;

interface Stamped {
  readonly at: number;
  /** The contact's own count, from 1 without gaps, on events that have a contact while it lives. */
  readonly n?: number;
}
type Of<Type extends string, Fields> = Stamped & { readonly type: Type } & { readonly [Field in keyof Fields]: Fields[Field] };
export type EventType = Event['type'];
export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;

export type OfferOutcome = 'accepted' | 'no-answer' | 'rejected' | 'busy' | 'unreachable' | 'withdrawn' | 'lost';
export type ContactEnd = 'caller-hung-up' | 'agent-hung-up' | 'other-hung-up' | 'flow-ended' | 'failed' | 'switch-restarted' | TurnedAway;
/** `arrival`: never let in. `queue` with reason caller-hung-up is the abandon. */
export type EndedDuring = 'arrival' | 'flow' | 'queue' | 'talk' | 'transfer';
export type PresenceCause = 'asked' | 'signed-in' | 'offer' | 'missed' | 'rejected' | 'offer-over' | 'connected' | 'talk-over' | 'wrap-up-over' | 'removed' | 'restored';

/** An event as the journal holds it. `id` is `epoch-seq`, unique and growing in a centre for ever. */
export interface JournalEvent {
  readonly id: string;
  readonly event: Event;
}

/** A reason, not an exception: `code` is looked up in cti/refusals for the person who asked. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly detail?: string;
}
export type RefusalCode =
  | 'unknown-agent'
  | 'unknown-contact'
  | 'unknown-queue'
  | 'unknown-reason'
  | 'unknown-disposition'
  | 'unknown-number'
  | 'not-signed-in'
  | 'already'
  | 'agent-on-call'
  | 'no-call'
  | 'no-offer'
  | 'no-remote-answer'
  | 'no-wrap-up'
  | 'no-recording'
  | 'not-in-flow'
  | 'nothing-to-do'
  | 'not-owner';

export type Outcome = { readonly ok: true; readonly events: readonly JournalEvent[] } | { readonly ok: false; readonly refusal: Refusal };

export type { Ticket };
