// The launcher run as a person runs it: what it says, and when and how it ends.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { root } from '../../cli/options.ts';
import { until } from '../../runtime/until.ts';
import { childrenOf, isAlive, killTree } from './process-tree.ts';

export interface Launched {
  readonly pid: number;
  /** Both streams, as they came. */
  said(): string;
  /** Waits for the first match and answers its groups. */
  says(what: RegExp, limitMs?: number): Promise<readonly string[]>;
  interrupt(): void;
  readonly ended: Promise<number | null>;
  /** Processes that it started and that still run. */
  leftOver(): Promise<number[]>;
  /** For whoever did not get to the end. */
  kill(): Promise<void>;
}

export function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Launched {
  const child = spawn(join(root, 'rexian'), [...args], { env: { ...process.env, ...env, LANG: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? 0;
  const started = new Set<number>();
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    pid,
    said: () => said,
    says: async (what, limitMs = 60_000) => {
      const [, ...groups] = await until(() => {
        if (!what.test(said) && child.exitCode !== null) throw new Error(`ended with ${child.exitCode} and never said ${what}:\n${said}`);
        return what.exec(said) ?? undefined;
      }, { limitMs, what: `${args.join(' ')} says ${what}` });
      for (const one of await childrenOf(pid)) started.add(one);
      return groups;
    },
    interrupt: () => void child.kill('SIGINT'),
    ended,
    leftOver: async () => {
      const alive = await Promise.all([...started].map(async (one) => ((await isAlive(one)) ? [one] : [])));
      return alive.flat();
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) await killTree(pid);
    },
  };
}
