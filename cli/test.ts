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
    const reports = await (args.length > 0 ? Promise.all([play(folder, 'asked', args)]) : Promise.all([play(folder, 'alone', ['--project=alone']), playBehind(folder)]));
    const passed = reports.reduce((sum, report) => sum + report.passed, 0);
    const failures = reports.flatMap((report) => report.failures);
    // Of two processes' thousands of lines, these are what is looked for: they come last.
    for (const failure of failures) stdout.write(`\n${failure}\n`);
    stdout.write(`${passed} passed, ${failures.length} failed\n`);
    return failures.length > 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Report {
  readonly passed: number;
  /** File, name and message of each. */
  readonly failures: readonly string[];
}

/** Takes the terminal. */
async function play(folder: string, name: string, args: readonly string[]): Promise<Report> {
  const report = join(folder, `${name}.json`);
  return readReport(report, await ended(vitest(report, args, 'inherit')));
}

/** Says what it has to say when it is over. */
async function playBehind(folder: string): Promise<Report> {
  const report = join(folder, 'together.json');
  const child = vitest(report, ['--project=together', '--maxWorkers=1'], 'pipe');
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const exitCode = await ended(child);
  stdout.write(Buffer.concat(said));
  return readReport(report, exitCode);
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

/** What vitest writes of a run, as far as it is read here. */
interface VitestReport {
  readonly numPassedTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[];
  }[];
}

async function readReport(report: string, exitCode: number): Promise<Report> {
  const { numPassedTests: passed = 0, testResults = [] } = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as VitestReport;
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${name}\n${message.slice(0, shownMax)}`];
    return failed.map(({ fullName, failureMessages }) => `${name} > ${fullName}\n${ours(failureMessages.join('\n')).slice(0, shownMax)}`);
  });
  // An error outside every test, or a vitest that could not begin, fails the run too.
  return { passed, failures: failures.length === 0 && exitCode !== 0 ? [`vitest ended with ${exitCode}, though no test failed: what it said stands above`] : failures };
}

/** Without the frames of the test runner. */
const ours = (message: string): string => message.split('\n').filter((line) => !/^ +at .*(node_modules|new Promise)/.test(line)).join('\n');

/** Characters of a failure's message. */
const shownMax = 2_000;
