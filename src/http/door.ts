/**
 * A second port of the same server. The process that stands by is asked for its health at a port of its own; when it
 * takes over, the desktops' port is opened as well, and what comes in there is handed to the server as its own.
 */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

export interface Door {
  /** Lets nobody in any more; who is in stays. */
  close(): void;
}

/** The one before us is on its way out of the port. */
const againMs = { first: 20, most: 1_000 };

/** Resolves when the port is ours; until then it is tried again, and calls do not wait for it. */
export async function openDoor(server: FastifyInstance, { host, port, log, signal }: { readonly host: string; readonly port: number; readonly log: Logger; readonly signal: AbortSignal }): Promise<Door> {
  for (let waitMs = againMs.first; ; waitMs = Math.min(waitMs * 2, againMs.most)) {
    signal.throwIfAborted();
    const door = createServer({ noDelay: true }, (socket) => void server.server.emit('connection', socket));
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      door.once('error', resolve);
      door.listen(port, host, () => resolve(undefined));
    });
    if (error === undefined) return { close: () => void door.close() };
    if (error.code !== 'EADDRINUSE') throw error;
    if (waitMs >= againMs.most) log.error({ port }, 'the web port is in use by another program');
    await sleep(waitMs, undefined, { signal });
  }
}
