/** What is in use once all that nobody holds any more was cleared away: how much garbage lies about is the collector's affair. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function keptHeapBytes(): number {
  setFlagsFromString('--expose-gc');
  // The function exists only in contexts made after the flag was set.
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
