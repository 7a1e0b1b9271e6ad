// Asterisk for one state folder: files rendered, started, ready, started again when it dies, stopped.

import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderAsteriskConf, type AsteriskValues } from '../src/telephony/asterisk-conf.ts';
import { keepRunning, type KeptRunning } from './keep-running.ts';
import { loopback } from './ports.ts';
import { startProcess } from './process.ts';
import { asteriskFolders, program, type Programs } from './program.ts';
import { socketFolder } from './socket-folder.ts';
import type { Sounds } from './sounds.ts';

export type AsteriskOptions = {
  stateDir: string;
  programs: Programs;
  sounds: Sounds;
  recordingsDir: string;
  systemName?: string;
  sip: { host: string; port: number };
  rtp: { start: number; end: number };
  http: { port: number };
  ami: { port: number; password: string };
  ari: { password: string };
  service: { url: string; password: string };
  callersFrom?: readonly string[];
  agents: readonly { id: string; password: string }[];
  away?: Partial<AsteriskValues['away']>;
  /** Told of each death that nobody asked for; it is then started again. */
  onDeath?: (why: string) => void;
};

/** `setAgents`: whose phones may register from now on; calls go on. Not where its files are not ours to write. */
export type AsteriskServer = KeptRunning & { setAgents?(agents: AsteriskOptions['agents']): Promise<void> };

export const asteriskUser = 'rexian';

export async function startAsterisk(options: AsteriskOptions): Promise<AsteriskServer> {
  const { root, etcDir, logDir, folders } = await layOutAsterisk(options);
  const { command, args, env } = program(options.programs, 'asterisk', ['-f', '-C', join(etcDir, 'asterisk.conf')]);
  const kept = await keepRunning(() =>
    startProcess({
      name: 'Asterisk', command, args, env, cwd: root,
      logFile: join(logDir, 'asterisk.log'),
      ready: () => fullyBooted(options.ami.port, options.ami.password),
    }), options.onDeath);
  return Object.assign(kept, {
    async setAgents(agents: AsteriskOptions['agents']) {
      await writeAsteriskFiles(etcDir, valuesOf({ ...options, agents }, folders));
      await reloadPhones(options.ami);
    },
  });
}

/** Its folders and configuration files, ready for a start. */
export async function layOutAsterisk(options: AsteriskOptions): Promise<{ root: string; etcDir: string; logDir: string; folders: Folders }> {
  const root = join(options.stateDir, 'asterisk');
  const folders = { etc: join(root, 'etc'), state: join(root, 'lib'), spool: join(root, 'spool'), log: join(options.stateDir, 'log') };
  for (const folder of [...Object.values(folders), join(folders.log, 'cdr-csv'), options.recordingsDir]) await mkdir(folder, { recursive: true, mode: 0o700 });
  // Both of Asterisk's recording folders are the centre's one.
  for (const name of ['recording', 'monitor']) await link(options.recordingsDir, join(folders.spool, name));
  const run = await socketFolder(root, 'asterisk.ctl');
  await writeAsteriskFiles(folders.etc, valuesOf(options, { ...folders, run }));
  return { root, etcDir: folders.etc, logDir: folders.log, folders: { ...folders, run } };
}

export async function writeAsteriskFiles(etcDir: string, values: AsteriskValues): Promise<void> {
  const source = fileURLToPath(new URL('../asterisk-conf/', import.meta.url));
  const names = (await readdir(source)).filter((name) => name.endsWith('.conf'));
  const templates = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(source, name), 'utf8')] as const)));
  for (const [name, text] of Object.entries(renderAsteriskConf(templates, values))) await writeFile(join(etcDir, name), text, { mode: 0o600 });
}

type Folders = { etc: string; state: string; spool: string; log: string; run: string };

function valuesOf(options: AsteriskOptions, folders: Folders): AsteriskValues {
  return {
    systemName: options.systemName ?? 'rexian',
    folders: { ...folders, ...asteriskFolders(options.programs), ...options.sounds },
    sip: options.sip,
    rtp: options.rtp,
    http: { host: loopback, port: options.http.port },
    ari: { user: asteriskUser, password: options.ari.password },
    service: { url: options.service.url, user: asteriskUser, password: options.service.password },
    ami: { host: loopback, port: options.ami.port, user: asteriskUser, password: options.ami.password, permit: '127.0.0.0/8' },
    callersFrom: options.callersFrom ?? ['127.0.0.0/8'],
    agents: options.agents,
    away: { tries: 60, musicSeconds: 2, claimSeconds: 120, reclaimSeconds: 20, ...options.away },
  };
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await symlink(target, path);
}

/** AMI says FullyBooted only when every module is there, SIP included. */
function fullyBooted(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, loopback);
    let answer = '';
    const settle = (booted: boolean): void => {
      socket.destroy();
      resolve(booted);
    };
    socket.setTimeout(1_000, () => settle(false)).on('error', () => settle(false)).on('close', () => settle(false));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('Event: FullyBooted')) settle(true);
    });
    socket.write(`Action: Login\r\nUsername: ${asteriskUser}\r\nSecret: ${password}\r\n\r\n`);
  });
}

function reloadPhones({ port, password }: AsteriskOptions['ami']): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, loopback);
    let answer = '';
    const settle = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(10_000, () => settle(new Error('Asterisk did not say that it read its phones again'))).on('error', settle);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const said = /Response: (\w+)\r\nActionID: phones\r\n(?:Message: ([^\r]*))?/.exec(answer);
      if (said !== null) settle(said[1] === 'Success' ? undefined : new Error(`Asterisk did not read its phones again: ${said[2] ?? ''}`));
    });
    socket.write(`Action: Login\r\nUsername: ${asteriskUser}\r\nSecret: ${password}\r\nEvents: off\r\n\r\nAction: Reload\r\nActionID: phones\r\nModule: res_pjsip.so\r\n\r\n`);
  });
}
