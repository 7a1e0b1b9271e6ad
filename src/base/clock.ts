/**
 * Epoch milliseconds that never go back: the wall time at the process's start plus what the monotonic clock has
 * counted since, so that setting the machine's clock moves no deadline and ages no caller.
 */
export interface Clock {
  now(): number;
}

export const steadyClock: Clock = { now: () => Math.floor(performance.timeOrigin + performance.now()) };

const lookEveryMs = 1_000;
const setByMs = 1_000;

/** Tells each time that somebody has set the machine's clock, by how much it differs from ours now. Returns the end of it. */
export function watchWallClock(told: (byMs: number) => void, clock: Clock = steadyClock, wall: Clock = { now: () => Date.now() }): () => void {
  let known = 0;
  const timer = setInterval(() => {
    const byMs = wall.now() - clock.now();
    if (Math.abs(byMs - known) < setByMs) return;
    known = byMs;
    told(byMs);
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
