/** Everything that goes into the decider and everything that comes out of it. */
import type { AgentId, BridgeId, ContactId, LegId, OfferId, PlayId, QueueId, RecordingId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { AtClosing, Tier, Widening } from '../config/centre-config.ts';
import type { Device, Fact, Key, LegEnd, Media, Order, Ticket } from '../telephony/port.ts';
import type { Command, Refusal } from './commands.ts';
import type { Estimate } from './estimate.ts';
import type { StillAsked } from './agent-after.ts';
import type { Disposition, PauseReason, Presence, RestCause, Work } from './agent.ts';
import type { ContactState, Hold, Json, LastTalk, PathStep, Place, Seat, TransferTarget, Widened } from './contact.ts';
import type { AlarmCode, AlarmSource, CalledFor, Routing, TurnedAway } from './model.ts';

/** What the decider is told. Of plays only a whisper's: the others are the flow's business, and so are the keys of who is in a flow. */
export type Input = CallerKnown | Fact | FlowInput | Command | LoadSeen | Tick | Configure;

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
  /** He is to be called back at this number once he has left the phone, in the queue that he comes from or this one. */
  readonly callback?: { readonly number: string; readonly queue?: QueueId };
  readonly exit?: FlowExit;
}
export type FlowExit =
  /** `keys` lead back into the flow. */
  | { readonly to: 'queue'; readonly queue: QueueId; readonly priority: number; readonly agent?: { readonly id: AgentId; readonly waitMs: number }; readonly tier?: Tier; readonly position?: number; readonly keys?: readonly Key[]; readonly asks?: readonly Widening[] }
  | { readonly to: 'number'; readonly target: TransferTarget; readonly timeoutMs: number }
  | { readonly to: 'end' };

