/**
 * A time limit that a process which stood still (stopped, frozen with its machine, starved) does not use up: what it
 * waits for may lie in its socket, and timers run before sockets are read.
 */
export interface Patience {
  /** It came, or is no longer waited for. */
  end(): void;
}

/** A timer this late means that we stood still; what came meanwhile is read within the time that follows. */
export const standstillMs = 200;
const secondChanceMs = 500;

export function patience(ms: number, over: () => void): Patience {
  const due = performance.now() + ms;
  let timer = setTimeout(() => {
    if (performance.now() - due > standstillMs) timer = setTimeout(over, secondChanceMs);
    else over();
  }, ms);
  return { end: () => clearTimeout(timer) };
}
