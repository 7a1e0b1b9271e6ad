/**
 * Clocks that do nothing but look at the time, one for each core. Where such a clock stood still, the machine did, and
 * nobody on it can have been in time; on machines shared with strangers that happens for tenths of a second.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

export interface Standstill {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface IdleClock {
  /** When any of them stood still, by Unix time. */
  stop(): Promise<readonly Standstill[]>;
}

export function startIdleClock(): IdleClock {
  const stopped = new Int32Array(new SharedArrayBuffer(4));
  const clocks = Array.from({ length: availableParallelism() }, () => {
    const worker = new Worker(new URL('idle-clock-worker.ts', import.meta.url), { workerData: stopped });
    return new Promise<readonly Standstill[]>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  });
  return {
    stop: async () => {
      Atomics.store(stopped, 0, 1);
      Atomics.notify(stopped, 0);
      return (await Promise.all(clocks)).flat();
    },
  };
}

/** How much of the time between the two nobody stood still. */
export function lessStandstills(fromUs: number, toUs: number, standstills: readonly Standstill[]): number {
  let [rest, counted] = [toUs - fromUs, fromUs];
  for (const stood of [...standstills].sort((a, b) => a.fromUs - b.fromUs)) {
    const [from, to] = [Math.max(stood.fromUs, counted), Math.min(stood.toUs, toUs)];
    if (to <= from) continue;
    rest -= to - from;
    counted = to;
  }
  return rest;
}
