// Those who mean harm to the web port: the slow, the loud, and those who talk nonsense to the websocket.

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

export interface Attack {
  /** How often each kind has tried. */
  readonly tried: { slow: number; loud: number; nonsense: number };
  stop(): Promise<void>;
}

export interface AttackOptions {
  /** Connections at once that say their headers one by one; each that is cut off comes again. */
  readonly slow: number;
  /** Requests at once, each followed by the next as soon as it is answered, at most so many a second in all. */
  readonly loud: number;
  readonly requestsPerSecond: number;
  /** Websockets at once that send what is no message; each that is closed comes again. */
  readonly nonsense: number;
}

const dripMs = 500;

export function attack(url: string, { slow, loud, requestsPerSecond, nonsense }: AttackOptions): Attack {
  const over = new AbortController();
  const { signal } = over;
  const tried = { slow: 0, loud: 0, nonsense: 0 };
  const { hostname, port } = new URL(url);
  // Each of them ends with the signal; that its last try then fails is what ending it means.
  const again = (one: () => Promise<void>) => async (): Promise<void> => {
    while (!signal.aborted) await one().catch(() => sleep(50));
  };

  const slowly = async (): Promise<void> => {
    tried.slow += 1;
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined).resume();
    socket.write('GET /api/live HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.writable && socket.write('X-slow: y\r\n'), dripMs);
    await ended(socket, signal);
    clearInterval(drip);
  };

  const bodies = ['{"agent":"1001","password":"guess"}', '['.repeat(30_000), '{"__proto__":{}}', 'x'.repeat(60_000)];
  const loudly = async (): Promise<void> => {
    tried.loud += 1;
    const at = performance.now();
    const body = bodies[tried.loud % bodies.length] ?? '';
    const guess = tried.loud % 2 === 0;
    await fetch(`${url}${guess ? '/api/session' : '/api/contacts?ani=13800138000'}`, { signal, ...(guess ? { method: 'POST', headers: { 'content-type': 'application/json' }, body } : {}) }).then((answer) => answer.arrayBuffer());
    const pauseMs = (loud / requestsPerSecond) * 1_000 - (performance.now() - at);
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal });
  };

  const nonsensically = async (): Promise<void> => {
    tried.nonsense += 1;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/cti`);
    socket.on('error', () => undefined);
    socket.on('open', () => {
      for (let n = 0; n < 40; n += 1) socket.send('['.repeat(8_000));
    });
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      signal.addEventListener('abort', () => socket.terminate(), { once: true });
    });
    await sleep(200, undefined, { signal });
  };

  const all = [...many(slow, again(slowly)), ...many(loud, again(loudly)), ...many(nonsense, again(nonsensically))];
  return {
    tried,
    stop: async () => {
      over.abort();
      await Promise.all(all);
    },
  };
}

const many = (count: number, one: () => Promise<void>): Promise<void>[] => Array.from({ length: count }, () => one());

function ended(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}
