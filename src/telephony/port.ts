/**
 * What the rest of the service knows of the switch: facts come from it, orders go to it. Asterisk's own words
 * (channels, Stasis, Q.850) stop here.
 */
import type { AgentId, BridgeId, ContactId, LegId, PlayId, RecordingId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { Widening } from '../config/centre-config.ts';

export interface Telephony {
  /** Connects, then keeps connecting with back-off; resolves after the first `switch-seen` was posted. */
  start(post: (fact: Fact) => void): Promise<void>;
  /** Never throws and never waits: an order that fails comes back as the fact `order-failed`. */
  send(orders: readonly Order[]): void;
  /** True while orders reach the switch. */
  connected(): boolean;
  /** From now on new callers are left to the switch's own apology; those who are here go on. */
  closeDoor(): void;
  /** With a `successor`, new callers wait for it instead of being sent to the apology. */
  stop(successor?: boolean): Promise<void>;
}

/** What was seen. `at` is the switch's own time of it, in epoch milliseconds. */
export type Fact =
  /**
   * A caller reached us. The contact id is derived from the leg's, so that seeing a call twice makes one contact.
   * `trunk` is where the call came from, as far as the switch can tell: its name for the trunk, and the address.
   */
  | { readonly type: 'call-arrived'; readonly at: number; readonly contact: ContactId; readonly leg: LegId; readonly ani: string; readonly dnis: string; readonly trunk?: string }
  | { readonly type: 'leg-ringing'; readonly at: number; readonly leg: LegId }
  | { readonly type: 'leg-up'; readonly at: number; readonly leg: LegId }
  | { readonly type: 'leg-down'; readonly at: number; readonly leg: LegId; readonly end: LegEnd }
  | { readonly type: 'key-pressed'; readonly at: number; readonly leg: LegId; readonly key: Key; readonly heldMs: number }
  | { readonly type: 'play-ended'; readonly at: number; readonly leg: LegId; readonly play: PlayId; readonly outcome: 'finished' | 'stopped' | 'failed' }
  | { readonly type: 'device-changed'; readonly at: number; readonly agent: AgentId; readonly device: Device; readonly remoteAnswer?: boolean }
  | { readonly type: 'recording-stopped'; readonly at: number; readonly recording: RecordingId }
  /** Seen while it should be running: its file is gone, or no longer grows because the disk is full. */
  | { readonly type: 'recording-lost'; readonly at: number; readonly recording: RecordingId; readonly why: 'file-missing' | 'disk-full' }
  /** Told on every change. `fault`: why nothing can be recorded now; `low`: soon the disk will be full. */
  | { readonly type: 'recorder-seen'; readonly at: number; readonly fault?: RecorderFault; readonly low: boolean }
  | { readonly type: 'order-failed'; readonly at: number; readonly order: Order; readonly reason: OrderFailure; readonly detail: string }
  /** Orders no longer reach the switch. Calls there go on without us. */
  | { readonly type: 'switch-lost'; readonly at: number }
  /** No answer for seconds, the connection still stands: orders and news are held up on their way, and nothing is lost. */
  | { readonly type: 'switch-stalled'; readonly at: number }
  /** After `switch-stalled`, with what was held up before it; a connection that went meanwhile is `switch-lost` instead. */
  | { readonly type: 'switch-resumed'; readonly at: number }
  /** After each (re)connect: all that exists there. What is missing here is gone; `startedAt` is the switch's own start. */
  | { readonly type: 'switch-seen'; readonly at: number; readonly startedAt: number; readonly legs: readonly SeenLeg[]; readonly bridges: readonly SeenBridge[]; readonly devices: readonly SeenDevice[] };

/** As supervisors and the log read it. `unmanaged`: AMI is away, over which recordings are ordered. */
export const recorderFaults = ['recordings-full', 'recordings-missing', 'recordings-unwritable', 'recordings-unmanaged'] as const;
export type RecorderFault = (typeof recorderFaults)[number];

export type Key = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

/** Why a leg ended; `unallocated`: there is no such number; `gone` was found missing after a reconnect. */
export type LegEnd = 'hung-up' | 'busy' | 'rejected' | 'no-answer' | 'unallocated' | 'unreachable' | 'failed' | 'gone';

/** `gone`: the leg or bridge no longer exists. `disconnected`: never sent, or sent and no answer came. */
export type OrderFailure = 'gone' | 'refused' | 'disconnected';

/** The phone's own state, whatever its agent's presence. */
export type Device = 'unknown' | 'unreachable' | 'idle' | 'ringing' | 'in-call';

export interface SeenLeg {
  readonly leg: LegId;
  readonly role: LegRole;
  readonly state: 'down' | 'ringing' | 'up';
  readonly ani: string;
  readonly dnis: string;
  /** Of a caller's leg, as in `call-arrived`. */
  readonly trunk?: string;
  /** When the channel was created, epoch milliseconds. */
  readonly since: number;
  /** What the contact's own channel says of its place; absent when never written or unreadable. */
  readonly ticket?: Ticket;
}
export interface SeenBridge {
  readonly bridge: BridgeId;
  readonly legs: readonly LegId[];
}
export interface SeenDevice {
  readonly agent: AgentId;
  readonly device: Device;
  /** Known to answer when it is asked to by `answer-phone`. */
  readonly remoteAnswer?: boolean;
}

/** `caller` came in by itself; the others carry our minted id, which says which they are. `callback` is a caller whom we called. */
export type LegRole = 'caller' | 'agent' | 'transfer' | 'callback' | 'other';

/**
 * A contact's place in line and whom it talks to, written on its own channel so that both can be made again from the
 * switch alone. Times in epoch milliseconds.
 */
export interface Ticket {
  readonly contact: ContactId;
  readonly arrivedAt: number;
  readonly language: Language;
  /** The contact's own count of events when this was written: a state that has counted less is older. */
  readonly n?: number;
  /** Absent while the contact is still in its flow. */
  readonly queue?: string;
  readonly queuedAt?: number;
  readonly enteredAt?: number;
  readonly priority?: number;
  readonly tier?: 'vip';
  /** What this contact asks of its agent beside the queue, with the caller's own values in it. */
  readonly asks?: readonly Widening[];
  /** In front of whom it stands by request. */
  readonly seat?: TicketSeat;
  /** Of one whom we have called: his own number and the one that he had called, which his channel does not tell. */
  readonly ani?: string;
  readonly dnis?: string;
  /** And since when he is on the line again. */
  readonly reachedAt?: number;
  readonly talk?: TicketTalk;
}
export interface TicketSeat {
  readonly like: { readonly id: ContactId; readonly queuedAt: number; readonly priority: number; readonly tier?: 'vip' };
  readonly at: number;
}
export interface TicketTalk {
  /** Absent where the flow has transferred the caller to a number. */
  readonly agent?: AgentId;
  readonly leg: LegId;
  readonly bridge: BridgeId;
  readonly connectedAt: number;
  readonly recording?: { readonly id: RecordingId; readonly paused: boolean };
}

/** Instead of a class of music: ringing tone. */
export const ringing = 'ringing';

/** What the switch must do. Every id in an order was minted and committed before the order is given. */
export type Order =
  /** The caller is ours now: the dialplan's own safety timer on the leg is cleared. */
  | { readonly type: 'claim'; readonly leg: LegId }
  | { readonly type: 'answer'; readonly leg: LegId }
  | { readonly type: 'play'; readonly leg: LegId; readonly play: PlayId; readonly media: readonly Media[] }
  | { readonly type: 'stop-play'; readonly leg: LegId; readonly play: PlayId }
  /** A class of music, or `ringing`; on a leg that was not answered that is the phone's own ringing. */
  | { readonly type: 'start-music'; readonly leg: LegId; readonly music: string }
  | { readonly type: 'stop-music'; readonly leg: LegId }
  /** `autoAnswer`: the phone is asked to answer by itself; one that does not know how rings. */
  | { readonly type: 'ring'; readonly leg: LegId; readonly to: RingTarget; readonly caller: string; readonly contact: ContactId; readonly timeoutMs: number; readonly autoAnswer?: true }
  /** Asks a ringing phone to answer by itself (SIP NOTIFY `talk`); one that does not know it would drop the call. */
  | { readonly type: 'answer-phone'; readonly leg: LegId; readonly agent: AgentId }
  | { readonly type: 'connect'; readonly bridge: BridgeId; readonly legs: readonly [LegId, LegId] }
  | { readonly type: 'dissolve'; readonly bridge: BridgeId }
  /** `answered-elsewhere`: a phone that is told so lists no missed call. */
  | { readonly type: 'hang-up'; readonly leg: LegId; readonly because: 'normal' | 'busy' | 'congestion' | 'answered-elsewhere' }
  /** Stereo, the leg's own voice left, what it hears right. Ends with the leg. */
  | { readonly type: 'start-recording'; readonly recording: RecordingId; readonly leg: LegId }
  | { readonly type: 'pause-recording'; readonly recording: RecordingId; readonly leg: LegId }
  | { readonly type: 'resume-recording'; readonly recording: RecordingId; readonly leg: LegId }
  | { readonly type: 'stop-recording'; readonly recording: RecordingId; readonly leg: LegId }
  | { readonly type: 'write-ticket'; readonly leg: LegId; readonly ticket: Ticket };

export type RingTarget =
  | { readonly kind: 'agent'; readonly agent: AgentId }
  /** Digits with an optional leading +, through a trunk of centre.yaml; without one, an extension of our own phones. */
  | { readonly kind: 'number'; readonly number: string; readonly trunk?: string };

/** What is said, before anyone knows in which files. */
export type Media =
  | { readonly say: 'prompt'; readonly name: string; readonly language: Language }
  | { readonly say: 'agent-number'; readonly agent: AgentId; readonly language: Language }
  /** As a number and not digit by digit. `counts`: something is counted, which is 两 and not 二 of two. */
  | { readonly say: 'number'; readonly number: number; readonly language: Language; readonly counts?: true }
  | { readonly say: 'digits'; readonly digits: string; readonly language: Language };
