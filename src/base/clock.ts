/**
 * Epoch milliseconds that never go back: the wall time at the process's start plus what the monotonic clock has
 * counted since, so that setting the machine's clock moves no deadline and ages no caller.
 */
export interface Clock {
  now(): number;
}

export const steadyClock: Clock = { now: () => Math.floor(performance.timeOrigin + performance.now()) };
