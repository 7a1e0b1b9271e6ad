/**
 * How much and how long a client may take. Nothing here depends on a rate limit, for the slow and the silent ask once.
 * A connection that says nothing, or its headers one by one, is cut after `headersMs`; one whose body drips after
 * `requestMs`; one that does not read its answer after `silentMs`.
 */
import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { openFilesMax } from '../base/open-files.ts';

const limits = {
  bodyBytes: 64 * 1024,
  headersMs: 5_000,
  requestMs: 10_000,
  /** An audio player that has enough ahead stops reading for a while. */
  silentMs: 60_000,
  /** Longer than proxies keep theirs (nginx: 60 s), so that none sends a request into a connection that we just close. */
  keepAliveMs: 65_000,
  /** Node looks only now and then who is over the limits above. */
  lookEveryMs: 1_000,
  paramLength: 128,
  connections: 12_000,
} as const;

export const limitOptions = {
  bodyLimit: limits.bodyBytes,
  requestTimeout: limits.requestMs,
  connectionTimeout: limits.silentMs,
  keepAliveTimeout: limits.keepAliveMs,
  http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.lookEveryMs },
  routerOptions: { maxParamLength: limits.paramLength },
} satisfies FastifyHttpOptions<Server>;

/** However many files may be open. */
export const connectionsMost = limits.connections;

/** A flood of connections must leave files for Redis, Postgres and Asterisk. Node has raised its own limit as far as it may. */
export function connectionsMax(openFiles = openFilesMax()): number {
  return Math.max(16, Math.min(limits.connections, Math.floor(openFiles * 0.75) - 32));
}
