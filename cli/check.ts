import { resolve } from 'node:path';
import { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { checkCommand } from '../src/config/check-command.ts';
import { defaultConfig } from './options.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({ args, options: { config: { type: 'string', default: defaultConfig } } });
  const { text, ok } = checkCommand(resolve(values.config), lang);
  stdout.write(`${text}\n`);
  return ok ? 0 : 1;
};
