/** How many files and sockets this process may hold at once, and how they are shared out: calls come before desktops. */
import { readFileSync } from 'node:fs';

/**
 * Node's own, Redis, Postgres, Asterisk and what replaces such a connection when it breaks, recordings being finished.
 * Measured: 34 when idle, 44 with Postgres at work.
 */
const ownUse = 54;
/** For what is not a desktop: health checks, figures, reports. */
const kept = 4;
/** With fewer nobody could watch the centre. */
export const openFilesLeast = ownUse + 2 * kept + 2;

export interface WebShare {
  /** Connections to the web port. */
  readonly connections: number;
  /** Desktops among them. */
  readonly desktops: number;
}

/** Undefined: too few to begin. */
export function webShare(openFiles: number): WebShare | undefined {
  if (openFiles < openFilesLeast) return undefined;
  return { connections: openFiles - ownUse, desktops: openFiles - ownUse - kept };
}

/** Node has raised the soft limit to the hard one; Infinity where the system does not say. */
export function openFilesMax(limits: () => string = () => readFileSync('/proc/self/limits', 'utf8')): number {
  let text: string;
  try {
    text = limits();
  } catch {
    // No Linux: then its own errors have to say it.
    return Number.POSITIVE_INFINITY;
  }
  const soft = /^Max open files\s+(\d+)\s/m.exec(text)?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}
