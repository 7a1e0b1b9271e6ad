/**
 * What a lease says of who holds it: enough to see, on the same machine, whether that process lives.
 *
 *   <host>:<pid>:<when it started>:<machine>
 *
 * A process id is given out again and a host name may be shared by containers that see different processes, so the
 * kernel's own start time goes with it, and as the machine stands whatever must be equal for the number to mean the
 * same process to both: the boot, the process namespace, the user. A holder of another machine can only be waited for.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export type Fate =
  /** On another machine, or nothing can be said: only the lease's own time tells. */
  | 'unknown'
  | 'dead'
  /** Lives, and does nothing: stopped by a signal or a debugger. */
  | 'stopped'
  | 'alive';

export const ownName = (): string => [hostname().replaceAll(':', '-'), process.pid, processAt(process.pid)?.startedAt ?? 'unknown', machine()].join(':');

/** Both are processes of one machine: each can see, and end, the other. */
export const isNeighbour = (holder: string): boolean => parts(holder) !== undefined;

export function fateOf(holder: string): Fate {
  const known = parts(holder);
  if (known === undefined) return 'unknown';
  const found = processAt(known.pid);
  if (found === undefined || found.startedAt !== known.startedAt || (isOver(found.state) && hasNoThreads(known.pid))) return 'dead';
  return found.state === 'T' || found.state === 't' ? 'stopped' : 'alive';
}

/**
 * Ends a neighbour that has lost its lease. It would end itself at its next breath; until then it holds the ports
 * that its successor needs, and an order may be on its lips.
 */
export function end(holder: string): void {
  const known = parts(holder);
  if (known === undefined || fateOf(holder) === 'dead') return;
  process.kill(known.pid, 'SIGKILL');
}

function parts(holder: string): { pid: number; startedAt: string } | undefined {
  const [, pid, startedAt, where] = holder.split(':');
  if (where === undefined || where === '' || where !== machine() || startedAt === undefined || startedAt === 'unknown' || Number(pid) === process.pid) return undefined;
  return { pid: Number(pid), startedAt };
}

const isOver = (state: string): boolean => state === 'Z' || state === 'X';

/**
 * A killed process is a zombie as soon as its first thread is, while its others may still be on their way out, with
 * every port it had (seen for 60 ms on a busy machine).
 */
function hasNoThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** ENOENT before and ESRCH while we read. */
const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Empty where there is no /proc to read, and then nobody is anybody's neighbour. */
function machine(): string {
  try {
    const facts = [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), readlinkSync('/proc/self/ns/pid'), process.getuid?.()];
    return createHash('sha256').update(facts.join(' ')).digest('hex').slice(0, 12);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return '';
    throw error;
  }
}

function processAt(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything. After it: the state is field 3, the start in ticks of the boot field 22.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
