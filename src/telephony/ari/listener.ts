/** The port at which Asterisk calls us. It answers nobody else, and bears with nobody for long. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AsteriskError } from '../asterisk-error.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** One Asterisk connects once; a stranger's sockets must not use up the files that calls need. */
const connectionsMax = 1_024;
const limits = { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 1_000, connectionsCheckingInterval: 1_000 } as const;

/** Not listening yet. */
export async function ariListener(listen: Listen): Promise<Server> {
  const noPage = (_: unknown, response: ServerResponse): void => void response.writeHead(426, { connection: 'close' }).end();
  const server = listen.tls === undefined ? createServer(limits, noPage) : createTlsServer({ ...limits, ...(await certificate(listen.tls)) }, noPage);
  server.maxConnections = connectionsMax;
  return server;
}

async function certificate({ certFile, keyFile }: NonNullable<Listen['tls']>): Promise<{ cert: Buffer; key: Buffer }> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    return { cert, key };
  } catch (error) {
    throw new AsteriskError('cannot-listen', `The certificate or its key cannot be read (REXIAN_ARI_CERT, REXIAN_ARI_KEY): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
