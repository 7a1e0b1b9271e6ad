// The records of a centre, for commands that ask about the past: those of the `up` that runs with the state folder, or of the
// database that the environment names.

import { env } from 'node:process';
import { pino } from 'pino';
import { askControl } from '../runtime/control.ts';
import { SetupError } from '../runtime/setup-error.ts';
import type { CentreConfig } from '../src/config/centre-config.ts';
import { loadCentre } from '../src/config/load.ts';
import { configurations } from '../src/store/configurations.ts';
import { openDatabase } from '../src/store/database.ts';
import type { Database } from '../src/store/database.ts';
import { history } from '../src/store/history.ts';
import { openPast as openPastIn } from '../src/store/past.ts';
import type { Past } from '../src/store/past.ts';
import { makeSeal } from '../src/store/seal.ts';
import { defaultConfig } from './options.ts';

export interface Records {
  readonly databaseUrl: string;
  readonly storeKey: string;
  /** Of the centre that runs, or the one that there always is. */
  readonly configDir: string;
}

export async function recordsOf(state: string): Promise<Records> {
  const { DATABASE_URL: databaseUrl, REXIAN_STORE_KEY: storeKey } = env;
  const running = await askControl(state, { type: 'store' });
  const from = running ?? (databaseUrl && storeKey ? { databaseUrl, storeKey, configDir: defaultConfig } : undefined);
  if (from === undefined) {
    throw new SetupError({
      en: `No centre runs with the state folder ${state}. Name its folder with --state, or the records with DATABASE_URL and REXIAN_STORE_KEY.`,
      zh: `没有使用状态目录 ${state} 运行的呼叫中心。请用 --state 指定其目录，或用 DATABASE_URL 与 REXIAN_STORE_KEY 指定数据库。`,
    });
  }
  return from;
}

/** One whose faults are told by another command. */
export function soundConfig(dir: string): CentreConfig {
  const loaded = loadCentre(dir);
  if (loaded.ok) return loaded.config;
  throw new SetupError({ en: `The configuration in ${dir} has faults; ./rexian check tells them.`, zh: `${dir} 中的配置有误，请运行 ./rexian check 查看。` });
}

export const openRecords = ({ databaseUrl }: Records): Database => openDatabase(databaseUrl, { log: pino({ level: 'silent' }), statementTimeoutMs: 120_000 });

export async function openPast({ state, config: named }: { state: string; config: string | undefined }): Promise<Past & { close(): Promise<void> }> {
  const records = await recordsOf(state);
  const config = soundConfig(named ?? records.configDir);
  const db = openRecords(records);
  const of = { centre: config.centre.id, seal: makeSeal(records.storeKey) };
  return { ...openPastIn(history(db, of), configurations(db, of), config), close: () => db.destroy() };
}
