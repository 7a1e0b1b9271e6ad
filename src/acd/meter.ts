/**
 * A meter lets so many through in a time, as many at once as the burst (the generic cell rate algorithm, ITU-T I.371).
 * All that is kept of it is the time until which it is used up; a meter that is not kept is unused.
 */
export interface Rate {
  readonly everyMs: number;
  readonly burst: number;
}

/** How many may pass now. */
export function roomIn(usedUntil: number | undefined, at: number, { everyMs, burst }: Rate): number {
  const aheadMs = usedUntil === undefined ? 0 : usedUntil - at;
  return aheadMs <= 0 || isFromTheFuture(aheadMs, { everyMs, burst }) ? burst : burst - aheadMs / everyMs;
}

export const fits = (usedUntil: number | undefined, at: number, rate: Rate): boolean => roomIn(usedUntil, at, rate) >= 1 - rounding;

/** Used up until when, one more having passed; never further ahead than a full burst, whoever let more through. */
export function oneMore(usedUntil: number | undefined, at: number, rate: Rate): number {
  const from = usedUntil === undefined || isFromTheFuture(usedUntil - at, rate) ? at : Math.max(usedUntil, at);
  return Math.min(from + rate.everyMs, at + rate.everyMs * rate.burst);
}

/** Epoch milliseconds leave a few ten-thousandths for the fraction. */
const rounding = 0.01;

/** More than a meter ever holds: it was used before the clock was set back, and must not stay shut until then. */
const isFromTheFuture = (aheadMs: number, { everyMs, burst }: Rate): boolean => aheadMs > everyMs * burst + 1;
