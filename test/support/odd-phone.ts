// Phones that do what a well-behaved one does not: played by SIPp, registered like any other.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../runtime/until.ts';
import type { LiveCentre } from './live-centre.ts';

const folder = fileURLToPath(new URL('../live/sipp/', import.meta.url));
let phones = 0;

export interface OddPhone {
  /** What its scenario wrote down, as text. */
  said(): Promise<string>;
  stop(): Promise<void>;
}

/** Registered. `behaviour` is a scenario of test/live/sipp, played for each call that comes. */
export async function oddPhone(centre: LiveCentre, agent: string, behaviour: 'busy' | 'rejects' | 'answers-too-late' | 'answers-when-asked'): Promise<OddPhone> {
  const log = join(centre.runtime.stateDir, `odd-phone-${(phones += 1)}.log`);
  const run = await centre.sipp({
    scenario: `${folder}registered-phone.xml`, number: agent, calls: 1, limitSeconds: 150,
    args: ['-au', agent, '-ap', centre.runtime.secrets.agents[agent]?.sip ?? '', '-oocsf', `${folder}${behaviour}.xml`, '-trace_logs', '-log_file', log],
  });
  const said = (): Promise<string> => readFile(log, 'utf8').catch(() => '');
  await until(async () => ((await said()).includes('registered') ? true : undefined), { limitMs: 10_000, what: `phone ${agent}, played by SIPp, registered` });
  return { said, stop: () => run.stop() };
}
