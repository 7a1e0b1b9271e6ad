import { execFile } from 'node:child_process';
import type { Run } from './synthesise.ts';

const runMsMax = 60_000;

/** Each command is a program with the arguments that come before ours, such as espeak-ng with its `--path`. */
export function programRunner(commands: { readonly espeak: readonly string[]; readonly sox: readonly string[] }): Run {
  return (name, args) =>
    new Promise((resolve, reject) => {
      const [program = name, ...first] = name === 'sox' ? commands.sox : commands.espeak;
      execFile(program, [...first, ...args], { timeout: runMsMax, maxBuffer: 1_000_000 }, (error, stdout, stderr) => {
        if (!error) resolve({ stdout, stderr });
        // The first thing the program says is the reason; without a word from it, Node's own.
        else reject(new Error(`${name}: ${stderr.trim().split('\n')[0] || (error.code === 'ENOENT' ? 'not found' : error.message)}`, { cause: error }));
      });
    });
}
