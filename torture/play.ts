// Plays cases one after the other: a stage under them, the promises after each.

import { startStage, type Stage } from '../stage/stage.ts';
import type { Text } from '../runtime/progress.ts';
import type { Case, Played, Size } from './case.ts';
import { before, verdicts, type Verdict } from './promises.ts';

export interface Outcome {
  readonly name: string;
  readonly skipped?: Text;
  /** What the case itself saw go wrong. */
  readonly failed?: string;
  readonly verdicts: readonly Verdict[];
  readonly figures: Readonly<Record<string, number>>;
  readonly ms: number;
}

export const held = ({ failed, verdicts }: Outcome): boolean => failed === undefined && verdicts.every((verdict) => verdict.held);

export class Theatre {
  #stage: { readonly of: Case['stage']; readonly stage: Stage } | undefined;

  /** Its stage stays for the next case, unless a promise was broken on it. */
  async play(one: Case, { size, seed, minutes, say }: { size: Size; seed: number; minutes?: number | undefined; say: (text: Text) => void }): Promise<Outcome> {
    const skipped = await one.cannot?.();
    if (skipped) return { name: one.name, skipped, verdicts: [], figures: {}, ms: 0 };
    const stage = await this.#open(one);
    const startedAt = performance.now();
    const was = await before(stage);
    const tried = await one.run({ stage, size, seed, minutes, say }).then((played) => ({ played }), (error: unknown) => ({ error }));
    const played: Played = 'played' in tried ? tried.played : { placed: Number.NaN };
    const outcome: Outcome = {
      name: one.name,
      ...('error' in tried ? { failed: tried.error instanceof Error ? (tried.error.stack ?? tried.error.message) : String(tried.error) } : {}),
      verdicts: await verdicts(stage, was, played),
      figures: played.figures ?? {},
      ms: performance.now() - startedAt,
    };
    if (!held(outcome)) await this.close();
    return outcome;
  }

  async close(): Promise<void> {
    const open = this.#stage;
    this.#stage = undefined;
    await open?.stage.stop();
  }

  async #open({ stage: of }: Case): Promise<Stage> {
    if (this.#stage?.of === of) return this.#stage.stage;
    await this.close();
    const stage = await startStage(of);
    this.#stage = { of, stage };
    return stage;
  }
}
