/** Postgres may come later than we do: calls do not wait for it, and the tables are made when it is there. */
import type { Logger } from 'pino';
import type { Releases } from '../base/releases.ts';
import { isPassing } from './database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import type { SealedCustomers } from './seal-customers.ts';

export async function migrateWhenThere(db: Database, log: Logger, releases: Releases, seal: () => Promise<SealedCustomers>): Promise<void> {
  try {
    await migrate(db);
    const { sealed, twins } = await seal();
    if (sealed > 0 || twins.length > 0) log.info({ sealed, twins }, 'numbers of customers that were brought in are sealed now');
  } catch (error) {
    if (!isPassing(error) && !(error instanceof Error && isPassing(error.cause))) throw error;
    log.error({ error: String(error) }, 'postgres is away: calls go on, reports wait');
    const timer = setTimeout(() => void migrateWhenThere(db, log, releases, seal).catch((later: unknown) => log.error({ error: String(later) }, 'the tables could not be made')), 2_000);
    releases.push('migration', () => clearTimeout(timer));
  }
}
