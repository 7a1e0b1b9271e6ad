/**
 * How long callers would have waited, from a record in which most were answered first: Kaplan and Meier's estimate.
 * A caller who was answered after a minute says only that the patience was longer than that.
 */
import type { Survival } from './scenario.ts';

export interface Wait {
  readonly waitMs: number;
  readonly gaveUp: boolean;
}

export function survivalOf(waits: readonly Wait[]): Survival {
  // Who gave up at a time was there at that time, and so comes before who was answered then.
  const sorted = waits.toSorted((a, b) => a.waitMs - b.waitMs || Number(b.gaveUp) - Number(a.gaveUp));
  const timesMs: number[] = [];
  const shares: number[] = [];
  let share = 1;
  for (const [index, { waitMs, gaveUp }] of sorted.entries()) {
    if (!gaveUp) continue;
    share *= 1 - 1 / (sorted.length - index);
    if (timesMs.at(-1) === waitMs) shares[shares.length - 1] = share;
    else {
      timesMs.push(waitMs);
      shares.push(share);
    }
  }
  return { timesMs, shares };
}

/** A patience longer than `longerThanMs`, from a number between 0 and 1. Past all that was seen nobody gives up. */
export function patienceBeyond({ timesMs, shares }: Survival, longerThanMs: number, random: number): number {
  const reached = countUpTo(timesMs, (time) => time <= longerThanMs);
  const share = random * (reached === 0 ? 1 : (shares[reached - 1] ?? 1));
  return timesMs[Math.max(reached, countUpTo(shares, (still) => still > share))] ?? Number.POSITIVE_INFINITY;
}

/** How many stand in front of the first for which it no longer holds. */
function countUpTo(values: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && holds(value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
