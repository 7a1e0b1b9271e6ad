/**
 * Asterisk tells that a MixMonitor stops a moment before it has written the last block, and says nothing at all when
 * the recording ends because its channel does (22.10). So the end of a recording is: its file no longer grows.
 */
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asterisk writes in pieces of about half a second while the talk goes on. */
const quietMs = 250;
const looksMax = 12;

/** Resolves when the file has stopped growing, is missing, or after three seconds. */
export async function fileSettled(path: string, signal: AbortSignal): Promise<void> {
  let before = -1;
  for (let looks = 0; looks < looksMax && !signal.aborted; looks += 1) {
    const size = await stat(path).then(({ size: bytes }) => bytes, () => -1);
    if (looks > 0 && size === before) return;
    before = size;
    // Ends early when telephony stops; the condition above sees it.
    await sleep(quietMs, undefined, { signal }).catch(() => undefined);
  }
}
