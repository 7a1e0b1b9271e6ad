/** A worker thread's side of pool.ts: it is told numbers, and answers with what came of each. */
import { parentPort } from 'node:worker_threads';

export type FromWorker<Result> =
  | { readonly type: 'progress'; readonly replication: number; readonly done: number }
  | { readonly type: 'result'; readonly replication: number; readonly result: Result };

export function work<Result>(play: (replication: number, progress: (done: number) => void) => Result): void {
  const tell = (message: FromWorker<Result>): void => parentPort?.postMessage(message);
  parentPort?.on('message', (replication: number) => {
    const result = play(replication, (done) => tell({ type: 'progress', replication, done }));
    tell({ type: 'result', replication, result });
  });
}
