// Everything a centre needs beside our service: Redis, PostgreSQL and Asterisk on this machine, or the servers
// that the environment names.

import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkAsterisk } from './asterisk-version.ts';
import { asteriskUser, startAsterisk, type AsteriskOptions, type AsteriskServer } from './asterisk.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { lockFile } from './file-lock.ts';
import { checkHostname } from './hostname.ts';
import { claimPort, freeSipPort, freeTcpPort, loopback, rtpRange } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { findPrograms, type Programs } from './program.ts';
import { silent, type Progress } from './progress.ts';
import { startRedis } from './redis.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { SetupError } from './setup-error.ts';
import { ensureSounds } from './sounds.ts';

export type RuntimeOptions = {
  /** All state is below this folder. */
  stateDir: string;
  /** Ids of the agents whose phones may register. */
  agents: readonly string[];
  sipPort?: number;
  sipHost?: string;
  ariListenPort?: number;
  callersFrom?: readonly string[];
  /** False only for tests: PostgreSQL does not wait for the disk. */
  durable?: boolean;
  away?: NonNullable<AsteriskOptions['away']>;
  /** Told of each death of our Asterisk that nobody asked for; it is then started again. */
  onAsteriskDeath?: (why: string) => void;
  progress?: Progress;
  environment?: Environment;
  servers?: Servers;
};

/** Who starts what the environment does not name. Without it they are processes of this machine. */
export type Servers = { startRedis: typeof startRedis; startPostgres: typeof startPostgres; startAsterisk: typeof startAsterisk };

export type Runtime = {
  databaseUrl: string;
  redisUrl: string;
  ari: { url: string; user: string; password: string };
  ami: { host: string; port: number; tls?: boolean; user: string; password: string };
  /** Where our service must listen for Asterisk's outbound websocket, and what Asterisk will say to it. */
  ariListen: { port: number; user: string; password: string };
  sipHost: string;
  sipPort: number;
  soundsDir: string;
  recordingsDir: string;
  stateDir: string;
  secrets: Secrets;
  programs: Programs;
  /** Whose phones may register and who may sign in from now on; passwords of new ones are made. */
  setAgents(agents: readonly string[]): Promise<void>;
  /** The servers' process ids, where we started them. Asterisk's is another one after it died. */
  pids: { redis?: number; postgres?: number; asterisk?: number };
  stop(): Promise<void>;
};

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const environment = options.environment ?? readEnvironment();
  const progress = options.progress ?? silent;
  const servers = options.servers ?? { startRedis, startPostgres, startAsterisk };
  const stateDir = resolve(options.stateDir);
  const releases: (() => Promise<void> | void)[] = [];
  const stop = once(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });
  try {
    await openStateFolder(stateDir);
    releases.push(await ownStateFolder(stateDir));
    const programs = await findPrograms(environment, progress);
    const sounds = await ensureSounds(environment.cacheDir, programs, progress);
    const secrets = await loadSecrets(stateDir, options.agents);
    const recordingsDir = join(stateDir, 'recordings');
    const sipHost = options.sipHost ?? loopback;
    if (options.sipPort !== undefined) await claimPort(options.sipPort, 'udp', '--sip-port', sipHost);
    const sipPort = options.sipPort ?? (await freeSipPort());
    const ariListen = { port: options.ariListenPort ?? (await freeTcpPort()), user: asteriskUser, password: secrets.ariListen };

    progress.step({ en: 'Starting Redis, PostgreSQL and Asterisk', zh: '启动 Redis、PostgreSQL 和 Asterisk' });
    const redis = async (): Promise<{ url: string; pid?: number }> => {
      if (environment.redisUrl) return { url: environment.redisUrl };
      const server = await servers.startRedis({ stateDir, programs, password: secrets.redis });
      releases.push(() => server.stop());
      return server;
    };
    const postgres = async (): Promise<{ url: string; pid?: number }> => {
      if (environment.databaseUrl) return { url: environment.databaseUrl };
      const server = await servers.startPostgres({ stateDir, password: secrets.postgres, durable: options.durable ?? true });
      releases.push(() => server.stop());
      return server;
    };
    const asterisk = async (): Promise<Pick<Runtime, 'ari' | 'ami'> & { server?: AsteriskServer }> => {
      const named = namedAsterisk(environment);
      if (named) return named;
      await checkHostname(progress);
      const [http, ami] = [await freeTcpPort(), await freeTcpPort()];
      const server: AsteriskServer = await servers.startAsterisk({
        stateDir, programs, sounds, recordingsDir,
        sip: { host: sipHost, port: sipPort },
        rtp: rtpRange(),
        http: { port: http },
        ami: { port: ami, password: secrets.ami },
        ari: { password: secrets.ari },
        service: { url: `ws://${loopback}:${ariListen.port}/ari`, password: secrets.ariListen },
        agents: options.agents.map((id) => ({ id, password: secrets.agents[id]?.sip ?? '' })),
        ...(options.callersFrom ? { callersFrom: options.callersFrom } : {}),
        ...(options.away ? { away: options.away } : {}),
        ...(options.onAsteriskDeath ? { onDeath: options.onAsteriskDeath } : {}),
      });
      releases.push(() => server.stop());
      return {
        server,
        ari: { url: `http://${loopback}:${http}`, user: asteriskUser, password: secrets.ari },
        ami: { host: loopback, port: ami, user: asteriskUser, password: secrets.ami },
      };
    };
    // All settle before a failure is passed on, so that stop() knows of every server that did start.
    const started = await Promise.allSettled([redis(), postgres(), asterisk()]);
    const failure = started.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    const [redisAt, postgresAt, asteriskAt] = started.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as [
      Awaited<ReturnType<typeof redis>>, Awaited<ReturnType<typeof postgres>>, Awaited<ReturnType<typeof asterisk>>,
    ];
    progress.done();
    await checkAsterisk(asteriskAt.ari, environment.insecure, progress);
    const { server } = asteriskAt;
    let known = options.agents;
    const setAgents = async (agents: readonly string[]): Promise<void> => {
      // Most configurations change nobody's phone, and Asterisk need not read its files for them.
      if (agents.length === known.length && agents.every((id) => known.includes(id))) return;
      known = agents;
      Object.assign(secrets.agents, (await loadSecrets(stateDir, agents)).agents);
      await server?.setAgents?.(agents.map((id) => ({ id, password: secrets.agents[id]?.sip ?? '' })));
    };
    const pids = { ...(redisAt.pid ? { redis: redisAt.pid } : {}), ...(postgresAt.pid ? { postgres: postgresAt.pid } : {}) };
    return {
      databaseUrl: postgresAt.url, redisUrl: redisAt.url, ari: asteriskAt.ari, ami: asteriskAt.ami, ariListen,
      sipHost, sipPort, soundsDir: sounds.sounds, recordingsDir, stateDir, secrets, programs,
      pids: server === undefined ? pids : Object.defineProperty(pids, 'asterisk', { get: () => server.pid, enumerable: true }),
      setAgents, stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openStateFolder(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true }).then(() => access(stateDir, constants.W_OK)).catch((cause: Error) => {
    throw new SetupError({
      en: `The state folder ${stateDir} cannot be written (${cause.message}). Name another one with --state.`,
      zh: `无法写入状态目录 ${stateDir}（${cause.message}）。请用 --state 指定其他目录。`,
    }, { cause });
  });
  const { bavail, bsize } = await statfs(stateDir);
  if (bavail * bsize > 200 * 1024 * 1024) return;
  throw new SetupError({
    en: `Less than 200 MB are free where the state folder ${stateDir} is: no room for databases and recordings. Free some, or name another folder with --state.`,
    zh: `状态目录 ${stateDir} 所在磁盘剩余不足 200 MB，放不下数据库和录音。请清理，或用 --state 指定其他目录。`,
  });
}

