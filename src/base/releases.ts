/**
 * What was acquired, to be released in reverse order. Whoever acquires pushes the release on the next line; a release
 * that fails does not keep the others from running.
 */
export class Releases {
  readonly #releases: { readonly name: string; readonly run: () => Promise<unknown> | unknown }[] = [];
  #done: Promise<readonly ReleaseFailure[]> | undefined;

  push(name: string, run: () => Promise<unknown> | unknown): void {
    this.#releases.push({ name, run });
  }

  /** Runs each release once, newest first; called again, it answers the same. */
  run(): Promise<readonly ReleaseFailure[]> {
    return (this.#done ??= this.#runAll());
  }

  async #runAll(): Promise<readonly ReleaseFailure[]> {
    const failures: ReleaseFailure[] = [];
    for (let next = this.#releases.pop(); next !== undefined; next = this.#releases.pop()) {
      try {
        await next.run();
      } catch (error) {
        failures.push({ name: next.name, error });
      }
    }
    return failures;
  }
}

export interface ReleaseFailure {
  readonly name: string;
  readonly error: unknown;
}
