/** The one frozen configuration that the rest of the service sees, made whole from the files of config/. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { Language, Text } from '../base/text.ts';
import type { Flow } from '../ivr/flow.ts';
import type { Key } from '../telephony/port.ts';
import type { AgentConfig, WrapUpMode } from './agent-config.ts';
import type { Comparison } from './compare.ts';

export interface CentreConfig {
  /** First 12 hex digits of the SHA-256 over the files, in order of name. */
  readonly version: string;
  /** What it was read from: name → text. Kept in Postgres, so that the past is told by what held then. */
  readonly files: ReadonlyMap<string, string>;
  readonly centre: CentreSettings;
  readonly queues: ReadonlyMap<QueueId, QueueConfig>;
  readonly agents: ReadonlyMap<AgentId, AgentConfig>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly flows: ReadonlyMap<string, Flow>;
  readonly prompts: ReadonlyMap<string, Prompt>;
}

export interface CentreSettings {
  readonly id: string;
  readonly name: Text;
  /** IANA name, such as Asia/Shanghai. */
  readonly timeZone: string;
  readonly language: Language;
  /** Dialled number → name of the flow that answers it. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly pauseReasons: ReadonlyMap<string, Text>;
  /** Pause reason → its limits; one that is not here has none. */
  readonly breaks: ReadonlyMap<string, BreakRule>;
  readonly dispositions: ReadonlyMap<string, Text>;
  /** Names of PJSIP endpoints that transfers may dial through. */
  readonly trunks: readonly string[];
  /** How long an agent is left alone after an offer that came to nothing, in milliseconds; without a time: paused until the agent says otherwise. */
  readonly backOffMs: { readonly busy: number; readonly unreachable: number; readonly rejected?: number; readonly noAnswer?: number };
  readonly admission: Admission;
  readonly order: LineOrder;
  /** Beginnings of the user agents of phones that answer when the desktop asks them to. */
  readonly remoteAnswer: readonly string[];
  /** When a talk of a recorded queue cannot be recorded: `no-call` lets none begin, and ends its part of the one that loses its recording. */
  readonly recording: { readonly onFailure: 'go-on' | 'no-call' };
}

/** 小休规则. */
export interface BreakRule {
  /** Past this, supervisors are warned. */
  readonly longestMs?: number;
  /** Of one team at a time. */
  readonly atOnce?: number;
  /** A supervisor has to agree first. */
  readonly approval: boolean;
}

/** How contacts are ranked; the rule stands in docs/routing.md. */
export interface LineOrder {
  /** Waiting so long is worth one point of priority; absent: priority is strict. */
  readonly ageingMs?: number;
  /** Points of priority that a VIP has more. */
  readonly vip: number;
  /** Tiers of the customer records that make a VIP, whatever the flow says. */
  readonly vipTiers: readonly string[];
  /** Whom an agent of several queues serves first: by rank, or whoever waits longest of the first in each. */
  readonly acrossQueues: 'priority' | 'longest-waiting';
}
/** A customer's; an ordinary one has none. */
export type Tier = 'vip';

/** What the centre lets in, and what those hear whom it does not. */
export interface Admission {
  readonly callsPerSecond: number;
  /** So many calls from one number within the time; those of `except` as many as they like. */
  readonly perCaller: { readonly calls: number; readonly withinMs: number; readonly except: readonly string[] };
  /** The service counts as late when what it is told waits longer than this for its commit. */
  readonly lateMs: number;
  /** `busy` and `congestion` refuse the call unanswered (SIP 486, 503); `prompt` answers it and says why. */
  readonly treatment: 'busy' | 'congestion' | 'prompt';
}

export const strategies = ['longest-idle', 'fewest-calls', 'least-talk-time', 'round-robin', 'round-robin-ordered', 'linear', 'tiers', 'random', 'weighted-random', 'most-skilled', 'least-skilled', 'ring-all'] as const;
/** Which of the agents who may be rung is. */
export type Strategy = (typeof strategies)[number];

export interface QueueConfig {
  readonly id: QueueId;
  readonly name: Text;
  readonly needs: NeedsRule;
  /** What will do after so long a wait in this queue, each wider than the one before. */
  readonly relax?: readonly Widening[];
  /** Agents of each further level are rung only after so long a wait more; absent: at once when those before are busy. */
  readonly levelWaitMs?: number;
  readonly strategy: Strategy;
  /** How many phones `ring-all` rings for one contact at once; 10 where it is not said. */
  readonly ringAtOnce?: number;
  /** How long a phone rings before its agent is paused as missed, in milliseconds. */
  readonly ringMs: number;
  readonly wrapUpMs: number;
  readonly wrapUpMode: WrapUpMode;
  /** Answered within this is in time, in milliseconds. */
  readonly serviceLevelMs: number;
  /** The queue's weight: added to the contact's own priority. */
  readonly priority: number;
  readonly overflow?: { readonly afterMs: number; readonly to: QueueId };
  /** Queues that are no more, whose callers come here with their places. */
  readonly replaces?: readonly QueueId[];
  /** 熟客: who talked to an agent of this queue within the time waits for the same one, so long, and then for anyone. */
  readonly sticky?: { readonly withinMs: number; readonly waitMs: number };
  /** 专家: where its agents may hand a caller on to. */
  readonly escalation?: QueueId;
  /** Past this many waiting, the flow's `full` way is taken. */
  readonly maxWaiting: number;
  /** After so long in this queue the flow's `waited` way is taken. */
  readonly maxWaitMs?: number;
  /** It counts as empty while each of its agents is one of these: for who comes (the flow's `empty` way), and for who waits. */
  readonly empty?: { readonly joining: readonly AwayReason[]; readonly waiting: readonly AwayReason[] };
  /** Callers go the flow's `diverted` way where they would wait longer than this, or be more for each agent who is signed in. */
  readonly divert?: { readonly estimatedWaitMs?: number; readonly callersPerAgent?: number };
  /** Who hung up while waiting and calls again within this has the old place. */
  readonly redialMs?: number;
  /** Out of them nobody enters; absent: it is open at all times. */
  readonly hours?: QueueHours;
  /** What becomes of those who wait when it closes; absent: they are served. */
  readonly atClosing?: AtClosing;
  /** 排队回拨: who waits may leave the phone and is called back. */
  readonly callback?: CallbackRule;
  readonly announce?: Announcements;
  /** Music-on-hold class, or `ringing`. */
  readonly music: string;
  readonly record: 'always' | 'never';
  /** 来电耳语: its agents hear the queue and the wait before they are joined with the caller. */
  readonly whisper?: true;
  /** 工号播报: the agent's number is read to the caller before they talk. */
  readonly sayAgentNumber: boolean;
}

