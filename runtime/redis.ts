// Redis for one state folder: append-only file, never evicting, loopback, with a password.

import { writeFile, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freeTcpPort, loopback } from './ports.ts';
import { startProcess } from './process.ts';
import { program, type Programs } from './program.ts';

export type RedisServer = { url: string; port: number; pid: number; stop(): Promise<void> };

export async function startRedis(options: { stateDir: string; programs: Programs; password: string; port?: number }): Promise<RedisServer> {
  const { password, programs } = options;
  const folder = join(options.stateDir, 'redis');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await freeTcpPort());
  const configuration = join(folder, 'redis.conf');
  await writeFile(configuration, [
    `bind ${loopback}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${folder}"`,
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    // The append-only file is the copy; a second one would only cost disk.
    'save ""',
    'daemonize no',
    '',
  ].join('\n'), { mode: 0o600 });
  const { command, args, env } = program(programs, 'redis-server', [configuration]);
  const server = await startProcess({
    name: 'Redis', command, args, env,
    logFile: join(options.stateDir, 'log/redis.log'),
    ready: async () => (await ping(port, password)) === '+PONG',
  });
  return { url: `redis://:${password}@${loopback}:${port}/0`, port, pid: server.pid, stop: () => server.stop() };
}

/** The last line Redis answers: +PONG when up, -LOADING while it reads its file. */
function ping(port: number, password: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, loopback);
    let answer = '';
    const settle = (): void => {
      socket.destroy();
      resolve(answer.trim().split('\r\n').at(-1) ?? '');
    };
    socket.setTimeout(1_000, settle).on('error', settle).on('close', settle);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.split('\r\n').length > 2) settle();
    });
    socket.write(`AUTH ${password}\r\nPING\r\n`);
  });
}
