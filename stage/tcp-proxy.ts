/**
 * A wire that can be hurt: a TCP proxy to put between the service and Redis, Postgres, AMI or anything else.
 *
 *   const wire = await startTcpProxy({ to: { host: '127.0.0.1', port: 6379 } });   // then connect to wire.port
 *   wire.freeze();                   // nothing passes, and comes late once healed: what TCP makes of a short outage
 *   wire.blackhole();                // bytes are lost for good, sockets stay open; those that lost any are reset on heal
 *   wire.strand();                   // what is connected now stays open and dead for ever, new connections pass: half-open
 *   wire.delay(200, 'to-client');    // each way keeps its order
 *   wire.heal();
 *   wire.reset();                    // RST to both ends, now
 *   await wire.refuse();             // connection refused; `accept()` ends it
 *   const cut = wire.cutAt({ pattern: 'COMMIT', when: 'answered' });   // once; resolves when it has happened
 *   await cut.done;
 */
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { WireConnection } from './wire-connection.ts';
import type { Cut, Last, Way } from './wire-connection.ts';

export interface TcpProxyOptions {
  readonly to: { readonly host: string; readonly port: number };
  /** Our own; any free port where not given. */
  readonly port?: number;
  /** Keep what the clients say. */
  readonly keepsSaid?: boolean;
}

export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Open now, and ever accepted. */
  connections(): number;
  accepted(): number;
  /** What each client said to the server, byte for byte, whatever became of it on the way; nothing where it is not kept. */
  said(): readonly Buffer[];
  freeze(way?: Way): void;
  blackhole(way?: Way): void;
  strand(): void;
  delay(ms: number, way?: Way): void;
  /** All faults end, also those of connections that are yet to come. */
  heal(): void;
  /** How many connections it hit. */
  reset(): number;
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** Resets the first connection whose client sends the pattern, at a moment counted from there. */
  cutAt(cut: Cut): { readonly done: Promise<void>; cancel(): void };
  /** Of a protocol whose messages end with an empty line: the one of which it is true is the last that passes. */
  lastWhen(is: Last['is'], left: Last['left']): { cancel(): void };
  stop(): Promise<void>;
}

const ours = '127.0.0.1';
/** Of one connection. Half a transcript would prove nothing, so nobody says more. */
const saidBytesMax = 64 * 1024 * 1024;

export async function startTcpProxy({ to, port: wanted = 0, keepsSaid = false }: TcpProxyOptions): Promise<TcpProxy> {
  const open = new Set<WireConnection>();
  const cuts = new Set<{ readonly cut: Cut; readonly done: () => void }>();
  const lasts = new Set<Last>();
  /** What a new connection begins with. */
  let begin: (connection: WireConnection) => void = () => undefined;
  let accepted = 0;
  const kept: Buffer[][] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    const said = keepsSaid ? keep(kept) : (): void => undefined;
    const connection = new WireConnection(client, to, { cuts, lasts, said, closed: () => open.delete(connection) });
    open.add(connection);
    begin(connection);
  });
  await listen(server, wanted);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;

  /** Of all that are connected, and of all who will be. */
  function toAll(does: (connection: WireConnection) => void): void {
    begin = does;
    for (const connection of open) does(connection);
  }

  return {
    host: ours, port,
    connections: () => open.size,
    accepted: () => accepted,
    said: () => kept.map((chunks) => Buffer.concat(chunks)),
    freeze: (way = 'both') => toAll((connection) => connection.freeze(way)),
    blackhole: (way = 'both') => toAll((connection) => connection.blackhole(way)),
    strand: () => {
      for (const connection of open) connection.strand();
    },
    delay: (ms, way = 'both') => toAll((connection) => connection.delay(ms, way)),
    heal: () => {
      begin = () => undefined;
      for (const connection of [...open]) connection.heal();
    },
    reset: () => {
      const hit = open.size;
      for (const connection of [...open]) connection.reset();
      return hit;
    },
    // What is connected stays connected.
    refuse: async () => void (server.listening && server.close()),
    accept: async () => void (server.listening || (await listen(server, port))),
    cutAt: (cut) => {
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const entry = { cut, done: resolve };
      cuts.add(entry);
      return { done, cancel: () => void cuts.delete(entry) };
    },
    lastWhen: (is, left) => {
      const entry = { is, left };
      lasts.add(entry);
      return { cancel: () => void lasts.delete(entry) };
    },
    stop: async () => {
      if (server.listening) server.close();
      for (const connection of [...open]) connection.reset();
    },
  };
}

function keep(all: Buffer[][]): (chunk: Buffer) => void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  all.push(chunks);
  return (chunk) => {
    bytes += chunk.length;
    if (bytes > saidBytesMax) throw new Error('more was said on the wire than it keeps');
    chunks.push(chunk);
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ours, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
