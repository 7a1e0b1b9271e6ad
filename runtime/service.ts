// Our service as a process beside the servers it uses: started, watched, started again when it dies, drained.

import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { FromParent, ToParent } from '../src/main.ts';
import type { Runtime } from './centre.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { program } from './program.ts';
import { readEnvironment, type Lang } from './environment.ts';

export type ServiceOptions = {
  runtime: Runtime;
  configDir: string;
  lang: Lang;
  httpHost?: string;
  /** 0 or nothing: a free one. */
  httpPort?: number;
  /** Told of each death that nobody asked for; the service is then started again. */
  onDeath?: (why: string) => void;
  env?: Readonly<Record<string, string>>;
  /** Starts it again when it dies; tests of a death turn it off. */
  supervise?: boolean;
  name?: string;
};

export type Service = {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process until it was ready. */
  readonly readyMs: number;
  readonly logFile: string;
  /** New callers hear the apology, those who are here go on. */
  closeDoor(): void;
  /** Contacts that are alive, by the service's own count. */
  live(): Promise<number>;
  kill(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
};

const root = fileURLToPath(new URL('..', import.meta.url));
/** New objects get 4 MB instead of 16, which keeps an idle service 40 MB smaller; under load it collects more often, for well under a millisecond each. */
const nodeFlags = ['--max-semi-space-size=4'];
/** A service that dies at once again and again must not take the machine with it. */
const againMs = { first: 100, most: 5_000 };

export async function startService(options: ServiceOptions): Promise<Service> {
  const { runtime, supervise = true, name = 'service' } = options;
  const logFile = join(runtime.stateDir, 'log', `${name}.log`);
  const env = serviceEnvironment(options);
  let ready: Extract<ToParent, { type: 'ready' }> | undefined;
  let readyMs = 0;
  let counts: ((contacts: number) => void)[] = [];
  let stopping = false;
  let waitMs = againMs.first;
  let current: RunningProcess;

  async function start(port: number): Promise<RunningProcess> {
    ready = undefined;
    const startedAt = performance.now();
    const started = await startProcess({
      name: 'Rexian', command: execPath, args: [...nodeFlags, join(root, 'src/main.ts')], cwd: root, logFile, stopWithinMs: 15_000, readyWithinMs: 60_000,
      env: { ...env, REXIAN_HTTP_PORT: String(port) },
      ready: () => ready !== undefined,
      onMessage(message) {
        const said = message as ToParent;
        if (said.type === 'ready') ready = said;
        else for (const tell of counts.splice(0)) tell(said.contacts);
      },
    });
    readyMs = performance.now() - startedAt;
    void started.exited.then(({ code, signal }) => {
      for (const tell of counts.splice(0)) tell(0);
      if (!stopping && supervise) void again(`${signal ?? `exit code ${code}`}`);
    });
    return started;
  }

  async function again(why: string): Promise<void> {
    options.onDeath?.(why);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (stopping) return;
      try {
        current = await start(port);
        waitMs = againMs.first;
        return;
      } catch (error) {
        waitMs = Math.min(waitMs * 2, againMs.most);
        options.onDeath?.(error instanceof Error ? error.message : String(error));
      }
    }
  }

  current = await start(options.httpPort ?? 0);
  const { host, port } = ready as unknown as Extract<ToParent, { type: 'ready' }>;
  const say = (message: FromParent): void => current.send(message);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    get pid() {
      return current.pid;
    },
    get readyMs() {
      return readyMs;
    },
    logFile,
    closeDoor: () => say({ type: 'close-door' }),
    live: () => {
      if (!current.running) return Promise.resolve(0);
      return new Promise((resolve) => {
        counts.push(resolve);
        say({ type: 'count' });
      });
    },
    async kill(signal) {
      process.kill(current.pid, signal);
      if (signal === 'SIGKILL') await current.exited;
    },
    stop() {
      stopping = true;
      return current.stop();
    },
  };
}

/** Asterisk of our own connects to the service; to one that the environment names, the service connects. */
function serviceEnvironment({ runtime, configDir, lang, httpHost = '127.0.0.1', env }: ServiceOptions): Record<string, string> {
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
    ASTERISK_AMI_URL: at(`http://${ami.host}:${ami.port}`, ami),
    REXIAN_HTTP_HOST: httpHost,
    REXIAN_SESSION_SECRET: secrets.sessionSigning,
    REXIAN_SOUNDS: runtime.soundsDir,
    REXIAN_RECORDINGS: runtime.recordingsDir,
    REXIAN_ESPEAK: JSON.stringify([espeak.command, ...espeak.args]),
    REXIAN_SOX: JSON.stringify([sox.command, ...sox.args]),
    ...env,
  };
}
