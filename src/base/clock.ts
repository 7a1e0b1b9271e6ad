/**
 * The two times of a process. `now` is wall time for what is written down; `monotonic` never goes back and is
 * what leases and timeouts are measured with. Both in milliseconds.
 */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
