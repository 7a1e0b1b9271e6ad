// A lock between processes that the kernel drops when its holder dies, however it dies: flock(1) keeps the
// lock and a `cat` on our pipe keeps flock alive, so our end of the pipe is the lock.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

export type FileLock = { release(): void };

/** Resolves to undefined when another process holds the lock and `wait` is false. */
export async function lockFile(path: string, wait: boolean): Promise<FileLock | undefined> {
  const args = [...(wait ? [] : ['--nonblock']), '--no-fork', path, 'sh', '-c', 'echo locked; exec cat'];
  const holder = spawn('flock', args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const outcome = await Promise.race([
    once(holder.stdout, 'data').then(() => 'locked' as const),
    once(holder, 'exit').then(() => 'held' as const),
    once(holder, 'error').then(([error]: unknown[]) => {
      throw error;
    }),
  ]);
  if (outcome === 'held') return undefined;
  holder.unref();
  (holder.stdin as unknown as { unref(): void }).unref();
  (holder.stdout as unknown as { unref(): void }).unref();
  return { release: () => holder.stdin.destroy() };
}
