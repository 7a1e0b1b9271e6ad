/**
 * What telephony itself must remember of the legs that exist, no more than Asterisk could tell again: which of them
 * have been told of, what is playing on them, how they ended. Filled by facts.ts and orders.ts, made anew by resync.
 */
import type { LegId, PlayId, RecordingId } from '../base/ids.ts';
import type { LegRole } from './port.ts';

export interface Leg {
  readonly role: LegRole;
  /** Asterisk's name of the channel, which only AMI asks for. */
  name?: string;
  rang: boolean;
  /** Answered; of a caller's leg, that its answer was ordered. */
  up: boolean;
  /** Plays that were ordered and have not ended; the flag says that we stopped it. */
  readonly plays: Map<PlayId, { stopped: boolean }>;
  /** The music it hears while nothing else is played. */
  music?: string;
  /** Runs on this leg and ends with it. */
  recording?: RecordingId;
  /** When it came into Stasis, by Asterisk's clock. */
  cameAt?: number;
  /** The key that was pressed last, and when: the same key at the same time is the same event told twice. */
  lastKey?: string;
  /** Q.850, from the hang-up request that comes before the end. */
  cause?: number;
}

/** Invariant: a leg is in here from its first fact or its ring order until its leg-down, so there is one of each. */
export type Legs = Map<LegId, Leg>;

export function newLeg(role: LegRole, { up = false, ...known }: { up?: boolean; name?: string; cameAt?: number } = {}): Leg {
  return { role, rang: false, up, plays: new Map(), ...known };
}
