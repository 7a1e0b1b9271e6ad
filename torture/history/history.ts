/**
 * What was recorded of a run, by those who took part: what agents asked for and were answered, what was broken and when
 * it was whole again, what callers met, what Asterisk was seen to hold, and what the journal says. Times are epoch
 * milliseconds of a clock that never goes back, as the service's own is.
 */
import type { CallEventRow, RecordingRow } from '../../src/store/tables.ts';
import type { OrderRules } from '../promises/order-rule.ts';
import type { Fault, Wish } from '../schedule/plan.ts';

export interface History {
  readonly asked: readonly Asked[];
  readonly faults: readonly FaultSpan[];
  readonly dials: readonly Dial[];
  readonly phoneCalls: readonly PhoneCall[];
  /** The agents of the line, as they were when it began. */
  readonly agents: readonly AgentAtFirst[];
  /** In the journal's order. */
  readonly events: readonly CallEventRow[];
  /** By which the line is to be kept; absent: first come, first served. */
  readonly rules?: OrderRules;
  /** As Postgres has them when all is over. */
  readonly recordings: readonly RecordingRow[];
  /** The caller's number of each contact. */
  readonly numbers: ReadonlyMap<string, string>;
  /** An agent's phone hangs up so long after it was answered. */
  readonly talkMs: number;
}

export interface Asked {
  readonly agent: string;
  readonly wish: Wish;
  /** When it was sent, and when its answer was here. */
  readonly from: number;
  readonly to: number;
  /** `unknown`: sent, and no answer came. `unsent`: the desktop could not be opened. */
  readonly answer: 'done' | 'refused' | 'unknown' | 'unsent';
}

export interface FaultSpan {
  /** `asterisk-died`: nobody killed it. */
  readonly fault: Fault | 'asterisk-died';
  readonly from: number;
  /** The service is ready again, and its parts are there. */
  readonly to: number;
}

/** One or more callers who dial at once. */
export interface Dial {
  readonly numbers: readonly string[];
  readonly from: number;
  readonly to: number;
  /** They hang up so long after the answer; without it the other side does. */
  readonly leaveAfterMs?: number | undefined;
  /** By SIPp's count. */
  readonly successful: number;
  /** Asterisk died under them: what SIPp says of them is nobody's fault. */
  readonly cut: boolean;
  readonly errors: string;
}

/** A channel to an agent's phone that was seen up: at the latest since `from`, at least until `to`. */
export interface PhoneCall {
  readonly agent: string;
  readonly channel: string;
  readonly from: number;
  readonly to: number;
}

export interface AgentAtFirst {
  readonly agent: string;
  readonly status: string;
  readonly device: string;
}

export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly at: number;
  readonly contacts: readonly string[];
  readonly agents: readonly string[];
}

export type Rule = (history: History) => readonly Violation[];

export const at = (event: CallEventRow): number => event.at.getTime();