/** What the records say of a caller, whenever they do: the last talk, null where they know of none; and the customer's tier. */
export interface CallerKnown {
  readonly type: 'caller-known';
  readonly at: number;
  readonly contact: ContactId;
  readonly last: LastTalk | null;
  readonly tier?: string | null;
}

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
  /** Also when taken up again from a ticket: then `restored`, and `enteredAt` is before. `merged`: with the place of his callback, which is over. */
  | Of<'contact-queued', { contact: ContactId; queue: QueueId; priority: number; queuedAt: number; position: number; restored: boolean; enteredAt?: number; tier?: Tier; seat?: Seat; keys?: readonly Key[]; asks?: readonly Widening[]; hold?: Hold; merged?: ContactId; rings?: true }>
  | Of<'caller-known', { contact: ContactId; last: LastTalk | null; vip?: true }>
  /** It waits for this agent alone, as `contact-queued` may say too. */
  | Of<'contact-held', { contact: ContactId; queue: QueueId; hold: Hold }>
  /** Anyone may have it from now on. */
  | Of<'hold-ended', { contact: ContactId; queue: QueueId; because: 'time' | 'nobody-known' | 'agent-away' | 'declined' }>
  /** By its agent, with its age and all that is known. */
  | Of<'contact-escalated', { contact: ContactId; from: QueueId; queue: QueueId; agent: AgentId; priority: number }>
  /** A talk of which only the ticket knows goes on. */
  | Of<'contact-restored', { contact: ContactId; state: Extract<ContactState, { status: 'connected' | 'transferred' }> }>
  /** The queue would not take it, or is no more: the flow decides what then, from its start where it has no memory. `by`: whoever closed it. */
  | Of<'contact-turned-away', { contact: ContactId; queue: QueueId; reason: TurnedAwayFromQueue; memory: Json; by?: AgentId }>
  /** It was in line and goes back into its flow, to where the reason or the key leads. */
  | Of<'contact-left-queue', { contact: ContactId; queue: QueueId; because: LeftBecause; waitMs: number; memory: Json; key?: Key; by?: AgentId; note?: string }>
  /** It has waited so long that it asks less: the steps that it has come to. */
  | Of<'contact-widened', { contact: ContactId; queue: QueueId } & Widened>
  /** An announcement to a waiting caller. */
  | Of<'contact-told', { contact: ContactId; queue: QueueId; play: PlayId; media: readonly Media[]; position?: number; estimate?: Estimate }>
  /** A supervisor gave it another priority; it stands where that and its age put it. */
  | Of<'contact-re-prioritised', { contact: ContactId; queue: QueueId; priority: number; position: number; by: AgentId }>
  /** He is promised a callback. `place` is what will stand in the line when he leaves the phone. */
  | Of<'callback-asked', { contact: ContactId; queue: QueueId; number: string; trunk?: string; until: number; place: Place }>
  /** He has left the phone, and the place is in the line. Nobody is dialled before `next`: his phone would be busy. */
  | Of<'callback-waiting', { contact: ContactId; queue: QueueId; position: number; reason: ContactEnd; next?: number }>
  | Of<'callback-attempted', { contact: ContactId; queue: QueueId; leg: LegId; number: string; trunk?: string; attempt: number; until: number; for?: CalledFor }>
  /** Nobody is dialled before `next`. Without one the callback ends. */
  | Of<'callback-missed', { contact: ContactId; queue: QueueId; leg: LegId; end: LegEnd; counts: boolean; next?: number }>
  /** The rest after a missed one is over. */
  | Of<'callback-due', { contact: ContactId; queue: QueueId }>
  /** Until then he may press 1, which no answering machine does. */
  | Of<'callback-answered', { contact: ContactId; queue: QueueId; leg: LegId; play: PlayId; media: readonly Media[]; until: number }>
  /** He is on the line, and waits as a caller does. */
  | Of<'callback-connected', { contact: ContactId; queue: QueueId; leg: LegId; position: number }>
  /** After its time, or because its queue was taken out of the configuration. */
  | Of<'contact-overflowed', { contact: ContactId; from: QueueId; queue: QueueId; priority: number; because?: 'queue-removed'; rings?: true }>
  | Of<'offer-made', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; leg: LegId; until: number; waitMs: number; kept?: { readonly agent: AgentId; readonly contact: ContactId }; before?: ContactId }>
  | Of<'offer-rang', { offer: OfferId; contact: ContactId; agent: AgentId }>
  /** The agent is told of the contact before the two are joined, which they are when it is said, or at `until`; with `confirm` only by a key before that. */
  | Of<'offer-answered', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; leg: LegId; play: PlayId; media: readonly Media[]; until: number; confirm?: true }>
  /**
   * `withdrawn`: the caller left. `answered-elsewhere`: of the phones that rang at once another was quicker. `lost`: the call
   * to the phone vanished without a word (a restart, a failed order). `leg`: where other phones of the contact ring on.
   */
  | Of<'offer-ended', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; outcome: OfferOutcome; ringMs: number; leg?: LegId }>
  /** The agent answered: `waitMs` from queueing to now. Counted as answered from here, while the number is read. */
  | Of<'contact-connected', { offer: OfferId; contact: ContactId; agent: AgentId; queue: QueueId; leg: LegId; bridge: BridgeId; waitMs: number; ringMs: number }>
  /** The talk could not be made or the agent's phone was lost: back in line with the old place. */
  | Of<'contact-requeued', { contact: ContactId; queue: QueueId; agent: AgentId; because: 'connect-failed' | 'agent-lost' | 'not-recorded' }>
  | Of<'transfer-started', { contact: ContactId; leg: LegId; to: TransferTarget; until: number; memory: Json }>
  | Of<'transfer-connected', { contact: ContactId; leg: LegId; bridge: BridgeId; to: TransferTarget }>
  | Of<'transfer-failed', { contact: ContactId; leg: LegId; to: TransferTarget; end: LegEnd; memory: Json }>
  /** Exactly one per contact, and the last with its number. */
  | Of<'contact-ended', { contact: ContactId; reason: ContactEnd; during: EndedDuring; queue?: QueueId; agent?: AgentId; waitMs: number; talkMs: number; by?: AgentId; note?: string }>
  /** The caller's leg of an ended contact is gone; carries no number, for the end has been counted. */
  | Of<'contact-closed', { contact: ContactId; overdue?: true }>
  | Of<'presence-changed', { agent: AgentId; from: Presence['status']; presence: Presence; because: PresenceCause; work?: Work; outOf?: readonly QueueId[]; still?: StillAsked }>
  /** What an agent on a call asked to be afterwards; null takes it back. */
  | Of<'presence-requested', { agent: AgentId; then: 'offline' | 'paused' | null; reason?: PauseReason }>
  | Of<'queue-joined' | 'queue-left', { agent: AgentId; queue: QueueId }>
  /** Null takes it back. */
  | Of<'break-asked', { agent: AgentId; reason: PauseReason | null }>
  | Of<'break-decided', { agent: AgentId; reason: PauseReason; granted: boolean; by: AgentId }>
  | Of<'wrap-up-requested', { agent: AgentId; wanted: boolean }>
  | Of<'rest-set', { agent: AgentId; until: number; because?: RestCause }>
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
  /** `version`: of the configuration that holds where it came up. */
  | Of<'switch-changed', { up: boolean; version?: string }>
  | Of<'pace-changed', { pace: number }>
  | Of<'alarm-raised', { alarm: AlarmCode } & AlarmSource>
  /** `turnedAway`: how many calls while it lasted. */
  | Of<'alarm-cleared', { alarm: AlarmCode; since: number; turnedAway: number } & AlarmSource>
  | Of<'queue-closed', { queue: QueueId; by: AgentId; reason: string; waiting: AtClosing }>
  /** By nobody where the queue was taken out of the configuration. */
  | Of<'queue-reopened', { queue: QueueId; by?: AgentId; since: number }>
  /** By its hours, as the time tells without this; told for those who look at it. */
  | Of<'hours-changed', { queue: QueueId; open: boolean }>
  | Of<'configured', { version: string }>;

