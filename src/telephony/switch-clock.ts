/**
 * Asterisk's clock against ours. Its events and channels carry its own time, which may be another machine's, and which
 * somebody may set at any moment; ours only ever counts on. Pure.
 */
export interface SwitchClock {
  /** A time of Asterisk's as one of ours. */
  ours(theirs: number): number;
  /** The time of its newest event as one of ours; `now` is ours, for when its clock was set since it was last asked. */
  ofEvent(theirs: number, now: number): number;
  /** Asterisk said its time in answer to a question of ours. */
  told(theirs: number, askedAt: number, answeredAt: number): void;
}

/** Below this it is the way of the answer and not the clock. */
const sameMs = 250;
/** An answer that took longer than this says too little of when it was given. */
const slowMs = 1_000;
/** Events of one connection come in their order, or nearly: one that is so much older means a clock that was set back. */
const backMs = 1_000;

export function switchClock(): SwitchClock {
  let offsetMs = 0;
  let newest = Number.NEGATIVE_INFINITY;
  let setBack = false;
  const ours = (theirs: number): number => theirs + offsetMs;
  return {
    ours,
    ofEvent(theirs, now) {
      if (theirs < newest - backMs) setBack = true;
      newest = Math.max(newest, theirs);
      return setBack ? now : ours(theirs);
    },
    told(theirs, askedAt, answeredAt) {
      const tookMs = answeredAt - askedAt;
      const seenMs = (askedAt + answeredAt) / 2 - theirs;
      if (Math.abs(seenMs - offsetMs) <= Math.max(sameMs, tookMs) && !setBack) return;
      if (tookMs > slowMs && !setBack) return;
      offsetMs = Math.abs(seenMs) <= Math.max(sameMs, tookMs) ? 0 : Math.round(seenMs);
      newest = Number.NEGATIVE_INFINITY;
      setBack = false;
    },
  };
}
