// A scan of the SIP port: a thousand unknown users from an address that is no trunk. Nobody hears of it but the log.

import { readFile } from 'node:fs/promises';
import { cpuMsOf } from '../../bench/process-use.ts';
import { until } from '../../runtime/until.ts';
import { scan } from '../actors/scanner.ts';
import { behindTheDoor, stranger } from '../behind-the-door.ts';
import type { Case } from '../case.ts';

const requests = { short: 1_000, long: 20_000 } as const;
const perSecond = 250;
/** Of one core, while it lasts: half a millisecond or so for each of AMI's events, and no more of them than requests. */
const corePercentMax = 20;

export const overloadScan: Case = {
  name: 'overload-scan',
  says: { en: 'a scan for 1,000 unknown users from a foreign address', zh: '陌生地址扫描 1000 个不存在的用户' },
  stage: behindTheDoor,
  async run({ stage, size }) {
    const { asterisk } = stage.runtime.pids;
    const before = [await cpuMsOf(stage.service.pid), asterisk === undefined ? 0 : await cpuMsOf(asterisk)] as const;
    const startedAt = performance.now();
    const { sent, answers } = await scan({ from: stranger, to: { host: stage.runtime.sipHost, port: stage.runtime.sipPort }, requests: requests[size], perSecond });
    const tookMs = performance.now() - startedAt;
    const [service, switched] = [(await cpuMsOf(stage.service.pid)) - before[0], asterisk === undefined ? 0 : (await cpuMsOf(asterisk)) - before[1]];
    if (answers['401'] !== sent || Object.keys(answers).length > 1) throw new Error(`${sent} requests were answered ${JSON.stringify(answers)}`);
    const lines = async (): Promise<number> => (await readFile(stage.service.logFile, 'utf8')).split('\n').filter((line) => line.includes('"code":"sip-scan"') && line.includes(`"address":"${stranger}"`)).length;
    await until(async () => ((await lines()) > 0 ? true : undefined), { limitMs: 2_000, what: 'the log names the address' });
    const minutes = Math.ceil(tookMs / 60_000);
    if ((await lines()) > minutes) throw new Error(`${await lines()} lines of the log for ${minutes} minutes`);
    const corePercent = (service / tookMs) * 100;
    if (corePercent > corePercentMax) throw new Error(`the service took ${corePercent.toFixed(1)} % of a core for it`);
    return { placed: 0, figures: { requests: sent, serviceCorePercent: corePercent, asteriskCorePercent: (switched / tookMs) * 100 } };
  },
};
