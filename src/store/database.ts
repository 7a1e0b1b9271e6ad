import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface DatabaseOptions {
  readonly log: Logger;
  readonly maxConnections?: number;
  /** A statement that takes longer is given up by the server; reports bring their own. */
  readonly statementTimeoutMs?: number;
}

/** Connects with the first query. A Postgres that is away makes each query fail within seconds, never wait for ever. */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const { log, maxConnections = 10, statementTimeoutMs = 10_000 } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'rexian',
    max: maxConnections,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    // The server's own limit does not help when the server is frozen or the network is gone.
    query_timeout: statementTimeoutMs + 2_000,
    types: { getTypeParser },
  });
  // Unheard, the error of a connection that breaks would end the process: the pool hears those that lie idle, and
  // nobody those that are lent out and between two statements. Whoever has one is told by the next statement.
  pool.on('error', (error) => log.warn({ error: error.message }, 'idle postgres connection lost'));
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ error: error.message }, 'postgres connection lost')));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** bigint comes as text by default; ours are counters and sizes far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (oid === pg.types.builtins.INT8) return Number;
  // The overloads of getTypeParser tell text from binary by a literal that this union has lost.
  return pg.types.getTypeParser(oid, format as 'text');
};

/**
 * True when the same statement may well succeed later: the connection broke, the server stops or starts, is out of
 * room, or chose us as the victim of a deadlock or a time limit. Anything else is wrong with the statement.
 */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return isConnectionMessage(error);
  if (!/^[0-9A-Z]{5}$/.test(code)) return true;
  return /^(08|53|57|58|40)/.test(code) || code === '55P03' || code === '25006' || code === '25P03';
}

/** True when the row is there already. */
export const isRepeat = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '23505';

/** pg makes these without a code; they are compared here and nowhere else. */
function isConnectionMessage(error: unknown): boolean {
  return error instanceof Error && /connection|timeout|terminat|not queryable|Client was closed/i.test(error.message);
}
