/**
 * The peer: Asterisk's own app_queue in the same process, with the same phones as its members, the same music and
 * the same recording. Its module is loaded for the bench only.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '../runtime/centre.ts';
import { asteriskCli } from '../stage/asterisk-cli.ts';

/** What callers dial to get there. */
export const stockNumber = '7000';

/** Resolves to what takes it out again. */
export async function loadStockQueue(runtime: Runtime, agents: readonly string[]): Promise<() => Promise<void>> {
  const recordings = join(runtime.stateDir, 'stock-recordings');
  await mkdir(recordings, { recursive: true });
  await writeFile(join(runtime.stateDir, 'asterisk/etc/queues.conf'), queuesConf(agents));
  const said = await asteriskCli(runtime, 'module load app_queue.so');
  if (!/Loaded app_queue/.test(said)) throw new Error(`app_queue did not load: ${said}`);
  const steps = [
    'Answer()',
    // As our own order for a recording: one stereo file of the caller's channel.
    `Set(MONITOR_FILENAME=${recordings}/\${UNIQUEID})`, 'Set(MONITOR_OPTIONS=D)',
    'Queue(stock)', 'Hangup()',
  ];
  for (const [index, step] of steps.entries()) await asteriskCli(runtime, `dialplan add extension "${stockNumber},${index + 1},${step}" into hotline`);
  const shown = await asteriskCli(runtime, `dialplan show ${stockNumber}@hotline`);
  if (!shown.includes('Queue(stock)')) throw new Error(`the dialplan of the stock queue is not there: ${shown}`);
  return async () => {
    await asteriskCli(runtime, `dialplan remove extension ${stockNumber}@hotline`);
    await asteriskCli(runtime, 'module unload app_queue.so');
  };
}

/**
 * Everything that makes app_queue slower than it must be is off: several callers are served at once (autofill), no
 * announcements, no wrap-up, members who are busy are not tried. `leastrecent` is its longest-idle.
 */
const queuesConf = (agents: readonly string[]): string => `[general]
autofill = yes
persistentmembers = no
shared_lastcall = no
monitor-type = MixMonitor

[stock]
strategy = leastrecent
musicclass = default
timeout = 60
retry = 1
wrapuptime = 0
ringinuse = no
joinempty = yes
leavewhenempty = no
autopause = no
announce-frequency = 0
announce-holdtime = no
monitor-format = raw
${agents.map((agent) => `member => PJSIP/${agent}`).join('\n')}
`;
