/** A thread of its own for the peer, as the simulator's replications have. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Scenario } from '../src/simulate/scenario.ts';
import { plainDay } from './plain-day.ts';

// The bench gives nothing else.
parentPort?.postMessage(plainDay(workerData as Scenario));
