/** A contact: one caller's visit, from arrival to the end of all legs, and where it stands. */
import type { AgentId, BridgeId, ContactId, LegId, OfferId, PlayId, QueueId, RecordingId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { Tier, Widening } from '../config/centre-config.ts';
import type { Key } from '../telephony/port.ts';
import type { CalledFor, TurnedAway } from './model.ts';

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

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
