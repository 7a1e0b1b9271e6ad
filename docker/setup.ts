// Run before every start of the containers: makes this installation's secrets once, and writes from them and from the
// centre's files what each server needs into that server's own volume, so that none can read another's.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { parseArgs } from 'node:util';
import { asteriskUser, writeAsteriskFiles } from '../runtime/asterisk.ts';
import { programNames, type Programs } from '../runtime/program.ts';
import { progressOn } from '../runtime/progress.ts';
import { loadSecrets } from '../runtime/secrets.ts';
import { ensureSounds } from '../runtime/sounds.ts';
import { formatProblems } from '../src/config/format.ts';
import { loadCentre } from '../src/config/load.ts';

/** Names and ports inside the containers' network; compose.yaml says the same. */
const inside = { ariListen: 8089, ari: 8088, ami: 5038 };
const everywhere = '0.0.0.0';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    lang: { type: 'string', default: 'en' },
    address: { type: 'string', default: '127.0.0.1' },
    'sip-port': { type: 'string', default: '5060' },
    'rtp-ports': { type: 'string', default: '10000-10099' },
    /** Networks that may call without a password, beside the containers' own, from which the host's calls come. */
    callers: { type: 'string', default: '' },
  },
});
const lang = values.lang === 'zh' ? 'zh' : 'en';
const loaded = loadCentre('/config');
if (!loaded.ok) {
  stderr.write(`${formatProblems(loaded.problems, lang)}\n`);
  exit(1);
}
const agents = [...loaded.config.agents.keys()];
const secrets = await loadSecrets('/state', agents);
const programs: Programs = { kind: 'system', folders: Object.fromEntries(programNames.map((name) => [name, `/usr/bin/${name}`])) as Record<(typeof programNames)[number], string> };
const sounds = await ensureSounds('/sounds', programs, progressOn(stderr, lang));
const network = ownNetwork();
const [rtpStart, rtpEnd] = values['rtp-ports'].split('-').map(Number);

await mkdir('/asterisk/etc', { recursive: true, mode: 0o700 });
await mkdir('/asterisk/lib', { recursive: true, mode: 0o700 });
await writeAsteriskFiles('/asterisk/etc', {
  systemName: 'rexian',
  folders: {
    etc: '/asterisk/etc', state: '/asterisk/lib', run: '/tmp', log: '/var/log/rexian', spool: '/var/spool/rexian',
    modules: '/usr/lib/asterisk-modules', data: '/usr/share/asterisk', ...sounds,
  },
  sip: { host: everywhere, port: Number(values['sip-port']), announce: values.address },
  rtp: { start: rtpStart ?? NaN, end: rtpEnd ?? NaN },
  http: { host: everywhere, port: inside.ari },
  ari: { user: asteriskUser, password: secrets.ari },
  service: { url: `ws://service:${inside.ariListen}/ari`, user: asteriskUser, password: secrets.ariListen },
  ami: { host: everywhere, port: inside.ami, user: asteriskUser, password: secrets.ami, permit: network },
  callersFrom: [network, ...values.callers.split(',').filter((one) => one !== '')],
  agents: agents.map((id) => ({ id, password: secrets.agents[id]?.sip ?? '' })),
  away: { tries: 60, musicSeconds: 2, claimSeconds: 120, reclaimSeconds: 20 },
});
await writeSecret('/redis/password.conf', `requirepass ${secrets.redis}\n`);
await writeSecret('/postgres/password', `${secrets.postgres}\n`);
await writeSecret('/state/service.env', [
  `DATABASE_URL=postgres://rexian:${secrets.postgres}@postgres:5432/rexian`,
  `REDIS_URL=redis://:${secrets.redis}@redis:6379/0`,
  'REXIAN_ARI_MODE=listen',
  `ASTERISK_ARI_URL=http://${asteriskUser}:${secrets.ariListen}@${everywhere}:${inside.ariListen}`,
  `ASTERISK_AMI_URL=tcp://${asteriskUser}:${secrets.ami}@asterisk:${inside.ami}`,
  `REXIAN_SESSION_SECRET=${secrets.sessionSigning}`,
  `REXIAN_STORE_KEY=${secrets.storeKey}`,
  `REXIAN_PRIVATE_NETWORKS=${network}`,
  `REXIAN_SOUNDS=${sounds.sounds}`,
  '',
].join('\n'));

/** Letters and digits only, so nothing needs quoting. */
async function writeSecret(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The containers' network as this container sees it; the engine chose it. */
function ownNetwork(): string {
  const here = Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal);
  if (here?.cidr) return here.cidr;
  stderr.write('rexian: this container has no IPv4 network\n');
  exit(1);
}
