/** Real servers for the store's tests: the run's own, with a database and a centre for each file. */
import { randomBytes } from 'node:crypto';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openRedis } from '../../../src/store/redis.ts';
import { patientMs } from '../../support/patient.ts';

export const silent = pino({ level: 'silent' });

export const newCentre = (): string => `t${randomBytes(5).toString('hex')}`;

export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  drop(): Promise<void>;
}

export async function newDatabase(server: string = inject('runtime').databaseUrl): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const db = openDatabase(url, { log: silent });
  await migrate(db);
  return {
    db,
    url,
    drop: async () => {
      await db.destroy();
      await administer(server, `drop database ${name} with (force)`);
    },
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** One that waits for a server which is slow because the machine is. */
export function newRedis(url: string = inject('runtime').redisUrl): Promise<Redis> {
  return openRedis(url, { name: 'test', log: silent, commandTimeoutMs: patientMs, connectWithinMs: patientMs });
}

/** With the service's own limits: such a wire is cut or swallows, and that is found out by them. */
export function redisOver(link: Link): Promise<Redis> {
  return openRedis(link.url, { name: 'test', log: silent });
}

/** Waits for what another part does in its own time. */
export async function until<Value>(what: () => Promise<Value> | Value, isSo: (value: Value) => boolean, withinMs = patientMs): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await what();
    if (isSo(value)) return value;
    if (performance.now() > deadline) throw new Error(`not so within ${withinMs} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Link {
  readonly url: string;
  /** What is sent from now on reaches the server; no answer comes back and the connection is cut. */
  cutBeforeAnswer(): void;
  /** Nothing gets through and nothing is refused: a network that swallows. */
  swallow(): void;
  restore(): void;
  close(): Promise<void>;
}

/** A wire to a server, with scissors. */
export async function linkTo(server: string): Promise<Link> {
  const target = new URL(server);
  let mode: 'through' | 'cut' | 'swallow' = 'through';
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = createConnection(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      // A cut wire is what these tests are about.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (chunk) => void (mode !== 'swallow' && far.write(chunk)));
    far.on('data', (chunk) => {
      if (mode === 'cut') near.destroy();
      else if (mode === 'through') near.write(chunk);
    });
    near.on('close', () => far.end());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: Object.assign(new URL(server), { port: String(port) }).href,
    cutBeforeAnswer: () => void (mode = 'cut'),
    swallow: () => void (mode = 'swallow'),
    restore: () => {
      if (mode === 'swallow') for (const socket of sockets) socket.destroy();
      mode = 'through';
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
