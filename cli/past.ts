// The records of a centre, for commands that ask about the past: those of the `up` that runs with the state folder, or of the
// database that the environment names.

import { env } from 'node:process';
import { pino } from 'pino';
import { askControl } from '../runtime/control.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { beginning, follow } from '../src/acd/moment.ts';
import type { Moment } from '../src/acd/moment.ts';
import type { CentreConfig } from '../src/config/centre-config.ts';
import { loadCentre } from '../src/config/load.ts';
import { openDatabase } from '../src/store/database.ts';
import { history } from '../src/store/history.ts';
import type { History } from '../src/store/history.ts';
import { makeSeal } from '../src/store/seal.ts';
import { defaultConfig } from './options.ts';

export interface Past extends History {
  readonly config: CentreConfig;
  readonly configDir: string;
  momentAt(position: string): Promise<Moment>;
  close(): Promise<void>;
}

export async function openPast({ state, config: named }: { state: string; config: string | undefined }): Promise<Past> {
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
  const past = history(db, { centre: config.centre.id, seal: makeSeal(from.storeKey) });
  return {
    ...past, config, configDir,
    momentAt: async (position) => {
      const moment = beginning(config, (version) => (version === config.version ? config : undefined));
      for (const journalled of await past.upTo(position)) follow(moment, journalled);
      return moment;
    },
    close: () => db.destroy(),
  };
}
