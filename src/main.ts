/** The service as a process: settings, configuration, prompts, then the app, until it is told to stop. */
import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { startApp } from './app.ts';
import type { App } from './app.ts';
import { steadyClock } from './base/clock.ts';
import { makeLog } from './base/log.ts';
import { readSettings } from './config/env.ts';
import type { Settings } from './config/env.ts';
import { formatProblems } from './config/format.ts';
import { loadCentre } from './config/load.ts';
import type { CentreConfig } from './config/centre-config.ts';
import { passwordVerifier } from './http/passwords.ts';
import { createPrompts } from './ivr/prompts.ts';
import { programRunner } from './ivr/run-program.ts';

/** What a parent process that started us with an IPC channel may say, and what it hears. */
export type FromParent = { readonly type: 'close-door' } | { readonly type: 'count' };
export type ToParent = { readonly type: 'ready'; readonly host: string; readonly port: number } | { readonly type: 'live'; readonly contacts: number };

const settings = settingsOrExit();
const log = makeLog(settings.logLevel);
const config = configOrExit(settings);
const prompts = createPrompts({ run: programRunner(settings), soundsDir: settings.soundsDir, cacheDir: settings.soundCacheDir, log });
const taken = await prompts.take(config);
if (!taken.ok) exitWith(taken.failures.map(({ text }) => text[settings.language]).join('\n'));

let app: App | undefined;
let stopping: Promise<void> | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
process.on('message', (message: FromParent) => {
  if (message.type === 'close-door') app?.closeDoor();
  tell({ type: 'live', contacts: app?.live() ?? 0 });
});
// A parent that died without a word: calls live on in the switch, and nobody is left to stop us.
process.on('disconnect', () => void stop(0));

try {
  app = await startApp({ settings, config, webDir: resolve(import.meta.dirname, '../web/public'), resolve: (media) => prompts.resolve(media), verify: passwordVerifier(webPassword), clock: steadyClock, log, onFatal: die });
} catch (error) {
  log.fatal({ error: String(error) }, 'could not start');
  exitWith(error instanceof Error ? error.message : String(error));
}
log.info({ centre: config.centre.id, version: config.version, ...app.address }, 'ready');
tell({ type: 'ready', ...app.address });
// Where the launcher has turned it on. Otherwise it is written at the end of the process, and a killed one has no end.
flushCompileCache();

function stop(code: number): Promise<void> {
  return (stopping ??= (async () => {
    await prompts.stop();
    await app?.stop();
    process.exit(code);
  })());
}

/** A process that is no longer the owner, or met a bug, must not decide once more: it ends at once. */
function die(error: Error): void {
  log.fatal({ error: error.stack ?? String(error) }, 'cannot go on');
  process.exit(1);
}

function tell(message: ToParent): void {
  if (process.connected) process.send?.(message);
}

/** From the state folder's secrets, read anew at each sign-in so that a changed one holds at once. */
async function webPassword(agent: string): Promise<string | undefined> {
  const secrets = JSON.parse(await readFile(join(settings.stateDir, 'secrets.json'), 'utf8')) as { agents?: Record<string, { web?: string }> };
  return Object.hasOwn(secrets.agents ?? {}, agent) ? secrets.agents?.[agent]?.web : undefined;
}

function settingsOrExit(): Settings {
  const read = readSettings();
  if (read.ok) return read.settings;
  return exitWith(read.problems.map(({ name, text }) => `${name}: ${text.zh}\n${name}: ${text.en}`).join('\n'));
}

function configOrExit({ configDir, language }: Settings): CentreConfig {
  const loaded = loadCentre(configDir);
  if (loaded.ok) return loaded.config;
  return exitWith(formatProblems(loaded.problems, language));
}

function exitWith(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
