// The command line: finds the command, gives it its arguments, turns its failure into words and an exit code.

import { argv, env, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { langFrom, type Lang } from '../runtime/environment.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { commands } from './commands.ts';

export type Invocation = { lang: Lang; args: string[] };

/** Resolves to the exit code. */
export type Command = (invocation: Invocation) => Promise<number>;

const { lang, rest } = takeLang(argv.slice(2));
const [name = 'help', ...args] = rest;
const known = ['-h', '--help'].includes(name) ? 'help' : name;
const entry = commands.find((command) => command.name === known);
if (!entry) {
  stderr.write(lang === 'zh' ? `rexian：没有命令“${name}”。./rexian help 列出全部命令。\n` : `rexian: there is no command "${name}". ./rexian help lists them all.\n`);
  exit(2);
}
try {
  const { run } = await entry.load();
  const code = await run({ lang, args });
  // What a pipe has not taken yet must not be lost.
  await new Promise((resolve) => stdout.write('', resolve));
  exit(code);
} catch (error) {
  if (error instanceof SetupError) stderr.write(`rexian: ${error.text[lang]}\n`);
  else if (isUsage(error)) stderr.write(`rexian ${entry.name}: ${error.message}\n`);
  else stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  exit(isUsage(error) ? 2 : 1);
}

/** --lang may stand before or after the command. */
function takeLang(all: string[]): { lang: Lang; rest: string[] } {
  const { tokens } = parseArgs({ args: all, options: { lang: { type: 'string' } }, strict: false, tokens: true, allowPositionals: true });
  let chosen = langFrom(env);
  const taken = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name !== 'lang') continue;
    if (token.value !== 'en' && token.value !== 'zh') {
      stderr.write('rexian: --lang en|zh\n');
      exit(2);
    }
    chosen = token.value;
    taken.add(token.index);
    if (!token.inlineValue) taken.add(token.index + 1);
  }
  return { lang: chosen, rest: all.filter((_, index) => !taken.has(index)) };
}

function isUsage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