export const closingRules = ['serve', 'leave'] as const;
/** `serve`: they keep their places. `leave`: they go the flow's `closed` way. */
export type AtClosing = (typeof closingRules)[number];

/** How a queue calls back those who left the phone, and whose places stand in its line. */
export interface CallbackRule {
  /** Who is on the phone first: the customer, who then waits for an agent, or an agent, for whom he is dialled. */
  readonly dial: 'customer-first' | 'agent-first';
  /** Asks for it while waiting. */
  readonly key?: Key;
  /** A PJSIP endpoint of centre.yaml's trunks; without one, our own phones are all that can be dialled. */
  readonly trunk?: string;
  /** Beginnings of the numbers that may be dialled, his own among them: who he is, is only what the caller says. */
  readonly allow: readonly string[];
  /** He may enter another number than his own. */
  readonly otherNumber: boolean;
  /** `key`: who answers presses 1 before he counts as reached, which no answering machine does. */
  readonly accept: 'key' | 'answer';
  /** He is dialled when he is among the first so many of those who wait or are being dialled. */
  readonly near: number;
  readonly ringMs: number;
  /** Attempts that may come to nothing; one that failed in the switch is none. */
  readonly tries: number;
  readonly againMs: { readonly busy: number; readonly noAnswer: number; readonly unreachable: number };
  /** After so long nobody is dialled any more. */
  readonly expiresMs: number;
  /** Past this many open ones no further is taken. */
  readonly openMax: number;
}

/** What those who wait are told. Prompts by their names. */
export interface Announcements {
  /** Once. */
  readonly apology?: { readonly afterMs: number; readonly prompt: string };
  /** `limit` says positions up to it only, `more` says “more than” it; `onlyUp` says none that is not better than the last. */
  readonly place?: { readonly firstMs: number; readonly everyMs: number; readonly position: 'yes' | 'no' | 'limit' | 'more'; readonly limit: number; readonly onlyUp: boolean; readonly estimate: 'yes' | 'no' | 'once' };
  /** 排队回拨: once, that it is to be had by this key. */
  readonly callback?: { readonly afterMs: number; readonly key: Key };
  readonly comfort?: { readonly everyMs: number; readonly prompts: readonly string[]; readonly order: 'in-order' | 'random' };
}

/** Why an agent of a queue is no answer to its callers now. `unskilled` does not meet the queue's needs. */
export const awayReasons = ['paused', 'unskilled', 'talking', 'ringing', 'unreachable', 'offline', 'unknown', 'wrap-up'] as const;
export type AwayReason = (typeof awayReasons)[number];

export interface Widening {
  readonly afterMs: number;
  readonly needs: NeedsRule;
}

/** A condition over skills as written, and as the router reads it. */
export interface NeedsRule {
  readonly text: string;
  readonly tree: Needs;
}
export type Needs =
  | { readonly type: 'anyone' }
  | { readonly type: 'level'; readonly skill: string; readonly is: Comparison; readonly level: number }
  /** Against what the flow has found out of the caller. */
  | { readonly type: 'variable'; readonly skill: string; readonly is: Comparison; readonly variable: string }
  | { readonly type: 'all'; readonly of: readonly Needs[] }
  | { readonly type: 'any'; readonly of: readonly Needs[] }
  | { readonly type: 'not'; readonly of: Needs };

export interface QueueHours {
  readonly calendar: Calendar;
  readonly timeZone: string;
}

/** Opening hours in the centre's time zone. */
export interface Calendar {
  readonly name: string;
  /** 1 Monday … 7 Sunday → opening spans in minutes of the day, end exclusive. */
  readonly week: ReadonlyMap<number, readonly Span[]>;
  /** Chinese public holidays close, make-up working days (调休) open as a Monday does. */
  readonly chineseHolidays: boolean;
  /** ISO date → its own spans; none means closed. Wins over the week and over holidays. */
  readonly days: ReadonlyMap<string, readonly Span[]>;
}
export interface Span {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A prompt is a WAV file or a text to be spoken once and kept, in each language. */
export interface Prompt {
  readonly name: string;
  readonly zh: PromptSource;
  readonly en: PromptSource;
}
export type PromptSource = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'file'; readonly path: string };
