// A server with all its children, frozen, let go or killed at once: PostgreSQL's children leave its process group.

import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';
import { until } from '../../runtime/until.ts';

export async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  // Parents first: a parent that is frozen or dead makes no more children.
  for (const one of [pid, ...(await childrenOf(pid))]) send(one, signal);
}

/** Killed without a word, and waited for until nothing of it is left. */
export async function killTree(pid: number): Promise<void> {
  send(pid, 'SIGSTOP');
  const all = [pid, ...(await childrenOf(pid))];
  for (const one of all) send(one, 'SIGKILL');
  await until(async () => ((await Promise.all(all.map(isAlive))).includes(true) ? undefined : true), { limitMs: 5_000, what: `the end of process ${pid} and its children` });
}

export async function childrenOf(pid: number): Promise<number[]> {
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(async (name) => ({ pid: Number(name), parent: (await stat(Number(name)))?.parent })));
  const below = (parent: number): number[] => all.filter((one) => one.parent === parent).flatMap((one) => [one.pid, ...below(one.pid)]);
  return below(pid);
}

/** A zombie that its parent has not fetched yet is dead. */
export async function isAlive(pid: number): Promise<boolean> {
  const found = await stat(pid);
  return found !== undefined && found.state !== 'Z' && found.state !== 'X';
}

async function stat(pid: number): Promise<{ state: string; parent: number } | undefined> {
  // The process may have ended between the listing and here.
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [state, parent] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { state, parent: Number(parent) };
}

function send(pid: number, signal: NodeJS.Signals): void {
  // To 0 would be to ourselves and all our kin.
  if (pid <= 1) throw new Error(`no process ${pid} to send ${signal}`);
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
