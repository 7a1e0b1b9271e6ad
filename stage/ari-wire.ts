/**
 * A wire that can be hurt between Asterisk and the service, and that knows what travels on it: ARI's websocket, with
 * REST on it. Whoever connects, the other is called when it does; the two sides are told apart by what they say.
 *
 *   wire.freeze(); wire.blackhole(); wire.strand(); wire.reset(); wire.heal();     // as in tcp-proxy.ts
 *   const cut = wire.cutAt({ request: /^POST channels\/rx-a-/, when: 'answered' }); await cut.done;
 *   wire.lastWhen((request) => request.startsWith('POST channels/rx-a-'), () => kill());   // nothing passes after it
 *   wire.shuffle({ seed: 7, lateMs: 80, twice: 0.05, outOfOrder: 0.1 });           // events only: answers have their ids
 *   wire.heal();
 */
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { AriWireConnection } from './ari-wire-connection.ts';
import type { AriCut, Shuffle, Way } from './ari-wire-connection.ts';

export interface AriWireOptions {
  /** Our own, where the one that connects looks for the other. */
  readonly port: number;
  readonly to: { readonly host: string; readonly port: number };
}

export interface AriWire {
  readonly port: number;
  connections(): number;
  /** Ever opened; each is one more (re)connect. */
  opened(): number;
  /** What was asked of Asterisk, such as `POST channels/rx-a-c-1-1?endpoint=…`, the newest last. */
  readonly requests: readonly string[];
  /** All frames that went to Asterisk, as they were. */
  readonly said: readonly string[];
  freeze(way?: Way): void;
  blackhole(way?: Way): void;
  /** What is connected now stays open and dead for ever; a new connection passes. */
  strand(): void;
  shuffle(how: Shuffle): void;
  heal(): void;
  reset(): number;
  /** Resets the first connection on which such a request is made, at a moment counted from there. */
  cutAt(cut: AriCut): { readonly done: Promise<void>; cancel(): void };
  /** The request of which it is true is the last that passes; `left` is called when it is on the socket to Asterisk. */
  lastWhen(is: (request: string) => boolean, left: () => void): { cancel(): void };
  stop(): Promise<void>;
}

const ours = '127.0.0.1';
const notedMax = 100_000;

export async function startAriWire({ port, to }: AriWireOptions): Promise<AriWire> {
  const open = new Set<AriWireConnection>();
  const cuts = new Set<{ readonly cut: AriCut; readonly done: () => void }>();
  const lasts = new Set<{ readonly is: (request: string) => boolean; readonly left: () => void }>();
  const requests: string[] = [];
  const said: string[] = [];
  const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false, handleProtocols: (offered) => [...offered][0] ?? false });
  let begin: (connection: AriWireConnection) => void = () => undefined;
  let opened = 0;

  /** The other side is called first: only when it takes the call does ours. */
  function accept(request: IncomingMessage, stream: Socket, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const { authorization = '' } = request.headers;
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
    const far = new WebSocket(`ws://${to.host}:${to.port}${request.url ?? '/'}`, protocols, { headers: { authorization }, perMessageDeflate: false, autoPong: false });
    far.once('error', () => stream.destroy());
    far.once('unexpected-response', (_, { statusCode = 502, statusMessage = '' }) => {
      stream.end(`HTTP/1.1 ${statusCode} ${statusMessage}\r\nConnection: close\r\n\r\n`);
      far.terminate();
    });
    let farStream: Socket | undefined;
    far.once('upgrade', ({ socket }) => (farStream = socket));
    // What the far side says at once waits until the near side is there to hear it.
    far.once('open', () => {
      far.pause();
      websockets.handleUpgrade(request, stream, head, (near) => {
        if (farStream === undefined) throw new Error('a websocket opened without its socket');
        opened += 1;
        const connection = new AriWireConnection({ near, far, streams: [stream, farStream] }, { cuts, lasts, asked: (request) => note(requests, request), said: (frame) => note(said, frame), closed: () => open.delete(connection) });
        open.add(connection);
        begin(connection);
        far.resume();
      });
    });
  }

  function note(all: string[], text: string): void {
    if (all.length >= notedMax) all.shift();
    all.push(text);
  }

  function toAll(does: (connection: AriWireConnection) => void): void {
    begin = does;
    for (const connection of [...open]) does(connection);
  }

  // What is no websocket, such as a look at whether the other side lives, passes through.
  const server = createServer((request, response) => {
    const passed = httpRequest({ ...to, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.once('error', () => response.destroy());
    request.pipe(passed);
  });
  server.on('upgrade', (request, stream, head) => accept(request, stream as Socket, head)); // node:http always hands out a Socket here
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, ours, resolve));

  return {
    port, requests, said,
    connections: () => open.size,
    opened: () => opened,
    freeze: (way = 'both') => toAll((connection) => connection.freeze(way)),
    blackhole: (way = 'both') => toAll((connection) => connection.blackhole(way)),
    strand: () => {
      for (const connection of open) connection.strand();
    },
    shuffle: (how) => toAll((connection) => connection.shuffle(how)),
    heal: () => toAll((connection) => connection.heal()),
    reset: () => {
      const hit = open.size;
      for (const connection of [...open]) connection.reset();
      return hit;
    },
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
      for (const connection of [...open]) connection.reset();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
