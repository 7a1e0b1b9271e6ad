/** Replications on several threads, each independent of the others; the results come in the replications' own order. */
import { Worker } from 'node:worker_threads';
import type { Replication } from './replicate.ts';
import type { Scenario } from './scenario.ts';
import type { FromWorker } from './worker.ts';

export async function runReplications(scenario: Scenario, threads: number, progress: (done: number) => void = () => {}): Promise<readonly Replication[]> {
  const results = new Array<Replication>(scenario.replications);
  const under = new Map<number, number>();
  let next = 0;
  let done = 0;
  const tell = (): void => progress(([...under.values()].reduce((sum, part) => sum + part, 0) + done) / scenario.replications);
  const workers: Worker[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: scenario, resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
      workers.push(worker);
      const begin = (): void => {
        if (next >= scenario.replications) return resolve();
        worker.postMessage(next);
        next += 1;
      };
      worker.on('message', (message: FromWorker) => {
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
    await Promise.all(Array.from({ length: Math.min(threads, scenario.replications) }, work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** Most of what a simulated call leaves behind is gone a moment later; with little room V8 copies it about instead. */
const youngMegabytes = 64;
