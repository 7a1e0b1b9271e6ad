/** What a bad network does to one datagram, drawn from a stream of numbers, so that a seed finds it again. */
import type { Stream } from '../src/simulate/random.ts';

export interface Fault {
  /** Shares of all datagrams, 0 to 1. */
  readonly lost: number;
  readonly twice: number;
  readonly lateMs: number;
}

/** How late each of its copies comes: none when it is lost, the second up to as late again behind the first. */
export function fate({ lost, twice, lateMs }: Fault, random: Stream): readonly number[] {
  // Always three draws, so that what becomes of one datagram moves nothing of what becomes of the next.
  const [isLost, isTwice, behindMs] = [random() < lost, random() < twice, random() * lateMs];
  if (isLost) return [];
  return isTwice ? [lateMs, lateMs + behindMs] : [lateMs];
}
