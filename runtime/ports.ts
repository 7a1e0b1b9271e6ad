// Free ports of this machine.

import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { randomInt } from 'node:crypto';
import { SetupError } from './setup-error.ts';

export const loopback = '127.0.0.1';

/** Handed out by this process lately, whether or not its server has opened it yet. */
const given = new Set<number>();
/** Of 2,400 ports for SIP. A process that starts a thousand phones needs those of the first again. */
const givenMax = 1_000;
/**
 * Between being handed out and being opened, or while its server is started again, a port looks free to every other
 * process. So each is claimed by the name of a socket, which the kernel keeps in the same place as the ports and drops
 * when its process dies.
 */
const claims = new Map<number, Server>();
/** Each is an open file. */
const claimsMax = 200;

/** Below the ports the kernel hands out by itself, so nobody's outgoing connection takes it before its server does. */
export async function freeTcpPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_700);
    if (await give(port, () => isFree(() => tcpPort(port)))) return port;
  }
}

/** A port free for both, as SIP wants it. Always an even one: baresip takes the next for TLS, asked to or not. */
export async function freeSipPort(): Promise<number> {
  for (;;) {
    const port = 2 * randomInt(2_550, 4_950);
    if (await give(port, async () => (await isFree(() => udpPort(port))) && isFree(() => tcpPort(port)))) return port;
  }
}

async function give(port: number, free: () => Promise<boolean>): Promise<boolean> {
  if (given.has(port)) return false;
  // At once, for others of this process ask meanwhile.
  given.add(port);
  if (!(await claim(port)) || !(await free())) {
    given.delete(port);
    return false;
  }
  for (const oldest of given) {
    if (given.size <= givenMax) break;
    given.delete(oldest);
  }
  return true;
}

/** Also refused where we have it ourselves. Where no such name is to be had, the port is as good as claimed: it is looked at all the same. */
async function claim(port: number): Promise<boolean> {
  const server = createServer().unref();
  const refused = await new Promise<string | undefined>((resolve) =>
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown')).listen(`\0rexian-port-${port}`, () => resolve(undefined)));
  if (refused !== undefined) return refused !== 'EADDRINUSE';
  claims.set(port, server);
  for (const [oldest, held] of claims) {
    if (claims.size <= claimsMax) break;
    claims.delete(oldest);
    held.close();
  }
  return true;
}

/** A block of RTP ports. Asterisk tries the next port when one is taken, so blocks may touch without harm. */
export function rtpRange(): { start: number; end: number } {
  const start = 10_000 + randomInt(0, 5) * 4_000;
  return { start, end: start + 3_999 };
}

/** Refuses with the option that changes the port when something else has it. */
export async function claimPort(port: number, protocol: 'tcp' | 'udp', option: string, host = loopback): Promise<void> {
  try {
    await (protocol === 'tcp' ? tcpPort(port, host) : udpPort(port, host));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? { en: 'needs root', zh: '需要 root 权限' } : { en: 'is in use by another program', zh: '已被其他程序占用' };
    throw new SetupError({
      en: `${protocol.toUpperCase()} port ${port} ${why.en}. Choose another one with ${option}.`,
      zh: `${protocol.toUpperCase()} 端口 ${port} ${why.zh}。请用 ${option} 另选一个。`,
    });
  }
}

async function isFree(probe: () => Promise<number>): Promise<boolean> {
  return probe().then(() => true, () => false);
}

function tcpPort(port: number, host = loopback): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

function udpPort(port: number, host = loopback): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').once('error', reject);
    socket.bind({ port, address: host, exclusive: true }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}
