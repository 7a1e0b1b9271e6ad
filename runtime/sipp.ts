// SIPp: many callers from one scenario file, and what became of them.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { freeSipPort, freeTcpPort, loopback } from './ports.ts';
import { startProcess } from './process.ts';
import { program, type Programs } from './program.ts';

export type SippOptions = {
  programs: Programs;
  /** A folder of this run's own, for its logs and statistics. */
  folder: string;
  scenario: string;
  server: { host: string; port: number };
  /** What the scenario calls [service]: the number it dials. */
  number?: string;
  calls: number;
  callsPerSecond?: number;
  concurrent?: number;
  limitSeconds?: number;
  /** Its own SIP port; without it a free one. */
  sipPort?: number;
  /** Its own address, one of loopback's; without it the usual one. */
  host?: string;
  args?: readonly string[];
};

export type SippOutcome = { successful: number; failed: number; exitCode: number | null; errors: string };
export type SippRun = {
  readonly pid: number;
  readonly sipPort: number;
  readonly outcome: Promise<SippOutcome>;
  /** Cuts off what is under way. */
  stop(): Promise<void>;
  /** Lets what is under way end, at most so long. */
  finish(limitMs: number): Promise<void>;
};

export async function startSipp(options: SippOptions): Promise<SippRun> {
  const { folder, calls, host = loopback } = options;
  await mkdir(folder, { recursive: true });
  const statistics = join(folder, 'statistics.csv');
  const errors = join(folder, 'errors.log');
  await Promise.all([statistics, errors].map((file) => rm(file, { force: true })));
  const [sipPort, media, control] = [options.sipPort ?? (await freeSipPort()), await freeTcpPort(), await freeSipPort()];
  const { command, args, env } = program(options.programs, 'sipp', [
    `${options.server.host}:${options.server.port}`,
    '-sf', options.scenario,
    '-s', options.number ?? '4000',
    '-i', host, '-p', String(sipPort), '-mi', host, '-mp', String(media), '-cp', String(control),
    '-m', String(calls), '-r', String(options.callsPerSecond ?? calls), '-l', String(options.concurrent ?? calls),
    '-timeout', `${options.limitSeconds ?? 60}s`, '-timeout_error',
    '-trace_stat', '-stf', statistics, '-fd', '1', '-trace_err', '-error_file', errors,
    '-nostdin', ...(options.args ?? []),
  ]);
  const sipp = await startProcess({
    name: 'SIPp', command, args, env: { TERM: 'dumb', ...env }, cwd: folder, logFile: join(folder, 'sipp.log'), ready: () => true,
  });
  return {
    pid: sipp.pid,
    sipPort,
    outcome: sipp.exited.then(async ({ code }) => ({
      ...counts(await readFile(statistics, 'utf8').catch(() => '')),
      exitCode: code,
      errors: await readFile(errors, 'utf8').catch(() => ''),
    })),
    stop: () => sipp.stop(),
    async finish(limitMs) {
      // SIPp's own word for: no further call, and the end with the last one.
      if (sipp.running) process.kill(sipp.pid, 'SIGUSR1');
      const late = setTimeout(() => void sipp.stop(), limitMs);
      await sipp.exited;
      clearTimeout(late);
    },
  };
}

/** The last line of SIPp's statistics counts the whole run. */
export function counts(csv: string): { successful: number; failed: number } {
  const lines = csv.trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.length > 1 ? (lines.at(-1)?.split(';') ?? []) : [];
  const count = (name: string): number => Number(values[names.indexOf(name)] ?? 0);
  return { successful: count('SuccessfulCall(C)'), failed: count('FailedCall(C)') };
}
