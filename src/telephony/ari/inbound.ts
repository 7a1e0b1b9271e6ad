/** We call Asterisk's /ari/events, with REST over the same websocket (Asterisk 20.14, 22.4 and newer). */
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { AsteriskError } from '../asterisk-error.ts';
import { backOff } from '../back-off.ts';
import { disconnected } from './connection.ts';
import type { AriConnection, AriListener } from './connection.ts';
import { restSocket } from './rest-socket.ts';
import type { RestSocket } from './rest-socket.ts';

export interface InboundOptions {
  readonly ari: { readonly url: string; readonly user: string; readonly password: string };
  readonly app: string;
  readonly log: Logger;
}

const messageBytesMax = 16 * 1024 * 1024;
const openWithinMs = 5_000;
/** A connection that does not last so long was no success: the next waits longer. */
const heldMs = 5_000;

export function inboundConnection({ ari, app, log }: InboundOptions): AriConnection {
  const pause = backOff();
  let current: RestSocket | undefined;
  let opening: WebSocket | undefined;
  let up = false;
  let stopped = false;
  let again: NodeJS.Timeout | undefined;

  function open(listener: AriListener, refused: (error: AsteriskError) => void): void {
    const websocket = new WebSocket(eventsAddress(ari.url, app), ['ari'], {
      headers: { authorization: `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}` },
      handshakeTimeout: openWithinMs, maxPayload: messageBytesMax, perMessageDeflate: false,
    });
    opening = websocket;
    let stream: Socket | undefined;
    websocket.once('upgrade', (response) => (stream = response.socket));
    websocket.once('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0;
      request.destroy();
      if (status === 401 || status === 403) refused(refusedPassword(ari));
      log.error({ status }, status === 401 ? 'Asterisk refused the ARI password' : 'Asterisk refused the ARI websocket');
      retry();
    });
    const failed = (error: Error): void => {
      log.warn({ err: error.message }, 'ARI cannot be reached, trying again');
      retry();
    };
    websocket.once('error', failed);
    websocket.once('open', () => {
      websocket.off('error', failed);
      if (stream === undefined) throw new Error('a websocket opened without its socket');
      opening = undefined;
      const openedAt = performance.now();
      current = restSocket(websocket, stream, {
        application: app, event: (event) => listener.event(event),
        registered: () => undefined,
        replaced: () => {
          log.error('another client has taken our application over: taking it back');
          websocket.terminate();
        },
        closed: () => {
          current = undefined;
          up = false;
          if (performance.now() - openedAt > heldMs) pause.reset();
          listener.down();
          retry();
        },
        unreadable: (detail) => log.warn({ detail }, 'Asterisk said what ARI does not know'),
      });
      up = true;
      listener.up([]);
    });

    function retry(): void {
      if (stopped || again !== undefined) return;
      again = setTimeout(() => {
        again = undefined;
        open(listener, refused);
      }, pause.nextMs());
    }
  }

  return {
    start: (listener) =>
      new Promise((resolve, reject) => {
        let first = true;
        open({ ...listener, up: (missed) => { first = false; listener.up(missed); resolve(); } }, (error) => {
          if (!first) return;
          stopped = true;
          reject(error);
        });
      }),
    connected: () => up && current?.open() === true,
    request: (request) => (up && current !== undefined ? current.request(request) : Promise.resolve(disconnected)),
    stop: async () => {
      stopped = true;
      clearTimeout(again);
      opening?.terminate();
      const socket = current;
      current = undefined;
      socket?.close();
    },
  };
}

/** subscribeAll stays off: an event of every channel of the switch would drown us. */
function eventsAddress(url: string, app: string): string {
  const address = new URL('/ari/events', url);
  address.protocol = /^(https|wss):$/.test(address.protocol) ? 'wss:' : 'ws:';
  address.search = new URLSearchParams({ app, subscribeAll: 'false' }).toString();
  return address.toString();
}

export function refusedPassword({ url, user }: InboundOptions['ari']): AsteriskError {
  return new AsteriskError('ari-password', `Asterisk at ${new URL(url).host} refused the ARI password of user "${user}". Check the user and the password in ASTERISK_ARI_URL against ari.conf.`);
}
