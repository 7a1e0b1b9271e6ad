/** What a node is told and what it answers. Nodes are pure: the interpreter carries out what they answer. */
import type { AgentId, ContactId, LegId, PlayId, QueueId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { CentreConfig, QueueConfig } from '../config/centre-config.ts';
import type { Key } from '../telephony/port.ts';

/** What the flow hears. `at` in epoch milliseconds, by our own clock. */
export type Input =
  | { readonly type: 'key-pressed'; readonly at: number; readonly key: Key }
  | { readonly type: 'play-ended'; readonly at: number; readonly play: PlayId }
  | { readonly type: 'deadline'; readonly at: number }
  /** After a restart or a lost connection: the node is entered again. */
  | { readonly type: 'resumed'; readonly at: number }
  /** By its queue, or from it; by the key where there is one. */
  | { readonly type: 'turned-away'; readonly at: number; readonly why: QueueWay | 'callback'; readonly key?: Key }
  /** The router does not take the number that was confirmed, or no more of them. */
  | { readonly type: 'callback-refused'; readonly at: number }
  | { readonly type: 'transfer-failed'; readonly at: number };

/** Why a queue does not take a caller, or gives one back. */
export type QueueWay = 'closed' | 'full' | 'empty' | 'diverted' | 'waited' | 'withdrawn';

/** What a node may know. */
export interface Visit {
  readonly at: number;
  readonly memory: Memory;
  readonly live: Live;
  readonly setting: Setting;
}

/** The part of the configuration that a flow reads besides itself. */
export type Setting = Pick<CentreConfig, 'version' | 'calendars'> & { readonly centre: Pick<CentreConfig['centre'], 'timeZone' | 'language'>; readonly queues?: ReadonlyMap<QueueId, Pick<QueueConfig, 'callback'>> };

/**
 * All that takes a flow up again after a restart; it is written to the journal, so nothing secret is in it.
 * A type and not an interface, so that it is Json.
 */
export type Memory = {
  readonly flow: string;
  readonly version: string;
  readonly contact: ContactId;
  readonly leg: LegId;
  readonly ani: string;
  readonly dnis: string;
  readonly node: string;
  /** Attempts at this node that came to nothing. */
  readonly tries: Tries;
  /** Nodes entered so far. */
  readonly moves: number;
  /** Plays so far: the next one's number. */
  readonly plays: number;
  readonly language: Language;
  readonly priority: number;
  readonly data: Readonly<Record<string, string>>;
  /** Asks to be called back: from which queue, the node that leads there again, and another number than his own. */
  readonly callback?: CallbackAsked;
};
export type CallbackAsked = { readonly queue: string; readonly back: string; readonly number: string };
export type Tries = { readonly timeout: number; readonly invalid: number };

/** What lives in this process only, and may be lost with it. */
export interface Live {
  /** The prompt being said; what is heard of any other is late and means nothing. */
  readonly play: PlayId | null;
  /** When the node wants to be woken. */
  readonly deadline: number | null;
  /** Keys pressed ahead. */
  readonly keys: readonly Key[];
  /** Digits of a number being entered. */
  readonly entered: string;
  /** A terminator that may still follow a number that was complete without it. */
  readonly swallow: Key | null;
  /** Collected with `secret`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Card numbers of which `data` has the masked form. */
  readonly whole: Readonly<Record<string, string>>;
}

export type Outcome =
  /** On to another node. `took` is the way taken: a key, or a word. `callback`: he is promised to be called at this number. */
  | { readonly do: 'go'; readonly to: string; readonly took: string; readonly changes?: Changes; readonly live?: Partial<Live>; readonly callback?: string }
  | { readonly do: 'leave'; readonly took: string; readonly exit: FlowExit }
  /** Still here. What is said replaces what is being said. */
  | { readonly do: 'stay'; readonly say?: readonly Said[]; readonly hush?: true; readonly tries?: Tries; readonly live?: Partial<Live> };

/** A prompt's name, or digits: what belongs to a caller stands in a field that the journal seals. */
export type Said = string | { readonly say: 'digits'; readonly digits: string };

export interface Changes {
  readonly language?: Language;
  readonly priority?: number;
  readonly data?: Readonly<Record<string, string>>;
  readonly callback?: CallbackAsked;
}

/** The same shape as the decider's FlowExit; the two sides do not import each other. */
export type FlowExit =
  | { readonly to: 'queue'; readonly queue: QueueId; readonly priority: number; readonly agent?: { readonly id: AgentId; readonly waitMs: number }; readonly keys?: readonly Key[] }
  | { readonly to: 'number'; readonly target: { readonly number: string; readonly trunk?: string }; readonly timeoutMs: number }
  | { readonly to: 'end' };

/** Keys pressed ahead of the prompt that asks for them; more are dropped. */
export const keysAheadMax = 32;

type Go = Extract<Outcome, { do: 'go' }>;
export const go = (to: string, took: string, also: Pick<Go, 'changes' | 'live' | 'callback'> = {}): Outcome => ({ do: 'go', to, took, ...also });
export const stay: Outcome = { do: 'stay' };

/** Kept until a node asks for a key. */
export function keepKey({ live }: Visit, key: Key): Outcome {
  return live.keys.length < keysAheadMax ? { do: 'stay', live: { keys: [...live.keys, key] } } : stay;
}
