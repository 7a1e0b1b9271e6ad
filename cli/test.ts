import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { execPath, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../runtime/environment.ts';
import { findPrograms } from '../runtime/program.ts';
import { progressOn } from '../runtime/progress.ts';
import type { Command } from './main.ts';

/** Arguments go to vitest: file name filters, -t PATTERN and the like. */
export const run: Command = async ({ lang, args }) => {
  // Downloads show their progress here, before vitest takes the terminal.
  await findPrograms(readEnvironment(), progressOn(stderr, lang));
  const folder = await mkdtemp(join(tmpdir(), 'rexian-report-'));
  const report = join(folder, 'report.json');
  try {
    const exitCode = await vitest(['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args]);
    const { passed, failed } = await count(report, exitCode);
    stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed > 0 || exitCode !== 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function vitest(args: string[]): Promise<number> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches vitest from the terminal; we wait until it has stopped its servers.
  const wait = (): void => {};
  process.on('SIGINT', wait).on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
}

async function count(report: string, exitCode: number): Promise<{ passed: number; failed: number }> {
  const text = await readFile(report, 'utf8').catch(() => '{}');
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(text) as { numPassedTests?: number; numFailedTests?: number };
  // A file that could not be loaded, or an error outside every test, fails the run and must be counted.
  return { passed: numPassedTests, failed: numFailedTests === 0 && exitCode !== 0 ? 1 : numFailedTests };
}
