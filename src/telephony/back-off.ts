/** How long to wait before the next try: doubled each time up to a limit, and never the same for two of us. */
export interface BackOff {
  nextMs(): number;
  /** The connection held: the next failure begins from the start. */
  reset(): void;
}

export function backOff({ firstMs = 200, limitMs = 3_000, random = Math.random }: { firstMs?: number; limitMs?: number; random?: () => number } = {}): BackOff {
  let tries = 0;
  return {
    nextMs() {
      const full = Math.min(limitMs, firstMs * 2 ** tries);
      tries += 1;
      // Half of it is jitter: a hundred services that lost one switch do not all come back in the same millisecond.
      return full / 2 + (random() * full) / 2;
    },
    reset() {
      tries = 0;
    },
  };
}
