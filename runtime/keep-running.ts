// A server that is started again when it dies without being asked to.

import type { RunningProcess } from './process.ts';

export type KeptRunning = { readonly pid: number; stop(): Promise<void> };

/** One that dies at once again and again must not take the machine with it. */
const againMs = { first: 100, most: 5_000 };

export async function keepRunning(start: () => Promise<RunningProcess>, onDeath: (why: string) => void = () => {}): Promise<KeptRunning> {
  let stopping = false;
  let waitMs = againMs.first;
  let current = await start();
  watch();

  function watch(): void {
    void current.exited.then(({ code, signal }) => {
      if (!stopping) void again(`${signal ?? `exit code ${code}`}`);
    });
  }

  async function again(why: string): Promise<void> {
    onDeath(why);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (stopping) return;
    try {
      current = await start();
    } catch (error) {
      waitMs = Math.min(waitMs * 2, againMs.most);
      return again(error instanceof Error ? error.message : String(error));
    }
    // Told to stop while it started.
    if (stopping) return current.stop();
    waitMs = againMs.first;
    watch();
  }

  return {
    get pid() {
      return current.pid;
    },
    stop() {
      stopping = true;
      return current.stop();
    },
  };
}
