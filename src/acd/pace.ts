/**
 * How much of the usual rate of calls is let in, by how late we are. A burst or one hang passes by itself and costs
 * nobody the call; only lateness that stays for a second halves the pace, and again for each second more, but never to
 * nothing. On time, it is whole again within 5 s.
 */
import type { Input } from './messages.ts';

export interface Pace {
  /** 1 is the usual rate. */
  readonly part: number;
  readonly changedAt: number;
  /** Every batch since then was late. */
  readonly lateSince?: number;
}

export const usualPace: Pace = { part: 1, changedAt: 0 };

/**
 * How long a batch took, by what was late about it. In the mailbox: how long the oldest input waited until it was
 * committed, which is the inputs before it and the commit. Before the mailbox, where a switch or a process without time
 * holds things up: how old the youngest fact of a call is, for what piles up behind a hang ends in one that is young.
 */
export function waitOf(letters: readonly { readonly input: Input; readonly since: number }[], at: number): number {
  const inMailbox = at - (letters[0]?.since ?? at);
  const told = letters.flatMap(({ input }) => (callFacts.has(input.type) ? [input.at] : []));
  return told.length === 0 ? inMailbox : Math.max(inMailbox, at - Math.max(...told));
}

export function afterBatch(pace: Pace, { at, waitedMs, lateMs }: { readonly at: number; readonly waitedMs: number; readonly lateMs: number }): Pace {
  if (waitedMs <= lateMs) return quicker({ part: pace.part, changedAt: pace.changedAt }, at);
  const { part, changedAt, lateSince = at } = pace;
  if (at - Math.max(lateSince, changedAt) < everyMs) return { part, changedAt, lateSince };
  return { part: Math.max(part / 2, leastPart), changedAt: at, lateSince };
}

/** As it has become by itself meanwhile. */
export function quicker(pace: Pace, at: number): Pace {
  const { part, changedAt, lateSince } = pace;
  const steps = Math.floor((at - changedAt) / everyMs);
  return lateSince !== undefined || part === 1 || steps < 1 ? pace : { part: Math.min(1, part + steps * upBy), changedAt: at };
}

/** What the switch tells in the moment in which it happens; its own time stands in it. */
const callFacts: ReadonlySet<Input['type']> = new Set(['call-arrived', 'leg-ringing', 'leg-up', 'leg-down']);

const everyMs = 1_000;
const upBy = 0.25;
const leastPart = 0.1;
