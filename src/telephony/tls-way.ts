/**
 * asterisk-manager speaks plain TCP. For a manager behind TLS it is given a socket of this process's own, in a folder
 * that nobody else may enter, and what is written there goes on encrypted.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Logger } from 'pino';

export interface TlsWay {
  /** Path of the socket. */
  readonly path: string;
  close(): Promise<void>;
}

/** The certificate is checked against the system's authorities, and those of NODE_EXTRA_CA_CERTS. */
export async function tlsWay({ host, port }: { readonly host: string; readonly port: number }, log: Logger): Promise<TlsWay> {
  const folder = await mkdtemp(join(tmpdir(), 'rexian-ami-'));
  await chmod(folder, 0o700);
  const path = join(folder, 'manager');
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    far.on('error', (error: NodeJS.ErrnoException) => log.warn({ code: error.code, err: error.message }, 'TLS to Asterisk’s manager failed'));
    // Whoever has it is told by the close that follows.
    near.on('error', () => far.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return {
    path,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
