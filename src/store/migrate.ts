import { promises as fs } from 'node:fs';
import path from 'node:path';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { makePartitions } from './partitions.ts';

const migrationFolder = path.resolve(import.meta.dirname, '../../migrations');

/**
 * Brings the tables up to date. Several processes may start at once: Kysely holds an advisory lock of Postgres
 * meanwhile, and all steps are one transaction, so a failure leaves what was there.
 */
export async function migrate(db: Database, now: number = Date.now()): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName;
    throw new Error(failed ? `migration ${failed} failed` : 'migrations could not run', { cause: error });
  }
  await makePartitions(db, now);
  return results.map((result) => result.migrationName);
}
