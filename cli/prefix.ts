import { stderr, stdout } from 'node:process';
import { readEnvironment } from '../runtime/environment.ts';
import { ensurePrefix } from '../runtime/prefix.ts';
import { progressOn } from '../runtime/progress.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang }) => {
  stdout.write(`${await ensurePrefix(readEnvironment(), progressOn(stderr, lang))}\n`);
  return 0;
};
