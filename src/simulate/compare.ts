/** One replication twice: the same callers under the present configuration and under another. */
import { differencesOf } from './differences.ts';
import type { Differences } from './differences.ts';
import { replicate } from './replicate.ts';
import type { Replication } from './replicate.ts';
import type { Scenario } from './scenario.ts';
import { newWays, note } from './ways.ts';

export interface Comparison {
  readonly before: Replication;
  readonly after: Replication;
  readonly differences: Differences;
}

export function compare(before: Scenario, after: Scenario, replication: number, progress: (done: number) => void = () => {}): Comparison {
  const [ways, others] = [newWays(), newWays()];
  return {
    before: replicate(before, replication, (done) => progress(done / 2), (event) => note(ways, event)),
    after: replicate(after, replication, (done) => progress((1 + done) / 2), (event) => note(others, event)),
    differences: differencesOf(ways, others),
  };
}
