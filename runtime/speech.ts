// Text to a telephone prompt: espeak-ng speaks, sox makes it 8 kHz mono and of even loudness.

import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Lang } from './environment.ts';
import { readEnvironment } from './environment.ts';
import { program, type ProgramName, type Programs } from './program.ts';

const run = promisify(execFile);
const voices: Record<Lang, string> = { zh: 'cmn', en: 'en-us' };

/** Writes `file` (a .wav, 16 bit, 8 kHz, mono) whole or not at all. */
export async function speak(programs: Programs, options: { text: string; lang: Lang; file: string }): Promise<void> {
  const spoken = `${options.file}.${process.pid}.spoken.wav`;
  const even = `${options.file}.${process.pid}.even.wav`;
  try {
    await execute(programs, 'espeak-ng', ['-v', voices[options.lang], '-s', '165', '-w', spoken, '--', options.text]);
    await execute(programs, 'sox', [spoken, '-r', '8000', '-c', '1', '-b', '16', even, 'norm', '-3', 'pad', '0.05', '0.15']);
    await rename(even, options.file);
  } finally {
    await Promise.all([spoken, even].map((file) => rm(file, { force: true })));
  }
}

export async function execute(programs: Programs, name: ProgramName, args: readonly string[]): Promise<string> {
  const { command, args: all, env } = program(programs, name, args);
  const { stdout } = await run(command, all, { env: { ...readEnvironment().inherited, ...env } });
  return stdout;
}
