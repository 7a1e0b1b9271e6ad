import { pop, push } from '../../src/base/heap.ts';
import type { Call } from '../../src/simulate/callers.ts';

const smaller = (a: number, b: number): boolean => a < b;

export interface Caller {
  readonly at: number;
  readonly handle: number;
  readonly patience: number;
}

export interface Served {
  readonly wait: number;
  readonly answered: boolean;
}

/**
 * One line, first come first served, in five lines of arithmetic (Kiefer and Wolfowitz's recursion, with callers who
 * give up): the next caller's agent is the one who is free first. It knows nothing of contacts, offers or deadlines,
 * and so is what the decider is compared with, caller by caller.
 */
export function oneLine(agents: number): (caller: Caller) => Served {
  const freeAt: number[] = [];
  for (let agent = 0; agent < agents; agent += 1) push(freeAt, 0, smaller);
  return ({ at, handle, patience }) => {
    const begins = Math.max(at, freeAt[0] ?? 0);
    if (begins - at > patience) return { wait: patience, answered: false };
    pop(freeAt, smaller);
    push(freeAt, begins + handle, smaller);
    return { wait: begins - at, answered: true };
  };
}

/** A call of the simulator as it happens there, in whole milliseconds. */
export const inMilliseconds = ({ at, talkMs, patienceMs }: Call): Caller => ({ at: Math.round(at), handle: Math.round(talkMs), patience: Math.round(patienceMs) });
