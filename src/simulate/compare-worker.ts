/** A worker thread of pool.ts: plays the replications it is told to, each under both configurations. */
import { workerData } from 'node:worker_threads';
import { compare } from './compare.ts';
import { work } from './worker-port.ts';
import type { Scenario } from './scenario.ts';

// The pool gives nothing else.
const { before, after } = workerData as { readonly before: Scenario; readonly after: Scenario };

work((replication, progress) => compare(before, after, replication, progress));
