/** A worker thread of pool.ts: plays the replications it is told to. */
import { workerData } from 'node:worker_threads';
import { replicate } from './replicate.ts';
import type { Scenario } from './scenario.ts';
import { work } from './worker-port.ts';

// The pool gives nothing else.
const scenario = workerData as Scenario;

work((replication, progress) => replicate(scenario, replication, progress));
