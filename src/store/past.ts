/** The past out of Postgres: moments made again, each under the configuration that held then. */
import { beginning, follow } from '../acd/moment.ts';
import type { Moment } from '../acd/moment.ts';
import type { JournalEvent } from '../acd/messages.ts';
import type { CentreConfig } from '../config/centre-config.ts';
import { readKept } from '../config/load.ts';
import type { Configurations } from './configurations.ts';
import type { History } from './history.ts';

export interface Past extends Pick<History, 'positionAt' | 'lifeOf'> {
  /** The configuration that holds now. */
  readonly config: CentreConfig;
  /** As it was after that event. */
  momentAt(position: string): Promise<Moment>;
  /** What happened from there on, for the moment to go on with. */
  between: History['between'];
  /** That of a version, as far as a moment or what was read has needed it and it is kept. */
  configOf(version: string): CentreConfig | undefined;
}

/** The present one stands in where nobody knows what held. */
export function openPast(history: History, configurations: Configurations, config: CentreConfig): Past {
  const known = new Map<string, CentreConfig | undefined>([[config.version, config]]);
  const configOf = (version: string): CentreConfig | undefined => known.get(version);
  const know = async (events: readonly JournalEvent[]): Promise<readonly JournalEvent[]> => {
    const versions = new Set(events.flatMap(({ event }) => ((event.type === 'configured' || event.type === 'switch-changed') && event.version !== undefined ? [event.version] : [])));
    const missing = [...versions].filter((version) => !known.has(version));
    const kept = await configurations.read(missing);
    for (const version of missing) known.set(version, readAgain(version, kept.get(version)));
    return events;
  };
  return {
    positionAt: history.positionAt,
    lifeOf: history.lifeOf,
    config,
    configOf,
    momentAt: async (position) => {
      const events = await know(await history.upTo(position));
      const moment = beginning(config, configOf);
      for (const journalled of events) follow(moment, journalled);
      return moment;
    },
    between: async (after, upTo) => know(await history.between(after, upTo)),
  };
}

/** What was right for an earlier release may be a fault for this one, and is then not known. */
function readAgain(version: string, files: CentreConfig['files'] | undefined): CentreConfig | undefined {
  const read = files && readKept(version, files);
  return read?.ok ? read.config : undefined;
}
