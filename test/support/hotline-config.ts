// The sample centre with numbers that lead straight into a queue, and no wrap-up: what tests of the line need.

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultConfig } from '../../cli/options.ts';

/** Dialled number → priority in the queue `general`. */
export const straightNumbers = { low: '5000', middle: '5010', high: '5020' } as const;

/** Writes the configuration to `dir`. Phones ring for a minute, so that no test races with the ring time. */
export async function writeHotlineConfig(dir: string): Promise<string> {
  await cp(defaultConfig, dir, { recursive: true });
  const flows = { [straightNumbers.low]: 0, [straightNumbers.middle]: 10, [straightNumbers.high]: 20 };
  for (const [number, priority] of Object.entries(flows)) {
    await writeFile(join(dir, `flows/straight-${number}.yaml`), `start: line\nnodes:\n  line: { queue: general, priority: ${priority} }\n`);
  }
  await change(join(dir, 'centre.yaml'), /^numbers:.*$/m, `numbers:\n${Object.keys(flows).map((number) => `  ${number}: straight-${number}`).join('\n')}`);
  await change(join(dir, 'queues.yaml'), /ring: \d+s/g, 'ring: 60s');
  await change(join(dir, 'queues.yaml'), /wrapUp: \{ time: \d+s/g, 'wrapUp: { time: 0s');
  return dir;
}

async function change(file: string, from: RegExp, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} holds no ${from}`);
  await writeFile(file, changed);
}
