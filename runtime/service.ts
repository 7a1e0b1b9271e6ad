// The service kept alive beside the servers it uses: started again when it dies, or followed at once by one that stands by.

import type { Reloaded } from '../src/config/reload.ts';
import type { Text } from './progress.ts';
import { freeTcpPort } from './ports.ts';
import { until } from './until.ts';
import { startServiceProcess, type ServiceProcess, type ServiceProcessOptions } from './service-process.ts';

export type ServiceOptions = Omit<ServiceProcessOptions, 'standbyPort' | 'startedWhen' | 'onReady'> & {
  /** Told of each death that nobody asked for; the process is then started again. */
  onDeath?: (why: string, whose: 'owner' | 'standby') => void;
  /** Starts it again when it dies; tests of a death turn it off. */
  supervise?: boolean;
  /** A second process is kept, warm, that takes over when the first dies: calls are routed again some tenths of a second later. */
  standby?: boolean;
  /** `standby`: another process may own the centre, and this one is started when it waits for it. */
  startedWhen?: ServiceProcessOptions['startedWhen'];
};

export type Service = {
  /** Where desktops find whichever process owns the centre. */
  readonly url: string;
  /** Of the process that owns the centre. */
  readonly pid: number;
  /** From the start of that process until it was ready; NaN while it stands by. */
  readonly readyMs: number;
  readonly logFile: string;
  /** New callers hear the apology, those who are here go on. */
  closeDoor(): void;
  /** Contacts that are alive, by the service's own count. */
  live(): Promise<number>;
  /** Takes the configuration's files as they are now. One that dies over it is followed by the next, which is asked again. */
  reload(): Promise<Reloaded>;
  kill(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
};

const died: Text = { zh: '服务在读取配置时退出', en: 'the service died while it took the configuration' };

/** A service that dies at once again and again must not take the machine with it. */
const againMs = { first: 100, most: 5_000 };

export async function startService(options: ServiceOptions): Promise<Service> {
  const { supervise = true, standby = false, startedWhen = 'ready', httpPort = 0, onDeath, onConfigured, ...common } = options;
  // Whichever of the two owns the centre is found at one port.
  const port = standby && httpPort === 0 ? await freeTcpPort() : httpPort;
  const all = new Set<ServiceProcess>();
  let stopping = false;
  let waitMs = againMs.first;
  let current: ServiceProcess | undefined;

  async function start(when: ServiceProcessOptions['startedWhen'], at: number): Promise<ServiceProcess> {
    let known: ServiceProcess | undefined;
    const started = await startServiceProcess({
      ...common, httpPort: at, startedWhen: when,
      ...(standby ? { standbyPort: await freeTcpPort() } : {}),
      onReady: () => (current = known ?? current),
      onConfigured: (agents) => {
        if (known !== current) return;
        onConfigured?.(agents);
        // Whoever stands by is to begin with the same.
        for (const other of all) if (other !== current) void other.reload();
      },
    });
    known = started;
    all.add(started);
    if (started.readyMs !== undefined) current = started;
    void started.exited.then(({ code, signal }) => {
      all.delete(started);
      if (stopping || !supervise) return;
      onDeath?.(`${signal ?? `exit code ${code}`}`, started === current ? 'owner' : 'standby');
      void again();
    });
    return started;
  }

  /** One more is there again, after a while that grows while they die. */
  async function again(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (stopping) return;
      try {
        await start(standby ? 'standby' : 'ready', Number(new URL(first.url).port));
        waitMs = againMs.first;
        return;
      } catch (error) {
        waitMs = Math.min(waitMs * 2, againMs.most);
        onDeath?.(error instanceof Error ? error.message : String(error), standby ? 'standby' : 'owner');
      }
    }
  }

  const first = await start(startedWhen, port);
  const url = first.url;
  const owner = (): ServiceProcess => current ?? first;
  if (standby) await start('standby', port);
  return {
    url,
    get pid() {
      return owner().pid;
    },
    get readyMs() {
      return owner().readyMs ?? Number.NaN;
    },
    logFile: first.logFile,
    closeDoor: () => owner().closeDoor(),
    live: () => owner().live(),
    async reload() {
      for (;;) {
        const asked = owner();
        const reloaded = await asked.reload();
        if (reloaded !== undefined) return reloaded;
        if (stopping || !supervise) return { ok: false, problems: [], reasons: [died] };
        await until(() => stopping || owner().pid !== asked.pid || undefined, { limitMs: 60_000, what: 'another service' });
      }
    },
    async kill(signal) {
      const { pid, exited } = owner();
      process.kill(pid, signal);
      if (signal === 'SIGKILL') await exited;
    },
    async stop() {
      stopping = true;
      // Whoever stands by would take over from one that is told to end.
      for (const one of [...all].toSorted((a) => (a === owner() ? 1 : -1))) await one.stop();
    },
  };
}
