/** Replications on several threads, each independent of the others; the results come in the replications' own order. */
import { Worker } from 'node:worker_threads';
import type { Comparison } from './compare.ts';
import type { Replication } from './replicate.ts';
import type { Scenario } from './scenario.ts';
import type { FromWorker } from './worker-port.ts';

type Progress = (done: number) => void;

export const runReplications = (scenario: Scenario, threads: number, progress: Progress = () => {}): Promise<readonly Replication[]> => run('./worker.ts', scenario, scenario.replications, threads, progress);

export const runComparisons = (before: Scenario, after: Scenario, threads: number, progress: Progress = () => {}): Promise<readonly Comparison[]> =>
  run('./compare-worker.ts', { before, after }, before.replications, threads, progress);

/** The worker's file answers each number with a result of this kind. */
async function run<Result>(file: string, workerData: unknown, replications: number, threads: number, progress: Progress): Promise<readonly Result[]> {
  const results = new Array<Result>(replications);
  const under = new Map<number, number>();
  let next = 0;
  let done = 0;
  const tell = (): void => progress(([...under.values()].reduce((sum, part) => sum + part, 0) + done) / replications);
  const workers: Worker[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(file, import.meta.url), { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
      workers.push(worker);
      const begin = (): void => {
        if (next >= replications) return resolve();
        worker.postMessage(next);
        next += 1;
      };
      worker.on('message', (message: FromWorker<Result>) => {
        if (message.type === 'progress') under.set(message.replication, message.done);
        else {
          under.delete(message.replication);
          results[message.replication] = message.result;
          done += 1;
        }
        tell();
        if (message.type === 'result') begin();
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a worker thread of the simulation ended before its work')));
      begin();
    });
  try {
    await Promise.all(Array.from({ length: Math.min(threads, replications) }, work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** Most of what a simulated call leaves behind is gone a moment later; with little room V8 copies it about instead. */
export const youngMegabytes = 64;