interface Stamped {
  readonly at: number;
  /** The contact's own count, from 1 without gaps, on events that have a contact while it lives. */
  readonly n?: number;
}
type Of<Type extends string, Fields> = Stamped & { readonly type: Type } & { readonly [Field in keyof Fields]: Fields[Field] };
export type EventType = Event['type'];
export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;

export type TurnedAwayFromQueue = 'closed' | 'full' | 'queue-removed' | 'empty' | 'diverted';
/** `waited`: as long as the queue lets anyone. `empty`: nobody is there any more who could answer. `closed`: it closed on them. `callback`: asks to be called back. */
export type LeftBecause = 'key' | 'waited' | 'empty' | 'closed' | 'withdrawn' | 'callback';
export type OfferOutcome = 'accepted' | 'no-answer' | 'rejected' | 'busy' | 'unreachable' | 'withdrawn' | 'answered-elsewhere' | 'lost';
export type ContactEnd = 'caller-hung-up' | 'agent-hung-up' | 'other-hung-up' | 'flow-ended' | 'failed' | 'switch-restarted' | TurnedAway | CallbackEnd;
/** `callback-merged`: he called again, or asked again, and the place went to that contact. */
export type CallbackEnd = 'callback-unreached' | 'callback-declined' | 'callback-expired' | 'callback-withdrawn' | 'callback-merged';
/** `arrival`: never let in. `queue` with reason caller-hung-up is the abandon. `callback`: he had left the phone. */
export type EndedDuring = 'arrival' | 'flow' | 'queue' | 'callback' | 'talk' | 'transfer';
export type PresenceCause = 'asked' | 'signed-in' | 'offer' | 'missed' | 'rejected' | 'offer-over' | 'connected' | 'talk-over' | 'wrap-up-over' | 'removed' | 'restored' | 'callback-over';

/** An event as the journal holds it. `id` is `epoch-seq`, unique and growing in a centre for ever. */
export interface JournalEvent {
  readonly id: string;
  readonly event: Event;
}

export type Outcome = { readonly ok: true; readonly events: readonly JournalEvent[] } | { readonly ok: false; readonly refusal: Refusal };

export type { Ticket };