async function ownStateFolder(stateDir: string): Promise<() => void> {
  const lock = await lockFile(join(stateDir, 'lock'), false);
  if (lock) return () => lock.release();
  throw new SetupError({
    en: `Another centre is running with the state folder ${stateDir}. Stop it, or name another folder with --state.`,
    zh: `另一个呼叫中心正在使用状态目录 ${stateDir}。请先停止它，或用 --state 指定其他目录。`,
  });
}

function namedAsterisk(environment: Environment): Pick<Runtime, 'ari' | 'ami'> | undefined {
  const { ariUrl, amiUrl } = environment;
  if (!ariUrl && !amiUrl) return undefined;
  if (!ariUrl || !amiUrl) {
    throw new SetupError({
      en: 'An Asterisk of your own needs both ASTERISK_ARI_URL (http://user:password@host:8088) and ASTERISK_AMI_URL (ami://user:password@host:5038).',
      zh: '使用自己的 Asterisk 需同时设置 ASTERISK_ARI_URL（http://用户:密码@主机:8088）和 ASTERISK_AMI_URL（ami://用户:密码@主机:5038）。',
    });
  }
  const [ari, ami] = [new URL(ariUrl), new URL(amiUrl)];
  const login = (url: URL): { user: string; password: string } => ({ user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) });
  return {
    ari: { url: `${ari.protocol}//${ari.host}`, ...login(ari) },
    ami: { host: ami.hostname, port: Number(ami.port || (ami.protocol === 'tls:' ? 5039 : 5038)), tls: ami.protocol === 'tls:', ...login(ami) },
  };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action());
}
