// The least service there can be: it listens for Asterisk's outbound websocket, keeps the events, and gives orders
// over REST. It stands in for ours where the runtime itself is tested.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Runtime } from '../../runtime/centre.ts';
import { until } from '../../runtime/until.ts';

export type StasisEvent = { type: string; args?: string[]; channel?: { id: string; name: string; state: string }; digit?: string };
export type StasisApp = {
  events: StasisEvent[];
  waitFor(matches: (event: StasisEvent) => boolean, limitMs?: number): Promise<StasisEvent>;
  rest(method: string, path: string, query?: Record<string, string>): Promise<unknown>;
  /** Tells the dialplan that the service lives, now and until it is closed. */
  beat(): Promise<void>;
  close(): Promise<void>;
};

export async function startStasisApp(runtime: Pick<Runtime, 'ari' | 'ariListen'>): Promise<StasisApp> {
  const { ari, ariListen } = runtime;
  const expected = `Basic ${btoa(`${ariListen.user}:${ariListen.password}`)}`;
  const server = new WebSocketServer({
    host: '127.0.0.1', port: ariListen.port,
    handleProtocols: (offered) => (offered.has('ari') ? 'ari' : false),
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization === expected,
  });
  await once(server, 'listening');
  const events: StasisEvent[] = [];
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  socket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString('utf8')) as StasisEvent));

  let heart: NodeJS.Timeout | undefined;
  const sayAlive = (): Promise<unknown> => app.rest('POST', '/asterisk/variable', { variable: 'REXIAN_ALIVE', value: String(Math.floor(Date.now() / 1_000)) });
  const app: StasisApp = {
    events,
    waitFor: (matches, limitMs = 10_000) => until(() => events.find(matches), { limitMs, everyMs: 5, what: `event ${matches}` }),
    async rest(method, path, query = {}) {
      const response = await fetch(`${ari.url}/ari${path}?${new URLSearchParams(query)}`, {
        method, headers: { authorization: `Basic ${btoa(`${ari.user}:${ari.password}`)}` },
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? undefined : response.json();
    },
    async beat() {
      await sayAlive();
      heart ??= setInterval(sayAlive, 2_000);
    },
    async close() {
      clearInterval(heart);
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
  await app.waitFor((event) => event.type === 'ApplicationRegistered');
  return app;
}
