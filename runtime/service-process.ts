// Our service as one process: started, told things, and listened to.

import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Reloaded } from '../src/config/reload.ts';
import type { FromParent, ToParent } from '../src/main.ts';
import type { Runtime } from './centre.ts';
import { readEnvironment, type Lang } from './environment.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { program } from './program.ts';

export type ServiceProcessOptions = {
  runtime: Runtime;
  configDir: string;
  lang: Lang;
  httpHost?: string;
  /** 0 or nothing: a free one. */
  httpPort?: number;
  /** It listens here before it owns the centre, and at `httpPort` once it does. */
  standbyPort?: number;
  env?: Readonly<Record<string, string>>;
  name?: string;
  /** A program and its arguments to start it through, such as one that sets limits and then becomes it. */
  through?: readonly string[];
  /** What its start is over with: owning the centre, or being there at all. */
  startedWhen: 'ready' | 'standby';
  /** It owns the centre, at once or after another has gone. */
  onReady?: () => void;
  /** Another configuration holds in it, with these agents. */
  onConfigured?: (agents: readonly string[]) => void;
};

export type ServiceProcess = Pick<RunningProcess, 'pid' | 'running' | 'exited' | 'stop'> & {
  readonly logFile: string;
  /** From its start until it owned the centre; undefined while it does not. */
  readonly readyMs: number | undefined;
  /** Where it listens now. */
  readonly url: string;
  closeDoor(): void;
  /** Contacts that are alive, by its own count. */
  live(): Promise<number>;
  /** Takes its configuration's files as they are now; undefined when it died before it could say. */
  reload(): Promise<Reloaded | undefined>;
};

const root = fileURLToPath(new URL('..', import.meta.url));
/** New objects get 4 MB instead of 16, which keeps an idle service 40 MB smaller; under load it collects more often, for well under a millisecond each. */
const nodeFlags = ['--max-semi-space-size=4'];

export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { runtime, httpPort = 0, standbyPort, name = 'service', startedWhen, onReady, onConfigured, through = [] } = options;
  const logFile = join(runtime.stateDir, 'log', `${name}.log`);
  const startedAt = performance.now();
  let address: Extract<ToParent, { host: string }> | undefined;
  let readyMs: number | undefined;
  let counts: ((contacts: number) => void)[] = [];
  let reloads: ((reloaded: Reloaded | undefined) => void)[] = [];
  const [command = execPath, ...args] = [...through, execPath, ...nodeFlags, join(root, 'src/main.ts')];
  const started = await startProcess({
    name: 'Rexian', command, args, cwd: root, logFile, stopWithinMs: 15_000,
    env: { ...serviceEnvironment(options), REXIAN_HTTP_PORT: String(httpPort), ...(standbyPort === undefined ? {} : { REXIAN_STANDBY_HTTP_PORT: String(standbyPort) }) },
    ready: () => readyMs !== undefined || (startedWhen === 'standby' && address !== undefined),
    onMessage(message) {
      // Our own service's, over the channel that we opened for it.
      const said = message as ToParent;
      if (said.type === 'live') {
        for (const tell of counts.splice(0)) tell(said.contacts);
        return;
      }
      if (said.type === 'reloaded') {
        for (const tell of reloads.splice(0)) tell(said.reloaded);
        return;
      }
      if (said.type === 'configured') return onConfigured?.(said.agents);
      address = said;
      if (said.type !== 'ready') return;
      readyMs = performance.now() - startedAt;
      onReady?.();
    },
  });
  void started.exited.then(() => {
    for (const tell of counts.splice(0)) tell(0);
    for (const tell of reloads.splice(0)) tell(undefined);
  });
  const say = (message: FromParent): void => started.send(message);
  return {
    pid: started.pid,
    get running() {
      return started.running;
    },
    exited: started.exited,
    stop: () => started.stop(),
    logFile,
    get readyMs() {
      return readyMs;
    },
    get url() {
      const { host = '', port = 0 } = address ?? {};
      return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    },
    closeDoor: () => say({ type: 'close-door' }),
    reload: () => {
      if (!started.running) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        reloads.push(resolve);
        say({ type: 'reload' });
      });
    },
    live: () => {
      if (!started.running) return Promise.resolve(0);
      return new Promise((resolve) => {
        counts.push(resolve);
        say({ type: 'count' });
      });
    },
  };
}

/** Asterisk of our own connects to the service; to one that the environment names, the service connects. */
function serviceEnvironment({ runtime, configDir, lang, httpHost = '127.0.0.1', env }: ServiceProcessOptions): Record<string, string> {
  const { ari, ami, ariListen, secrets, programs } = runtime;
  const own = runtime.pids.asterisk !== undefined;
  const espeak = program(programs, 'espeak-ng', []);
  const sox = program(programs, 'sox', []);
  const at = (url: string, { user, password }: { user: string; password: string }): string => {
    const parsed = new URL(url);
    return `${parsed.protocol}//${encodeURIComponent(user)}:${encodeURIComponent(password)}@${parsed.host}`;
  };
  return {
    ...espeak.env,
    // Compiled once for all later starts: a third less work until it is ready.
    NODE_COMPILE_CACHE: join(readEnvironment().cacheDir, 'compiled'),
    REXIAN_LANG: lang,
    REXIAN_CONFIG: configDir,
    REXIAN_STATE: runtime.stateDir,
    DATABASE_URL: runtime.databaseUrl,
    REDIS_URL: runtime.redisUrl,
    // `classic` is for an Asterisk of one's own that has no REST over its websocket yet (before 20.14 and 22.4).
    REXIAN_ARI_MODE: own ? 'listen' : (readEnvironment().inherited['REXIAN_ARI_MODE'] ?? 'websocket'),
    ASTERISK_ARI_URL: own ? at(`http://127.0.0.1:${ariListen.port}`, ariListen) : at(ari.url, ari),
    ASTERISK_AMI_URL: at(`${ami.tls === true ? 'tls' : 'tcp'}://${ami.host}:${ami.port}`, ami),
    REXIAN_HTTP_HOST: httpHost,
    REXIAN_SESSION_SECRET: secrets.sessionSigning,
    REXIAN_STORE_KEY: secrets.storeKey,
    REXIAN_SOUNDS: runtime.soundsDir,
    REXIAN_RECORDINGS: runtime.recordingsDir,
    REXIAN_ESPEAK: JSON.stringify([espeak.command, ...espeak.args]),
    REXIAN_SOX: JSON.stringify([sox.command, ...sox.args]),
    ...env,
  };
}
