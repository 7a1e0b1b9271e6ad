/** Asterisk's cause (Q.850) and the phone's SIP status → what the centre calls it. */
import type { LegEnd } from './port.ts';

export interface Ending {
  readonly cause?: number | undefined;
  /** SIP status, where the other side gave one. */
  readonly status?: number | undefined;
}

/** A leg that was never answered. */
export function endBeforeAnswer({ cause, status }: Ending): LegEnd {
  // "Decline" is a person's word, whatever cause came with it.
  if (status === 603) return 'rejected';
  return (cause === undefined ? undefined : before.get(cause)) ?? 'failed';
}

/** A leg that talked: hung up, unless the network or the phone went away. */
export function endAfterAnswer({ cause }: Ending): LegEnd {
  return cause !== undefined && lost.has(cause) ? 'failed' : 'hung-up';
}

const before: ReadonlyMap<number, LegEnd> = new Map([
  [17, 'busy'],
  [21, 'rejected'],
  [18, 'no-answer'],
  [19, 'no-answer'],
  [1, 'unallocated'],
  [3, 'unreachable'],
  [20, 'unreachable'],
  [27, 'unreachable'],
  // Our own hang-up: Asterisk says normal clearing, or 26 when another leg had answered.
  [16, 'hung-up'],
  [26, 'hung-up'],
  [32, 'hung-up'],
]);

/** Destination out of order, network out of order, temporary failure, no such channel any more, timer expired. */
const lost: ReadonlySet<number> = new Set([20, 27, 38, 41, 44, 102]);
