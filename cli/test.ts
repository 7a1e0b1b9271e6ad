import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { execPath, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../runtime/environment.ts';
import { findPrograms } from '../runtime/program.ts';
import { progressOn } from '../runtime/progress.ts';
import type { Command } from './main.ts';

/**
 * Arguments go to vitest: file name filters, -t PATTERN and the like. Without any, the tests that wait for calls and those
 * that compute go side by side, the latter only with what the former leave of the processor: a third of the time less.
 */
export const run: Command = async ({ lang, args }) => {
  // Downloads show their progress here, before vitest takes the terminal.
  await findPrograms(readEnvironment(), progressOn(stderr, lang));
  const folder = await mkdtemp(join(tmpdir(), 'rexian-report-'));
  try {
    const counts = await (args.length > 0 ? Promise.all([play(folder, 'asked', args)]) : Promise.all([play(folder, 'alone', ['--project=alone']), playBehind(folder)]));
    const [passed, failed] = [counts.reduce((sum, count) => sum + count.passed, 0), counts.reduce((sum, count) => sum + count.failed, 0)];
    stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed > 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Takes the terminal. */
async function play(folder: string, name: string, args: readonly string[]): Promise<Count> {
  const report = join(folder, `${name}.json`);
  return count(report, await ended(vitest(report, args, 'inherit')));
}

/** Says what it has to say when it is over. */
async function playBehind(folder: string): Promise<Count> {
  const report = join(folder, 'together.json');
  const child = vitest(report, ['--project=together', '--maxWorkers=1'], 'pipe');
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const exitCode = await ended(child);
  stdout.write(Buffer.concat(said));
  return count(report, exitCode);
}

function vitest(report: string, args: readonly string[], stdio: 'inherit' | 'pipe'): ChildProcess {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args], { cwd: root, stdio: ['inherit', stdio, stdio] });
  // Ctrl-C reaches vitest from the terminal; we wait until it has stopped its servers.
  const wait = (): void => {};
  process.on('SIGINT', wait).on('SIGTERM', () => child.kill('SIGTERM'));
  return child;
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));
}

async function count(report: string, exitCode: number): Promise<Count> {
  const text = await readFile(report, 'utf8').catch(() => '{}');
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(text) as { numPassedTests?: number; numFailedTests?: number };
  // A file that could not be loaded, or an error outside every test, fails the run and must be counted.
  return { passed: numPassedTests, failed: numFailedTests === 0 && exitCode !== 0 ? 1 : numFailedTests };
}
