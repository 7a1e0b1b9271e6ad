import type { Clock } from '../base/clock.ts';

export interface WakeUp {
  /** Wakes at this time of the clock, or before it when something sooner was asked for. */
  at(time: number): void;
  cancel(): void;
}

/** The one timer of all sessions. */
export function newWakeUp(clock: Clock, wake: () => void): WakeUp {
  let timer: NodeJS.Timeout | undefined;
  let next = Infinity;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
    next = Infinity;
  };
  return {
    at(time) {
      if (time >= next) return;
      cancel();
      next = time;
      // A timer longer than this would fire at once; waking early does no harm.
      const ms = Math.min(Math.max(0, time - clock.now()), 2 ** 31 - 1);
      timer = setTimeout(() => {
        cancel();
        wake();
      }, ms);
    },
    cancel,
  };
}
