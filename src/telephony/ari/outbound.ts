/**
 * Asterisk calls us (outbound_websocket in ari.conf, Asterisk 22.5 and newer). While we are away it keeps events
 * and callers waiting, which is why this is the default.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { AsteriskError } from '../asterisk-error.ts';
import { disconnected } from './connection.ts';
import type { AriConnection, AriListener } from './connection.ts';
import { ariListener } from './listener.ts';
import type { Listen } from './listener.ts';
import { restSocket } from './rest-socket.ts';
import type { RestSocket } from './rest-socket.ts';

export interface OutboundOptions {
  readonly listen: Listen;
  readonly app: string;
  readonly log: Logger;
}

/** A list of several thousand channels is a few megabytes. */
const messageBytesMax = 16 * 1024 * 1024;
/** Events that Asterisk kept while we were away; a call makes about ten. */
const missedMax = 100_000;
const askWhetherRegisteredMs = 500;
const complainEveryMs = 1_000;

export function outboundConnection({ listen, app, log }: OutboundOptions): AriConnection {
  const websockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax, perMessageDeflate: false, handleProtocols: () => 'ari' });
  let current: RestSocket | undefined;
  let up = false;
  let server: Server | undefined;
  let turnedAway = 0;
  let quietUntil = 0;

  /** Somebody who tries passwords must not fill the log with it. */
  function complain(about: object): void {
    turnedAway += 1;
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + complainEveryMs;
    log.error({ ...about, turnedAway }, 'turned away a connection to the ARI port');
    turnedAway = 0;
  }

  function accept(request: IncomingMessage, stream: Socket, head: Buffer, listener: AriListener): void {
    stream.on('error', (error) => log.debug({ err: error.message }, 'ARI socket error before it was open'));
    const refusal = refusalOf(request, listen);
    if (refusal !== undefined) {
      const why = refusal.startsWith('401') ? 'its user or password is not that of ASTERISK_ARI_URL; in Asterisk both stand in websocket_client.conf' : 'it does not speak ARI';
      complain({ from: request.socket.remoteAddress, refusal, why });
      stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      return;
    }
    websockets.handleUpgrade(request, stream, head, (websocket) => {
      // Asterisk opens one. A second means that the first is dead and nobody told us: an Asterisk killed outright.
      current?.close();
      const missed: unknown[] = [];
      const registered = (): void => {
        clearTimeout(unsaid);
        if (current !== socket || up) return;
        up = true;
        listener.up(missed);
      };
      // An application that outlived its connection (`ari shutdown websocket sessions` while calls were in it) is not
      // announced when it comes back. A request this long after the opening is not dropped, so its answer says as much.
      const unsaid = setTimeout(() => void socket.request({ method: 'GET', path: ['asterisk', 'info'], query: { only: 'status' } }).then(({ answered }) => answered && registered()), askWhetherRegisteredMs);
      const socket = restSocket(websocket, stream, {
        application: app,
        event: (event) => {
          if (current !== socket) return;
          // What was kept for us is sent before the application is announced.
          if (up) listener.event(event);
          else if (missed.length < missedMax) missed.push(event);
        },
        registered,
        // Asterisk gives an outbound connection its application back only when it loads res_ari anew (22.10).
        replaced: () => log.error('another client has taken our application over: stop it, then restart Asterisk'),
        closed: () => {
          clearTimeout(unsaid);
          if (current !== socket) return;
          current = undefined;
          if (!up) return;
          up = false;
          listener.down();
        },
        unreadable: (detail) => log.warn({ detail }, 'Asterisk said what ARI does not know'),
      });
      if (up) {
        up = false;
        listener.down();
      }
      current = socket;
    });
  }

  return {
    start: async (listener) => {
      const http = await ariListener(listen);
      server = http;
      http.on('upgrade', (request, stream, head) => accept(request, stream as Socket, head, listener)); // node:http always hands out a Socket here
      await new Promise<void>((resolve, reject) => {
        http.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, listen)));
        http.listen(listen.port, listen.host, resolve);
      });
      http.on('error', (error) => log.error({ err: error }, 'the ARI port failed'));
    },
    connected: () => up && current?.open() === true,
    request: (request) => (up && current !== undefined ? current.request(request) : Promise.resolve(disconnected)),
    stop: async () => {
      const http = server;
      server = undefined;
      current?.close();
      if (http === undefined) return;
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

function refusalOf(request: IncomingMessage, { user, password }: OutboundOptions['listen']): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  // Digests have one length, so the comparison takes one time whatever was sent.
  if (!timingSafeEqual(digest(request.headers.authorization ?? ''), digest(expected))) return '401 Unauthorized';
  return offered.includes('ari') ? undefined : '400 Bad Request';
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function listenError(error: NodeJS.ErrnoException, { host, port }: OutboundOptions['listen']): AsteriskError {
  return error.code === 'EADDRINUSE'
    ? new AsteriskError('port-in-use', `Port ${port} on ${host}, where Asterisk is to call this service, is in use by another program.`, { cause: error })
    : new AsteriskError('cannot-listen', `Cannot listen on ${host}:${port} for Asterisk: ${error.message}`, { cause: error });
}
