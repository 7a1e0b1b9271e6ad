/** The service as a process: settings, configuration, prompts, then the app, until it is told to stop. */
import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { startApp } from './app.ts';
import type { App } from './app.ts';
import { steadyClock } from './base/clock.ts';
import { LogSink } from './base/log-sink.ts';
import { makeLog } from './base/log.ts';
import { openFilesLeast, openFilesMax, webShare } from './base/open-files.ts';
import type { WebShare } from './base/open-files.ts';
import { dangersOf } from './config/dangers.ts';
import type { AgentSecrets } from './config/dangers.ts';
import { readSettings } from './config/env.ts';
import type { SettingProblem, Settings } from './config/env.ts';
import { formatProblem, formatProblems } from './config/format.ts';
import { loadCentre } from './config/load.ts';
import type { Reloaded } from './config/reload.ts';
import type { CentreConfig } from './config/centre-config.ts';
import { passwordVerifier } from './http/passwords.ts';
import { createPrompts } from './ivr/prompts.ts';
import { programRunner } from './ivr/run-program.ts';

/** What a parent process that started us with an IPC channel may say, and what it hears. */
export type FromParent = { readonly type: 'close-door' } | { readonly type: 'count' } | { readonly type: 'reload' };
export type ToParent =
  | { readonly type: 'standby' | 'ready'; readonly host: string; readonly port: number }
  | { readonly type: 'live'; readonly contacts: number }
  | { readonly type: 'reloaded'; readonly reloaded: Reloaded }
  /** Another configuration holds, whoever asked for it. */
  | { readonly type: 'configured'; readonly version: string; readonly agents: readonly string[] };

const settings = settingsOrExit();
const sink = new LogSink(process.stdout.fd);
const log = makeLog(settings.logLevel, sink);
// The end would wait for a reader of the log who does not read, and nobody could take over.
process.on('exit', () => void (sink.lastWords() || process.kill(process.pid, 'SIGKILL')));
await refuseDangers(settings);
const config = configOrExit(settings);
const share = shareOrExit(settings, config);
const prompts = createPrompts({ run: programRunner(settings), soundsDir: settings.soundsDir, cacheDir: settings.soundCacheDir, log });
const made = await prompts.take(config);
if (!made.ok) exitWith(made.failures.map(({ text }) => text[settings.language]).join('\n'));

let app: App | undefined;
/** The version that holds. */
let { version } = config;
/** The files have just been read. */
const tooEarly: Reloaded = { ok: false, problems: [], reasons: [{ zh: '服务尚在启动，请稍后再试', en: 'the service is still starting; try again in a moment' }] };
let stopping: Promise<void> | undefined;
process.on('SIGHUP', () => void reload());
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
process.on('message', (message: FromParent) => {
  if (message.type === 'reload') return void reload().then((reloaded) => tell({ type: 'reloaded', reloaded }));
  if (message.type === 'close-door') app?.closeDoor();
  tell({ type: 'live', contacts: app?.live() ?? 0 });
});
// A parent that died without a word: calls live on in the switch, and nobody is left to stop us.
process.on('disconnect', () => void stop(0));

try {
  app = await startApp({
    settings, config, read: () => loadCentre(settings.configDir), prepare: (next) => prompts.prepare(next), webDir: resolve(import.meta.dirname, '../web/public'), resolve: (media) => prompts.resolve(media), verify: passwordVerifier(webPassword),
    clock: steadyClock, log, lostLogLines: () => sink.lost, share,
    onStandby: (address) => {
      log.info({ centre: config.centre.id, version, ...address }, 'standing by');
      tell({ type: 'standby', ...address });
    },
    onConfigured: ({ version: taken, agents }) => {
      version = taken;
      log.info({ version }, 'another configuration holds');
      tell({ type: 'configured', version, agents: [...agents.keys()] });
    },
    onFatal: die,
  });
  const address = await app.owning;
  log.info({ centre: config.centre.id, version, ...address }, 'ready');
  tell({ type: 'ready', ...address });
} catch (error) {
  // Told to stop before it was ready.
  await stopping;
  log.fatal({ error: String(error) }, 'could not start');
  exitWith(error instanceof Error ? error.message : String(error));
}
// Where the launcher has turned it on. Otherwise it is written at the end of the process, and a killed one has no end.
flushCompileCache();

/** On SIGHUP nobody waits for the answer, so the log has it either way. */
async function reload(): Promise<Reloaded> {
  const reloaded = await (app?.reload() ?? tooEarly);
  if (reloaded.ok) log.info({ version: reloaded.version, changed: reloaded.changed }, 'configuration read again');
  else log.error({ reasons: reloaded.reasons.map((text) => text[settings.language]), faults: reloaded.problems.map((problem) => formatProblem(problem, settings.language)) }, 'the configuration is not taken, the one before holds');
  return reloaded;
}

function stop(code: number): Promise<void> {
  return (stopping ??= (async () => {
    // Callers first: a voice that is still being made for later can take seconds.
    await app?.stop();
    await prompts.stop();
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
  const agents = await agentSecrets();
  return Object.hasOwn(agents, agent) ? agents[agent]?.web : undefined;
}

async function agentSecrets(): Promise<AgentSecrets> {
  const secrets = JSON.parse(await readFile(join(settings.stateDir, 'secrets.json'), 'utf8')) as { agents?: AgentSecrets };
  return secrets.agents ?? {};
}

async function refuseDangers({ insecure, language }: Settings): Promise<void> {
  // Without the file nobody can sign in, which is for the one who tries to find out.
  const dangers = await dangersOf(settings, await agentSecrets().catch(() => ({})));
  for (const { name, text } of insecure === 'warn' ? dangers : []) log.error({ code: 'insecure', setting: name }, text[language]);
  if (insecure === 'warn' || dangers.length === 0) return;
  exitWith([problemLines(dangers), '不安全，未启动。若确知网络可信，可设置 REXIAN_INSECURE=warn 改为只写日志。', 'Refused to start like this. Where you know that it is safe, REXIAN_INSECURE=warn makes these warnings.'].join('\n'));
}

function problemLines(problems: readonly SettingProblem[]): string {
  return problems.map(({ name, text }) => `${name}: ${text.zh}\n${name}: ${text.en}`).join('\n');
}

function settingsOrExit(): Settings {
  const read = readSettings();
  if (read.ok) return read.settings;
  return exitWith(problemLines(read.problems));
}

/** Late and one by one is how a process that may open too few files fails; so it says so now. */
function shareOrExit({ language }: Settings, { agents }: CentreConfig): WebShare {
  const openFiles = openFilesMax();
  const found = webShare(openFiles);
  const texts = {
    zh: `打开文件数上限（ulimit -n）为 ${openFiles}，至少需要 ${openFilesLeast}；${agents.size} 个坐席建议 ${openFilesLeast + 2 * agents.size} 以上。`,
    en: `This process may hold ${openFiles} files and sockets open (ulimit -n); it needs ${openFilesLeast}, and for ${agents.size} agents better ${openFilesLeast + 2 * agents.size}.`,
  };
  if (found === undefined) return exitWith(texts[language]);
  if (found.desktops < agents.size) log.warn({ code: 'open-files', openFiles, desktops: found.desktops, agents: agents.size }, texts.en);
  return found;
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
