// The files that an Asterisk of one's own needs for this centre, and the addresses to give to `up` with it.

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { formatProblems } from '../src/config/format.ts';
import { loadCentre } from '../src/config/load.ts';
import { asteriskUser, writeAsteriskFiles } from '../runtime/asterisk.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { findPrograms } from '../runtime/program.ts';
import { progressOn } from '../runtime/progress.ts';
import { loadSecrets } from '../runtime/secrets.ts';
import { ensureSounds } from '../runtime/sounds.ts';
import { defaultConfig, portOption } from './options.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: 'string', default: 'asterisk' },
      config: { type: 'string', default: defaultConfig },
      state: { type: 'string', default: '.state' },
      'sip-host': { type: 'string', default: '127.0.0.1' },
      'sip-port': { type: 'string', default: '5060' },
      modules: { type: 'string', default: '/usr/lib/x86_64-linux-gnu/asterisk/modules' },
      data: { type: 'string', default: '/usr/share/asterisk' },
    },
  });
  const loaded = loadCentre(resolve(values.config));
  if (!loaded.ok) {
    stderr.write(`${formatProblems(loaded.problems, lang)}\n`);
    return 1;
  }
  const [etc, stateDir] = [resolve(values.out), resolve(values.state)];
  const progress = progressOn(stderr, lang);
  const environment = readEnvironment();
  const sounds = await ensureSounds(environment.cacheDir, await findPrograms(environment, progress), progress);
  const secrets = await loadSecrets(stateDir, [...loaded.config.agents.keys()]);
  const folder = async (name: string): Promise<string> => {
    const path = join(etc, 'var', name);
    await mkdir(path, { recursive: true });
    return path;
  };
  await mkdir(etc, { recursive: true, mode: 0o700 });
  await writeAsteriskFiles(etc, {
    systemName: 'rexian',
    folders: { etc, modules: values.modules, data: values.data, state: await folder('lib'), spool: await folder('spool'), run: await folder('run'), log: await folder('log'), ...sounds },
    sip: { host: values['sip-host'], port: portOption('--sip-port', values['sip-port']) },
    rtp: { start: 10_000, end: 19_999 },
    http: { host: '127.0.0.1', port: 8088 },
    ari: { user: asteriskUser, password: secrets.ari },
    service: { url: 'ws://127.0.0.1:8089/ari', user: asteriskUser, password: secrets.ariListen },
    ami: { host: '127.0.0.1', port: 5038, user: asteriskUser, password: secrets.ami, permit: '127.0.0.1/32' },
    callersFrom: ['127.0.0.0/8'],
    agents: [...loaded.config.agents.keys()].map((id) => ({ id, password: secrets.agents[id]?.sip ?? '' })),
    away: { tries: 60, musicSeconds: 2, claimSeconds: 120, reclaimSeconds: 20 },
  });
  stdout.write([
    lang === 'zh' ? `已写入 ${etc}。用它启动 Asterisk，再启动服务：` : `Written to ${etc}. Start Asterisk with it, then the service:`,
    '',
    `  asterisk -C ${join(etc, 'asterisk.conf')}`,
    `  ASTERISK_ARI_URL=http://${asteriskUser}:${secrets.ari}@127.0.0.1:8088 \\`,
    `  ASTERISK_AMI_URL=ami://${asteriskUser}:${secrets.ami}@127.0.0.1:5038 \\`,
    `  ./rexian up --state ${values.state}`,
    '',
  ].join('\n'));
  return 0;
};
