// A process that has a tenth of a processor: by its control group where that can be made, else stopped nine tenths of the time.

import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import process from 'node:process';

export interface Throttle {
  readonly by: 'cgroup' | 'signals';
  end(): Promise<void>;
}

const periodMs = 100;

export async function throttle(pid: number, part: number): Promise<Throttle> {
  return (await byGroup(pid, part)) ?? bySignals(pid, part);
}

/** The first version has a tree for processors, the second one for everything. */
async function byGroup(pid: number, part: number): Promise<Throttle | undefined> {
  const quota = String(Math.round(periodMs * 1_000 * part));
  const period = String(periodMs * 1_000);
  for (const { root, limits } of [
    { root: '/sys/fs/cgroup/cpu', limits: [['cpu.cfs_period_us', period], ['cpu.cfs_quota_us', quota]] },
    { root: '/sys/fs/cgroup', limits: [['cpu.max', `${quota} ${period}`]] },
  ] as const) {
    const group = `${root}/rexian-torture-${pid}`;
    try {
      await mkdir(group);
      for (const [name, value] of limits) await writeFile(`${group}/${name}`, value);
      await writeFile(`${group}/cgroup.procs`, String(pid));
    } catch {
      // Not ours to make, or not that version: the next way does as well.
      await rmdir(group).catch(notMade);
      continue;
    }
    return {
      by: 'cgroup',
      end: async () => {
        await writeFile(`${root}/cgroup.procs`, String(pid)).catch(gone);
        await rmdir(group);
      },
    };
  }
  return undefined;
}

function bySignals(pid: number, part: number): Throttle {
  let runs: NodeJS.Timeout | undefined;
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended; so does this.
      clearInterval(cycle);
    }
  };
  const cycle = setInterval(() => {
    signal('SIGCONT');
    runs = setTimeout(() => signal('SIGSTOP'), periodMs * part);
  }, periodMs);
  return {
    by: 'signals',
    end: async () => {
      clearInterval(cycle);
      clearTimeout(runs);
      signal('SIGCONT');
    },
  };
}

function notMade(): void {
  // There was nothing to remove.
}

function gone(): void {
  // The process ended, and its group is empty.
}
