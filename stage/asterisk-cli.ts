/** Asterisk's own console, for what has no other way: loading a module, a line of dialplan, a graceful restart. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Runtime } from '../runtime/centre.ts';
import { program } from '../runtime/program.ts';

const run = promisify(execFile);

/** What the console answered. It has no exit codes: who must know reads the text. */
export async function asteriskCli({ programs, stateDir }: Pick<Runtime, 'programs' | 'stateDir'>, command: string): Promise<string> {
  const { command: file, args, env } = program(programs, 'asterisk', ['-C', join(stateDir, 'asterisk/etc/asterisk.conf'), '-rx', command]);
  const { stdout } = await run(file, args, { env, timeout: 10_000, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
