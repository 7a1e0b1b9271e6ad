// An agent's desktop without a screen: signs in over HTTP, opens the CTI websocket, gives commands, hears changes.

import { WebSocket } from 'ws';
import type { Change, CommandMessage, Notice } from '../src/cti/protocol.ts';
import { until } from './until.ts';

export type Heard = (Change & { seq: number }) | Notice;
export type HeardOf<Type extends Heard['type']> = Extract<Heard, { type: Type }>;
type Wish = CommandMessage extends infer One ? (One extends CommandMessage ? Omit<One, 'id' | 'agent'> : never) : never;

export type Desktop = {
  readonly agent: string;
  readonly token: string;
  /** Everything that came, in order, with our own time of it. */
  readonly heard: readonly { at: number; message: Heard }[];
  /** The first message of this type for which `accept` holds, already here or still to come. */
  waitFor<Type extends Heard['type']>(type: Type, accept?: (message: HeardOf<Type>) => boolean, limitMs?: number): Promise<{ at: number; message: HeardOf<Type> }>;
  /** Gives a command and waits for its answer; a refusal is `Refused`, with its text. */
  command(wish: Wish): Promise<void>;
  get(path: string): Promise<unknown>;
  close(): Promise<void>;
};

/** The service said no, which is another thing than saying nothing. */
export class Refused extends Error {}

/** `session` is a token of an earlier desktop of this agent: people do not sign in anew for every call. */
export async function openDesktop(url: string, agent: string, password: string, session?: string): Promise<Desktop> {
  const again = session === undefined ? undefined : await post(url, '/api/cti-ticket', undefined, session).catch(() => undefined);
  const token = again && session !== undefined ? session : String((await post(url, '/api/session', { agent, password }))['token']);
  const { ticket } = again ?? (await post(url, '/api/cti-ticket', undefined, token));
  const heard: { at: number; message: Heard }[] = [];
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/cti`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  // Our own protocol's types: the socket tests prove that what the server sends has these shapes.
  socket.on('message', (data) => heard.push({ at: Date.now(), message: JSON.parse(String(data)) as Heard }));
  socket.send(JSON.stringify({ type: 'sign-in-here', ticket }));
  let commands = 0;
  const desktop: Desktop = {
    agent,
    token,
    heard,
    async waitFor<Type extends Heard['type']>(type: Type, accept: (message: HeardOf<Type>) => boolean = () => true, limitMs = 10_000) {
      const fits = (entry: { at: number; message: Heard }): entry is { at: number; message: HeardOf<Type> } => entry.message.type === type && accept(entry.message as HeardOf<Type>);
      return until(() => heard.find(fits), { limitMs, everyMs: 5, what: `desktop ${agent}: ${type}` });
    },
    async command(wish) {
      const id = `c${(commands += 1)}`;
      socket.send(JSON.stringify({ ...wish, id }));
      const { message } = await desktop.waitFor('reply', (reply) => reply.id === id);
      if (!message.ok) throw new Refused(`${wish.type}: ${message.text.en}`);
    },
    async get(path) {
      const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
  await desktop.waitFor('snapshot');
  return desktop;
}

async function post(url: string, path: string, body: object | undefined, token?: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}
