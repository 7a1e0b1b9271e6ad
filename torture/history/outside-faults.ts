/** How much of a time lay outside all faults, and of the moment after each in which things settle. */
import type { FaultSpan } from './history.ts';

/** Phones that were registered anew, callers whose packets were held up: they come within this. */
const settleMs = 1_500;

export function outsideFaultsMs(faults: readonly FaultSpan[], from: number, to: number): number {
  let left = Math.max(0, to - from);
  let covered = from;
  for (const fault of faults.toSorted((a, b) => a.from - b.from)) {
    const [begins, ends] = [Math.max(fault.from, covered), Math.min(fault.to + settleMs, to)];
    if (ends <= begins) continue;
    left -= ends - begins;
    covered = ends;
  }
  return left;
}

export const duringFault = (faults: readonly FaultSpan[], from: number, to: number): boolean => faults.some((fault) => fault.from <= to && fault.to + settleMs >= from);
