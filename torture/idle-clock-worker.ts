// One of the clocks: see idle-clock.ts.
import { parentPort, workerData } from 'node:worker_threads';
import type { Standstill } from './idle-clock.ts';

const everyMs = 10;
/** As late as this is no lateness. */
const fineMs = 40;
const standstills: Standstill[] = [];
const stopped = workerData as Int32Array;
const nowUs = (): number => (performance.timeOrigin + performance.now()) * 1_000;

let before = nowUs();
while (Atomics.load(stopped, 0) === 0) {
  Atomics.wait(stopped, 0, 0, everyMs);
  const now = nowUs();
  if (now - before > (everyMs + fineMs) * 1_000) standstills.push({ fromUs: before + everyMs * 1_000, toUs: now });
  before = now;
}
parentPort?.postMessage(standstills);
