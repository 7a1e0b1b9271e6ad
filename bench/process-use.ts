/** What a process takes of the machine, by the kernel's own count. */
import { readFile } from 'node:fs/promises';

export interface Memory {
  readonly rssMb: number;
  /** Not shared with other processes, nor a file's. */
  readonly ownMb: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string): number => Math.round((Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024) * 10) / 10;
  return { rssMb: megabytes('VmRSS'), ownMb: megabytes('RssAnon') };
}

/** User and system time since its start; the kernel counts in hundredths of a second. */
export async function cpuMsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Share of one core, in per cent, from now until the answer is called. */
export async function coreShare(pid: number): Promise<() => Promise<number>> {
  const [cpuMs, at] = [await cpuMsOf(pid), performance.now()];
  return async () => (((await cpuMsOf(pid)) - cpuMs) / (performance.now() - at)) * 100;
}
