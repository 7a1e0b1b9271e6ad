/** A worker thread of pool.ts: plays the replications it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { replicate } from './replicate.ts';
import type { Replication } from './replicate.ts';
import type { Scenario } from './scenario.ts';

export type FromWorker =
  | { readonly type: 'progress'; readonly replication: number; readonly done: number }
  | { readonly type: 'result'; readonly replication: number; readonly result: Replication };

// The pool gives nothing else.
const scenario = workerData as Scenario;
const tell = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on('message', (replication: number) => {
  const result = replicate(scenario, replication, (done) => tell({ type: 'progress', replication, done }));
  tell({ type: 'result', replication, result });
});
