// A fault as a case: what is done to a centre that has callers, and what the promises need to know of it.

import type { Text } from '../runtime/progress.ts';
import type { Stage, StageOptions } from '../stage/stage.ts';
import type { MayFail } from './promises/recordings.ts';

/** `short` runs with the test suite, `long` with `./rexian torture --all`. */
export type Size = 'short' | 'long';

export interface Case {
  /** Area and fault, such as `service-killed`; what one types to run it alone. */
  readonly name: string;
  readonly says: Text;
  /** The stage it plays on. Cases with the same object share one, in their order, while the promises hold. */
  readonly stage: StageOptions;
  /** Why it cannot be played on this machine; it is then reported as skipped, with the reason. */
  readonly cannot?: () => Promise<Text | undefined>;
  /** Does the fault, waits until the centre should be itself again, and leaves nobody in it. Throws what it saw go wrong. */
  run(ground: Ground): Promise<Played>;
}

export interface Ground {
  readonly stage: Stage;
  readonly size: Size;
  /** The same seed plays the same case. */
  readonly seed: number;
  /** How long a random schedule lasts, where one was asked for. */
  readonly minutes?: number | undefined;
  /** Tells a person what happens. */
  say(text: Text): void;
}

export interface Played {
  /** Calls that reached the hotline: each must be one contact in Postgres. */
  readonly placed: number;
  /** Redis and the service both forgot: a contact may have begun again, numbered anew in a later epoch. */
  readonly stateLost?: boolean;
  /** Which rows may say that their recording failed, and why; `true` where the fault was one of recordings. */
  readonly recordingsMayFail?: MayFail;
  /** What was measured, in the unit that the name ends with: `routedAgainMs`, `rssMb`. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Where most faults are put to: thirty agents, one line. */
export const house: StageOptions = { agents: 30 };
/** The same, its connections to Asterisk led through wires that can be hurt. */
export const wired: StageOptions = { agents: 30, wires: ['ari', 'ami'] };

/** The same with phones that ring for as short as a queue allows, for what phones and callers do while they ring. */
export const quickRing: StageOptions = { agents: 30, ringSeconds: 3 };
