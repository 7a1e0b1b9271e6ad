/** Puts each configuration that is to hold into Postgres, however long that is away. Nothing waits for it. */
import type { Logger } from 'pino';
import type { CentreConfig } from '../config/centre-config.ts';
import type { Configurations } from './configurations.ts';

export interface ConfigurationKeeper {
  keep(config: Pick<CentreConfig, 'version' | 'files'>): void;
  /** The one in hand is finished; those that could not be kept are forgotten. */
  stop(): Promise<void>;
}

export interface KeeperOptions {
  readonly configurations: Configurations;
  readonly log: Logger;
  readonly againMs?: number;
}

/** Reloads while Postgres is away; more of them than this are no day's work. */
const waitingMax = 100;

export function keepConfigurations({ configurations, log, againMs = 2_000 }: KeeperOptions): ConfigurationKeeper {
  const waiting = new Map<string, CentreConfig['files']>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let told = false;

  const work = async (): Promise<void> => {
    for (const [version, files] of waiting) {
      if (!(await configurations.keep(version, files))) log.warn({ version }, 'this configuration is too large to be kept: what it decides cannot be told by it later');
      waiting.delete(version);
      told = false;
    }
  };
  const begin = (): void => {
    clearTimeout(timer);
    working ??= work()
      .catch((error: unknown) => {
        // The tables too may come after us.
        if (!told) log.warn({ error: String(error) }, 'the configuration is not in Postgres yet, trying again');
        told = true;
      })
      .finally(() => {
        working = undefined;
        if (waiting.size > 0 && !stopped) timer = setTimeout(begin, againMs);
      });
  };
  let stopped = false;
  return {
    keep: ({ version, files }) => {
      if (stopped) return;
      if (waiting.size >= waitingMax) return void log.warn({ version }, 'too many configurations wait for Postgres: what this one decides cannot be told by it later');
      waiting.set(version, files);
      begin();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
