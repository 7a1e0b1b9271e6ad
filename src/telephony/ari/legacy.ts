/**
 * ari-client, for an Asterisk without REST over the websocket (before 20.14 and 22.4). What it does to its callers
 * stays in this file: it loses the HTTP status (so its operations are called one level down, where the status still
 * is), it throws inside the message handler at an event type that its Swagger does not know (so the messages are
 * taken from its socket), it gives up after some tries (so we begin again), and it sends each request on a socket
 * of its own (so requests of one leg wait for each other here).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ari-client';
import type { Logger } from 'pino';
import { backOff } from '../back-off.ts';
import { answerWithinMs, disconnected } from './connection.ts';
import type { AriAnswer, AriConnection, AriListener, AriRequest } from './connection.ts';
import { refusedPassword } from './inbound.ts';
import { operationsOf } from './operations.ts';
import type { Operations } from './operations.ts';

export interface LegacyOptions {
  readonly ari: { readonly url: string; readonly user: string; readonly password: string };
  readonly app: string;
  readonly log: Logger;
}

export function legacyConnection({ ari, app, log }: LegacyOptions): AriConnection {
  const pause = backOff();
  const ended = new AbortController();
  const lanes = new Map<string, Promise<unknown>>();
  const abandon = new Set<() => void>();
  let client: Client | undefined;
  let operations: Operations | undefined;
  let up = false;

  function goDown(listener: AriListener): void {
    if (!up) return;
    up = false;
    for (const settle of [...abandon]) settle();
    listener.down();
  }

  function watch(made: Client, listener: AriListener): void {
    made.on('WebSocketConnected', () => {
      const socket = made._ws;
      if (socket === undefined || ended.signal.aborted) return;
      socket.removeAllListeners('message');
      socket.on('message', (data) => {
        const event = read(String(data));
        if (event === undefined) log.warn('Asterisk said what is not JSON');
        else listener.event(event);
      });
      pause.reset();
      up = true;
      listener.up([]);
    });
    made.on('WebSocketReconnecting', () => goDown(listener));
    made.on('WebSocketMaxRetries', () => {
      if (!ended.signal.aborted) void open(listener);
    });
  }

  /** Tries until there is a connection or we are stopped. */
  async function open(listener: AriListener): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        const response = await fetch(new URL('/ari/asterisk/info?only=status', ari.url), {
          headers: { authorization: `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}` },
          signal: AbortSignal.any([ended.signal, AbortSignal.timeout(answerWithinMs)]),
        });
        await response.body?.cancel();
        if (response.status === 401 || response.status === 403) throw refusedPassword(ari);
        // Loaded only where it is used: it takes 20 MB and a fifth of a second.
        const { connect } = await import('ari-client');
        const made = await connect(ari.url, ari.user, ari.password);
        if (ended.signal.aborted) return;
        client = made;
        operations = operationsOf(made);
        watch(made, listener);
        await made.start(app);
        return;
      } catch (error) {
        if (ended.signal.aborted) return;
        if (error instanceof Error && error.name === 'AsteriskError') throw error;
        log.warn({ err: error instanceof Error ? error.message : String(error) }, 'ARI cannot be reached, trying again');
        // The wait ends with stop(), which the loop's condition sees.
        await sleep(pause.nextMs(), undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
  }

  function ask(request: AriRequest): Promise<AriAnswer> {
    const call = operations?.find(request);
    if (!up || operations === undefined) return Promise.resolve(disconnected);
    if (call === undefined) return Promise.resolve({ answered: true, status: 501, body: { message: 'this Asterisk does not know the request' } });
    return new Promise((resolve) => {
      const settle = (answer: AriAnswer): void => {
        clearTimeout(limit);
        abandon.delete(give);
        resolve(answer);
      };
      const give = (): void => settle(disconnected);
      const limit = setTimeout(() => settle({ answered: false, why: 'timed-out' }), answerWithinMs);
      abandon.add(give);
      call(
        // Status 0 is a connection that failed.
        ({ status, data }) => settle(status === 0 ? disconnected : { answered: true, status, body: read(data?.toString('utf8') ?? '') }),
      );
    });
  }

  return {
    start: (listener) => open(listener),
    connected: () => up,
    request: (request) => {
      const legs = request.legs ?? [];
      const before = legs.flatMap((leg) => lanes.get(leg) ?? []);
      const answer = before.length === 0 ? ask(request) : Promise.all(before).then(() => ask(request));
      for (const leg of legs) {
        lanes.set(leg, answer);
        void answer.then(() => lanes.get(leg) === answer && lanes.delete(leg));
      }
      return answer;
    },
    stop: async () => {
      ended.abort();
      up = false;
      for (const settle of [...abandon]) settle();
      const socket = client?._ws;
      client?.stop();
      // Its stop() only asks politely; an Asterisk that hangs must not keep our process.
      socket?.terminate();
    },
  };
}

function read(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Asterisk answers some errors with HTML.
    return undefined;
  }
}
