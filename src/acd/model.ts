/**
 * The centre as the decider knows it. Plain data: everything here is JSON but the maps, and apply.ts with its parts
 * is the only writer. Times are epoch milliseconds.
 */
import type { AgentId, ContactId, LegId, OfferId, PlayId, QueueId } from '../base/ids.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { AtClosing, CentreSettings, QueueConfig } from '../config/centre-config.ts';
import type { RecorderFault } from '../telephony/port.ts';
import type { Agent } from './agent.ts';
import type { Contact } from './contact.ts';
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
  /** Queues that a supervisor has closed, until one opens them again. Invariant: only of queues that are configured, once the switch has been seen. */
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

/** The agent who has accepted a callback and is on the phone while the customer is dialled. */
export interface CalledFor {
  readonly agent: AgentId;
  readonly leg: LegId;
  readonly offer: OfferId;
  readonly ringMs: number;
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
