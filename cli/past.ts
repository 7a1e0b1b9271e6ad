// The records of a centre, for commands that ask about the past: those of the `up` that runs with the state folder, or of the
// database that the environment names.

import { env } from 'node:process';
import { pino } from 'pino';
import { askControl } from '../runtime/control.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { loadCentre } from '../src/config/load.ts';
import { configurations } from '../src/store/configurations.ts';
import { openDatabase } from '../src/store/database.ts';
import { history } from '../src/store/history.ts';
import { openPast as openPastIn } from '../src/store/past.ts';
import type { Past } from '../src/store/past.ts';
import { makeSeal } from '../src/store/seal.ts';
import { defaultConfig } from './options.ts';

export async function openPast({ state, config: named }: { state: string; config: string | undefined }): Promise<Past & { close(): Promise<void> }> {
  const { DATABASE_URL: databaseUrl, REXIAN_STORE_KEY: storeKey } = env;
  const running = await askControl(state, { type: 'store' });
  const from = running ?? (databaseUrl && storeKey ? { databaseUrl, storeKey, configDir: defaultConfig } : undefined);
  if (from === undefined) {
    throw new SetupError({
      en: `No centre runs with the state folder ${state}. Name its folder with --state, or the records with DATABASE_URL and REXIAN_STORE_KEY.`,
      zh: `没有使用状态目录 ${state} 运行的呼叫中心。请用 --state 指定其目录，或用 DATABASE_URL 与 REXIAN_STORE_KEY 指定数据库。`,
    });
  }
  const configDir = named ?? from.configDir;
  const loaded = loadCentre(configDir);
  if (!loaded.ok) throw new SetupError({ en: `The configuration in ${configDir} has faults; ./rexian check tells them.`, zh: `${configDir} 中的配置有误，请运行 ./rexian check 查看。` });
  const { config } = loaded;
  const db = openDatabase(from.databaseUrl, { log: pino({ level: 'silent' }), statementTimeoutMs: 120_000 });
  const of = { centre: config.centre.id, seal: makeSeal(from.storeKey) };
  return { ...openPastIn(history(db, of), configurations(db, of), config), close: () => db.destroy() };
}
