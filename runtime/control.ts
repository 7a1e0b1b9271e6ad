// What a command may ask of the `up` that runs with its state folder: one line of JSON there, one back, over a socket
// that only this user may open.

import { chmod, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Reloaded } from '../src/config/reload.ts';
import { socketFolder } from './socket-folder.ts';

export interface Answered {
  readonly reload: Reloaded;
  readonly store: StoreAddress;
}
/** Where the records are, and what reads them: the socket is its own user's, as the folder with the secrets is. */
export interface StoreAddress {
  readonly databaseUrl: string;
  readonly storeKey: string;
  readonly configDir: string;
}
export type Asked = keyof Answered;
export type Answers = { readonly [Type in Asked]?: () => Promise<Answered[Type]> };

const name = 'control.sock';

export async function openControl(stateDir: string, answers: Answers): Promise<{ close(): Promise<void> }> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const path = join(await socketFolder(resolve(stateDir), name), name);
  const pointer = pointerIn(stateDir);
  // Of an `up` that was killed; the folder's lock says that no other runs.
  await Promise.all([path, pointer].map((old) => rm(old, { force: true })));
  const server = createServer({ allowHalfOpen: true }, (socket) => void answer(socket, answers).catch(() => socket.destroy()));
  await new Promise<void>((done, failed) => server.once('error', failed).listen(path, done));
  await chmod(path, 0o600);
  await symlink(path, pointer);
  return {
    close: async () => {
      await new Promise<void>((done) => server.close(() => done()));
      await rm(pointer, { force: true });
    },
  };
}

/** Undefined where nobody runs with this state folder. */
export async function askControl<Type extends Asked>(stateDir: string, asked: { readonly type: Type }): Promise<Answered[Type] | undefined> {
  let socket: Socket;
  try {
    socket = connect({ path: await readlink(pointerIn(stateDir)), allowHalfOpen: true });
    await new Promise<void>((done, failed) => socket.once('connect', done).once('error', failed));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')) return undefined;
    throw error;
  }
  socket.end(JSON.stringify(asked));
  const said = await textOf(socket);
  // Our own `up` wrote it, or ended over it.
  return said === '' ? undefined : (JSON.parse(said) as Answered[Type]);
}

async function answer(socket: Socket, answers: Answers): Promise<void> {
  const { type } = JSON.parse(await textOf(socket)) as { type?: Asked };
  const say = type !== undefined && Object.hasOwn(answers, type) ? answers[type] : undefined;
  if (say === undefined) return void socket.destroy();
  socket.end(JSON.stringify(await say()));
}

/** Leads to the socket, wherever there was room for its name. */
const pointerIn = (stateDir: string): string => join(resolve(stateDir), 'control');
