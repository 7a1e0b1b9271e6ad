/** The one frozen configuration that the rest of the service sees, made whole from the files of config/. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { Language, Text } from '../base/text.ts';
import type { Flow } from '../ivr/flow.ts';

export interface CentreConfig {
  /** First 12 hex digits of the SHA-256 over the files, in order of name. */
  readonly version: string;
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
  readonly dispositions: ReadonlyMap<string, Text>;
  /** Names of PJSIP endpoints that transfers may dial through. */
  readonly trunks: readonly string[];
  /** How long an agent is left alone after the phone was busy or could not be reached, in milliseconds. */
  readonly backOffMs: { readonly busy: number; readonly unreachable: number };
  readonly admission: Admission;
  /** Beginnings of the user agents of phones that answer when the desktop asks them to. */
  readonly remoteAnswer: readonly string[];
  /** When a talk of a recorded queue cannot be recorded: `no-call` lets none begin, and ends its part of the one that loses its recording. */
  readonly recording: { readonly onFailure: 'go-on' | 'no-call' };
}

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

export interface QueueConfig {
  readonly id: QueueId;
  readonly name: Text;
  readonly needs: NeedsRule;
  /** How long a phone rings before its agent is paused as missed, in milliseconds. */
  readonly ringMs: number;
  readonly wrapUpMs: number;
  /** `discretionary` lasts until the agent ends it; `time-boxed` until then or until wrapUpMs. */
  readonly wrapUpMode: 'discretionary' | 'time-boxed';
  /** Answered within this is in time, in milliseconds. */
  readonly serviceLevelMs: number;
  /** Added to the contact's own priority. */
  readonly priority: number;
  readonly overflow?: { readonly afterMs: number; readonly to: QueueId };
  /** Queues that are no more, whose callers come here with their places. */
  readonly replaces?: readonly QueueId[];
  /** Past this many waiting, the flow's `full` way is taken. */
  readonly maxWaiting: number;
  /** Music-on-hold class. */
  readonly music: string;
  readonly record: 'always' | 'never';
  /** 工号播报: the agent's number is read to the caller before they talk. */
  readonly sayAgentNumber: boolean;
}

export interface AgentConfig {
  readonly id: AgentId;
  readonly name: Text;
  readonly role: 'agent' | 'supervisor' | 'admin';
  readonly team: string;
  readonly queues: readonly QueueId[];
  /** Skill → level 1 to 10; a skill that is not here is 0. */
  readonly skills: Readonly<Record<string, number>>;
}

/** A condition over skills as written, and as the router reads it. */
export interface NeedsRule {
  readonly text: string;
  readonly tree: Needs;
}
export type Needs =
  | { readonly type: 'anyone' }
  | { readonly type: 'level'; readonly skill: string; readonly is: '>=' | '>' | '==' | '!=' | '<=' | '<'; readonly level: number }
  | { readonly type: 'all'; readonly of: readonly Needs[] }
  | { readonly type: 'any'; readonly of: readonly Needs[] }
  | { readonly type: 'not'; readonly of: Needs };

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
