// Redis, PostgreSQL and Asterisk as containers of the images that people run, in the places of the local processes.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { GenericContainer, getContainerRuntimeClient, Wait, type StartedTestContainer } from 'testcontainers';
import { layOutAsterisk } from '../../runtime/asterisk.ts';
import type { Servers } from '../../runtime/centre.ts';
import type { Programs } from '../../runtime/program.ts';
import { programNames } from '../../runtime/program.ts';

const folder = join(import.meta.dirname, '../../docker');
const images = ['redis', 'postgres', 'asterisk'] as const;
const image = (name: (typeof images)[number]): string => `rexian-${name}`;

/** Once before all tests; what did not change comes from the engine's cache. */
export async function buildImages(): Promise<void> {
  for (const name of images) await GenericContainer.fromDockerfile(folder, `${name}.Dockerfile`).build(image(name), { deleteOnExit: false });
}

export const containers: Servers = {
  async startRedis({ password }) {
    const server = await start(new GenericContainer(image('redis'))
      .withExposedPorts(6379)
      .withCopyContentToContainer([{ target: '/redis/password.conf', content: `requirepass ${password}\n` }])
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections')));
    const port = server.container.getMappedPort(6379);
    return { ...server, url: `redis://:${password}@${server.container.getHost()}:${port}/0`, port };
  },

  async startPostgres({ password, durable = true }) {
    const server = await start(new GenericContainer(image('postgres'))
      .withExposedPorts(5432)
      .withCopyContentToContainer([{ target: '/postgres/password', content: `${password}\n` }])
      .withCommand(durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'])
      .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections')));
    const port = server.container.getMappedPort(5432);
    return { ...server, url: `postgres://rexian:${password}@${server.container.getHost()}:${port}/rexian`, port };
  },

  /** In the host's network: phones, service and Asterisk meet on loopback as they do without containers. */
  async startAsterisk(options) {
    const { etcDir } = await layOutAsterisk({ ...options, programs: insideTheImage });
    const configuration = join(etcDir, 'asterisk.conf');
    const seen = [...new Set([tmpdir(), options.stateDir, options.recordingsDir, options.sounds.sounds])];
    const server = await start(new GenericContainer(image('asterisk'))
      .withNetworkMode('host')
      // The files that it shares with the test must belong to whoever runs the test.
      .withUser(`${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`)
      .withBindMounts(seen.map((path) => ({ source: path, target: path })))
      .withCommand(['asterisk', '-f', '-C', configuration])
      .withHealthCheck({ test: ['CMD', 'asterisk', '-C', configuration, '-rx', 'core waitfullybooted'], interval: 200, timeout: 5_000, retries: 100, startPeriod: 0 })
      .withWaitStrategy(Wait.forHealthCheck()));
    return { ...server, etcDir };
  },
};

/** Only Asterisk's own folders are asked for; the other programs are this machine's. */
const insideTheImage: Programs = { kind: 'system', folders: Object.fromEntries(programNames.map((name) => [name, name])) as Record<(typeof programNames)[number], string> };

interface Started {
  readonly container: StartedTestContainer;
  /** As this machine's kernel knows it. */
  readonly pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

async function start(wanted: GenericContainer): Promise<Started> {
  const container = await wanted.withStartupTimeout(60_000).start();
  const { container: engine } = await getContainerRuntimeClient();
  const handle = engine.getById(container.getId());
  const { State } = await handle.inspect();
  return {
    container,
    pid: State.Pid,
    stop: async () => void (await container.stop({ timeout: 10_000 })),
    kill: async () => void (await handle.kill()),
  };
}
