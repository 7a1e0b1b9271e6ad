/**
 * The centre as the decider knows it. Plain data: everything here is JSON but the maps, and apply.ts is the only
 * writer. Times are epoch milliseconds.
 */
import type { AgentId, BridgeId, ContactId, LegId, OfferId, PlayId, QueueId, RecordingId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { AgentConfig, AtClosing, CentreSettings, QueueConfig, Tier, Widening } from '../config/centre-config.ts';
import type { Device, Key, RecorderFault } from '../telephony/port.ts';
import type { Flowing } from './estimate.ts';
import type { Floor } from './floor.ts';
import type { Line, Standing } from './lines.ts';
import type { LeftPlace } from './redial.ts';

export interface Centre {
  /** Time of the newest input; never goes back. */
  at: number;
  routing: Routing;
  readonly contacts: Map<ContactId, Contact>;
  readonly agents: Map<AgentId, Agent>;
  readonly offers: Map<OfferId, Offer>;
  /** Which contact a leg belongs to, callers' and agents' legs alike. */
  readonly legs: Map<LegId, ContactId>;
  /** The waiting line of each queue in the callers' order; a contact being offered stays in it. */
  readonly lines: Map<QueueId, Line>;
  readonly standings: Map<ContactId, Standing>;
  /** The agents who may be rung; made anew with the routing. */
  floor: Floor;
  /** How fast those who wait are taken, as far as this process has seen. */
  readonly flowing: Map<QueueId, Flowing>;
  /** Places of those who hung up, by queue and number, oldest first. */
  readonly hungUp: Map<string, LeftPlace>;
  /** Open callbacks, by queue and number: one of each. */
  readonly callbacks: Map<string, ContactId>;
  /** Queues that are closed, as of their last event: nobody is rung for those whom they are to call back. */
  readonly shut: Set<QueueId>;
  /** Queues in whose line somebody stands who may be called back now. */
  readonly callable: Set<QueueId>;
  /** Whether somebody of the queue could talk to them; absent until it is asked. */
  readonly staffed: Map<QueueId, boolean>;
  /** A binary heap, soonest first; entries that no longer hold are skipped when due. */
  readonly deadlines: Deadline[];
  /** Who is kept for each agent. */
  readonly held: Map<AgentId, Set<ContactId>>;
  /** Orders reach the switch. While they do not, nothing new is offered. */
  switchUp: boolean;
  /** How much of what may come in has come; forgotten with the process. */
  readonly doors: Doors;
  /** What supervisors are warned of now, by code and source; forgotten with the process too. */
  readonly alarms: Map<string, Alarm>;
  /** Queues that a supervisor has closed, until one opens them again. Invariant: only of queues that are configured. */
  readonly closed: Map<QueueId, ClosedQueue>;
  /** When each next opens or closes by its hours. */
  readonly turnsAt: Map<QueueId, number>;
}

export interface ClosedQueue {
  readonly id: QueueId;
  readonly since: number;
  readonly by: AgentId;
  readonly reason: string;
  /** What becomes of those who wait. */
  readonly waiting: AtClosing;
}

/** Each meter is kept as the time until which it is used up (meter.ts). */
export interface Doors {
  all: number;
  readonly callers: Map<string, number>;
  readonly trunks: Map<string, number>;
  /** 1, or less while the service is late: the part of the usual rate that is let in. */
  pace: number;
}

export type AlarmCode = TurnedAway | 'break-too-long' | 'late' | RecorderFault | 'recordings-low';

export interface Alarm extends AlarmSource {
  readonly code: AlarmCode;
  readonly since: number;
  /** The last time that it had a reason. */
  readonly last: number;
  readonly turnedAway: number;
}

/** The trunk, the caller's number or the agent that caused it; none where it is everyone. */
export interface AlarmSource {
  readonly trunk?: string;
  readonly ani?: string;
  readonly agent?: AgentId;
}

/** Why a call was not let in. */
export type TurnedAway = 'overload' | 'trunk-limit' | 'caller-limit';

export type Deadline =
  | { readonly at: number; readonly kind: 'offer'; readonly offer: OfferId }
  | { readonly at: number; readonly kind: 'wrap-up' | 'rest' | 'break'; readonly agent: AgentId }
  | { readonly at: number; readonly kind: 'alarm'; readonly alarm: string }
  | { readonly at: number; readonly kind: 'hours'; readonly queue: QueueId }
  | { readonly at: number; readonly kind: 'waiting' | 'hold' | 'transfer' | 'closing' | 'widen' | 'callback'; readonly contact: ContactId };

/** The part of the configuration that routing reads. */
export interface Routing {
  readonly version: string;
  readonly centre: Pick<CentreSettings, 'numbers' | 'language' | 'order' | 'pauseReasons' | 'breaks' | 'dispositions' | 'backOffMs' | 'admission' | 'recording'>;
  readonly queues: ReadonlyMap<QueueId, QueueConfig>;
  readonly agents: ReadonlyMap<AgentId, AgentConfig>;
}

/**
 * Contact, by status:
 *
 *   in-flow ──▶ waiting ⇄ offered ──▶ connected ──▶ closing ──▶ (removed)
 *      ▲  └──▶ transferring ──▶ transferred ─────────▲
 *      └───────────┘ failed
 *
 *   in-flow, with a callback promised ──▶ callback ⇄ dialling ──▶ waiting
 *                                         callback ⇄ offered ──▶ dialling ──▶ connected   (agent first)
 *
 * The caller may leave from any of them, and is then removed at once; closing is for contacts that we end. One who was
 * promised a callback leaves the phone, and the contact stays.
 */
export interface Contact {
  readonly id: ContactId;
  readonly leg: LegId;
  readonly ani: string;
  readonly dnis: string;
  readonly arrivedAt: number;
  readonly flow: { readonly name: string; readonly version: string };
  readonly language: Language;
  /** What the flow has set or collected, without what is marked secret. */
  readonly data: Readonly<Record<string, string>>;
  readonly path: readonly PathStep[];
  /** Counts this contact's events: the next one's number. */
  readonly next: number;
  /** How many agents were rung, so that each offer's ids are new. */
  readonly offersMade: number;
  /** Whom the caller talked to last, as the records say; null: nobody. Absent until they have said. */
  readonly last?: LastTalk | null;
  /** Of a tier that the records name and the configuration counts as VIP. */
  readonly vip?: true;
  /** Waits for one agent only. Invariant: only while it is in a line. */
  readonly hold?: Hold;
  /** Queues whose agents had it and handed it on: it comes back to none of them. */
  readonly been?: readonly QueueId[];
  readonly callback?: Callback;
  /** Never let in; only told so. */
  readonly turnedAway?: TurnedAway;
  readonly state: ContactState;
}

/** He asked to be called back. It is open until he is on the line again, and its place stands in the line meanwhile. */
export interface Callback {
  readonly number: string;
  readonly trunk?: string;
  readonly askedAt: number;
  /** Nobody is dialled after that. */
  readonly until: number;
  /** Attempts so far, so that each leg is new, and how many of them came to nothing. */
  readonly attempts: number;
  readonly misses: number;
  /** Where he stands once he has left the phone; absent from then on. */
  readonly place?: Place;
  /** On the line again since. */
  readonly reachedAt?: number;
}

/** The agent who has accepted a callback and is on the phone while the customer is dialled. */
export interface CalledFor {
  readonly agent: AgentId;
  readonly leg: LegId;
  readonly offer: OfferId;
  readonly ringMs: number;
}

export interface LastTalk {
  readonly agent: AgentId;
  readonly at: number;
}

/** Until then it is for this agent alone: whom the caller talked to last, or asked for. `for` null: the records have not said yet. */
export interface Hold {
  readonly for: AgentId | null;
  readonly until: number;
  readonly why: 'last-agent' | 'direct';
}

/** One node of the flow that the caller went through, and the key pressed or the way taken there. */
export interface PathStep {
  readonly node: string;
  readonly took: string;
  readonly at: number;
}

export type ContactState =
  /** `at` a node; `memory` is the interpreter's own, enough to take the flow up again after a restart. */
  | { readonly status: 'in-flow'; readonly memory: Json; readonly kept?: KeptPlace }
  | ({ readonly status: 'waiting' } & Place)
  | ({ readonly status: 'offered'; readonly offers: readonly OfferId[] } & Place)
  /** He left the phone and is to be called back. With `rests`, not before. */
  | ({ readonly status: 'callback'; readonly rests?: number } & Place)
  /** His phone rings: the contact's own leg, which is a new one for each attempt. `asked`: it is answered, and he is to press a key. */
  | ({ readonly status: 'dialling'; readonly until: number; readonly asked?: PlayId; readonly for?: CalledFor } & Place)
  | ({ readonly status: 'connected'; readonly agent: AgentId; readonly agentLeg: LegId; readonly bridge: BridgeId; readonly connectedAt: number; readonly recording?: LiveRecording; readonly unrecorded?: Unrecorded } & Place)
  | { readonly status: 'transferring'; readonly leg: LegId; readonly to: TransferTarget; readonly until: number; readonly memory: Json }
  | { readonly status: 'transferred'; readonly leg: LegId; readonly bridge: BridgeId; readonly connectedAt: number; readonly to: TransferTarget }
  /** Ended by us and counted as ended; kept until the caller's leg is really gone, so that it is never taken for a new call. */
  | { readonly status: 'closing'; readonly until: number };

/** A contact's place in line. It keeps its age when it overflows to another queue. */
export interface Place {
  readonly queue: QueueId;
  readonly queuedAt: number;
  /** When it came into this queue: what overflow counts from. */
  readonly enteredAt: number;
  readonly priority: number;
  /** The customer's; absent for an ordinary one. */
  readonly tier?: Tier;
  /** What the flow asks of the agent beside the queue: at once, and after so long a wait. */
  readonly asks?: readonly Widening[];
  /** How many steps its asking has widened; absent while it has not. */
  readonly widened?: Widened;
  /** Only where a place further in front was asked for and taken. Lost with the queue. */
  readonly seat?: Seat;
  /** The flow's, with which it takes the contact back; absent where only a ticket remembers the contact. */
  readonly memory?: Json;
  /** Lead back into the flow. */
  readonly keys?: readonly Key[];
  /** Absent until something was said in this queue. */
  readonly told?: Told;
  /** Hears ringing, and was not answered as far as anybody knows: an agent's answer is the first. */
  readonly rings?: true;
}

/** The last announcement in this queue. */
export interface Told {
  readonly at: number;
  /** It may still be under way, and ends before anything else begins. */
  readonly play?: PlayId;
  /** The last one that was said. */
  readonly position?: number;
  readonly estimated?: true;
}

/** By how many steps: of the queue's needs, of its own, of the agents' levels. */
export interface Widened {
  readonly needs: number;
  readonly own: number;
  readonly level: number;
}

/** A place in line by request: ranked as the contact that stood there, and in front of it; smaller `at` is further in front. */
export interface Seat {
  readonly like: Pick<Place, 'queuedAt' | 'priority' | 'tier'> & { readonly id: ContactId };
  readonly at: number;
}

/** What one who left a queue for the flow takes into the next: its age, which grows all the while. */
export interface KeptPlace {
  readonly queue: QueueId;
  readonly queuedAt: number;
  /** Where the flow leads back to the same queue. Absent where it counts anew from the return. */
  readonly enteredAt?: number;
  /** All of it, of one who asks to be called back. */
  readonly place?: Place;
}

export interface LiveRecording {
  readonly id: RecordingId;
  readonly paused: boolean;
}

/** A part of the talk is not recorded. Taken up again as a further piece, unless the agent had paused it: what must not be heard must not be on that either. */
export type Unrecorded = 'lost' | 'lost-while-paused';

export interface TransferTarget {
  readonly number: string;
  readonly trunk?: string;
}

/** One agent being rung for one contact. Invariant: at most one per agent; of a contact one, or as many as its queue rings at once, of which one is accepted. */
export interface Offer {
  readonly id: OfferId;
  readonly contact: ContactId;
  readonly agent: AgentId;
  readonly queue: QueueId;
  readonly leg: LegId;
  readonly madeAt: number;
  /** The phone itself has begun to ring. */
  readonly rang: boolean;
  /**
   * The phone is answered, and its agent hears whom it is for; the two are joined when that is over, or at `until`. With
   * `confirm` only when 1 is pressed before that: it may be a voicemail that answered.
   */
  readonly whisper?: { readonly at: number; readonly play: PlayId; readonly confirm?: true };
  readonly until: number;
}

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

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
