// A centre for tests of the line: numbers that lead straight into it at several priorities, phones that ring long, no wrap-up.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quickConfig } from './quick-config.ts';

/** What to dial for a place in the queue `general`, by its priority. */
export const straight = { low: '5000', middle: '5010', high: '5020' } as const;
const priorities = { [straight.low]: 0, [straight.middle]: 10, [straight.high]: 20 };

/** A folder of its own; whoever asked removes it. */
export async function straightLines(): Promise<string> {
  const folder = await quickConfig({
    'centre.yaml': Object.fromEntries(Object.keys(priorities).map((number) => [`numbers/${number}`, `straight-${number}`])),
    'queues.yaml': { 'general/ring': '60s', 'general/wrapUp/time': '0s', 'billing/ring': '60s', 'billing/wrapUp/time': '0s' },
  });
  for (const [number, priority] of Object.entries(priorities)) {
    await writeFile(join(folder, `flows/straight-${number}.yaml`), `start: line\nnodes:\n  line: { queue: general, priority: ${priority} }\n`);
  }
  return folder;
}
