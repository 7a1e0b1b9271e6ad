/**
 * Sessions that were signed out before they ran out. The token of one is still well signed, so it is only known here
 * that it opens nothing any more; what it has opened is closed.
 */
import type { Clock } from '../base/clock.ts';

export interface SignOutsOptions {
  readonly clock: Clock;
  /** Keeps one for the next process. Must not throw; nobody waits for it. */
  readonly keep: (session: string, until: number) => void;
}

/** Far more than a centre's shift; past it the oldest is forgotten, and ends with its session at the latest. */
const sessionsMax = 20_000;

export class SignOuts {
  readonly #options: SignOutsOptions;
  readonly #until = new Map<string, number>();
  readonly #watching = new Map<string, Set<() => void>>();

  constructor(options: SignOutsOptions) {
    this.#options = options;
  }

  /** Those of before this process, or of another, each with its session's end. */
  learn(known: ReadonlyMap<string, number>): void {
    for (const [session, until] of known) this.#until.set(session, until);
  }

  has(session: string): boolean {
    return this.#until.has(session);
  }

  /** `until`: the session's end, epoch milliseconds. */
  add(session: string, until: number): void {
    const now = this.#options.clock.now();
    for (const [each, end] of this.#until) if (end < now || this.#until.size >= sessionsMax) this.#until.delete(each);
    this.#until.set(session, until);
    this.#options.keep(session, until);
    for (const ended of [...(this.#watching.get(session) ?? [])]) ended();
  }

  /** Calls back when the session is signed out. Returns the release. */
  watch(session: string, ended: () => void): () => void {
    const watching = this.#watching.get(session) ?? new Set();
    this.#watching.set(session, watching.add(ended));
    return () => {
      watching.delete(ended);
      if (watching.size === 0 && this.#watching.get(session) === watching) this.#watching.delete(session);
    };
  }
}
