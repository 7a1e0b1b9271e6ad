// A server or phone that we start, watch and stop, and that never outlives us.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readEnvironment } from './environment.ts';
import { SetupError } from './setup-error.ts';
import { until } from './until.ts';

export type ProcessOptions = {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  logFile: string;
  /** Answers true when the process can be used; asked every few milliseconds. */
  ready: () => Promise<boolean> | boolean;
  /** The signal that makes it end well; also what the kernel sends it when we die. */
  stopSignal?: 'SIGTERM' | 'SIGINT';
  stopWithinMs?: number;
  /** For a Node program: opens an IPC channel and hears what it says. */
  onMessage?: (message: unknown) => void;
};

export type RunningProcess = {
  readonly pid: number;
  /** Settles when the process ended, whoever ended it. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly running: boolean;
  /** Over the IPC channel; nothing happens when there is none or it is closed. */
  send(message: object): void;
  stop(): Promise<void>;
};

/** A database may have to read its log again first, on a slow machine. */
const readyWithinMs = 60_000;

export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, logFile, stopSignal = 'SIGTERM' } = options;
  await mkdir(dirname(logFile), { recursive: true });
  const guard = await orphanGuard(stopSignal);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(guard[0] ?? options.command, [...guard.slice(1), ...(guard.length > 0 ? [options.command] : []), ...options.args], {
    cwd: options.cwd,
    env: { ...readEnvironment().inherited, ...options.env },
    stdio: ['ignore', log, log, ...(options.onMessage ? (['ipc'] as const) : [])],
    // Its own group: Ctrl-C is for us, and we stop the servers when the calls are done with them.
    detached: true,
  });
  closeSync(log);
  if (options.onMessage) child.on('message', options.onMessage);
  let ended = false;
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      resolve({ code, signal });
    });
    child.once('error', () => {
      ended = true;
      resolve({ code: 127, signal: null });
    });
  });
  let stopping: Promise<void> | undefined;
  const running: RunningProcess = {
    get pid() {
      return child.pid ?? 0;
    },
    get running() {
      return !ended;
    },
    exited,
    send: (message) => void (child.connected && child.send(message, () => {})),
    stop: () => (stopping ??= stop()),
  };
  async function stop(): Promise<void> {
    if (ended) return;
    child.kill(stopSignal);
    const lastResort = setTimeout(() => child.kill('SIGKILL'), options.stopWithinMs ?? 5_000);
    await exited;
    clearTimeout(lastResort);
  }
  try {
    await until(async () => {
      if (ended) throw new Error(`it ended at once: ${await exited.then(({ code, signal }) => signal ?? `exit code ${code}`)}`);
      return (await options.ready()) || undefined;
    }, { limitMs: readyWithinMs, what: 'ready' });
  } catch (cause) {
    await running.stop();
    const tail = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-12).join('\n');
    throw new SetupError({
      en: `${name} did not start (${(cause as Error).message}). Its log ${logFile} ends with:\n${tail}`,
      zh: `${name} 未能启动（${(cause as Error).message}）。日志 ${logFile} 的结尾：\n${tail}`,
    }, { cause });
  }
  return running;
}

/** setpriv asks the kernel to send the signal when we die, even by SIGKILL. */
async function orphanGuard(signal: 'SIGTERM' | 'SIGINT'): Promise<string[]> {
  const setpriv = '/usr/bin/setpriv';
  const present = await access(setpriv, constants.X_OK).then(() => true, () => false);
  return present ? [setpriv, `--pdeathsig=${signal.slice(3)}`, '--'] : [];
}
