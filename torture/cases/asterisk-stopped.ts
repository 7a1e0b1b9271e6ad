// Asterisk stands still (SIGSTOP) and goes on. Nothing is lost on the way, it only comes late.

import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../runtime/until.ts';
import { house, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

/** Ends while Asterisk stands still. The stage's phones send no voice, and after 20 s without any Asterisk would end their calls. */
const talkMs = { short: 3_000, long: 6_000 } as const;
const stoppedMs = { short: 5_000, long: 10_000 } as const;

export const asteriskStopped: Case = {
  name: 'asterisk-stopped',
  says: { en: 'Asterisk stands still for 10 s (5 s in short)', zh: 'Asterisk 停住 10 秒（简短运行为 5 秒）' },
  stage: house,
  async run({ stage, size }) {
    const asterisk = stage.runtime.pids.asterisk ?? 0;
    const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs: talkMs[size] });
    process.kill(asterisk, 'SIGSTOP');
    const stoppedAt = performance.now();
    let noticedMs = Number.NaN;
    try {
      await crowd.call({ calls: 4, callsPerSecond: 4 });
      await until(async () => ((await fetch(`${stage.service.url}/health/ready`)).status === 503 || undefined), { limitMs: stoppedMs[size], what: 'the service says that it is not ready' });
      noticedMs = performance.now() - stoppedAt;
      await sleep(stoppedMs[size] - noticedMs);
    } finally {
      process.kill(asterisk, 'SIGCONT');
    }
    const wentOnAt = performance.now();
    await until(async () => ((await fetch(`${stage.service.url}/health/ready`)).status === 200 || undefined), { limitMs: 5_000, what: 'the service is ready again' });
    const readyAgainMs = performance.now() - wentOnAt;
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    return { placed: crowd.placed(), figures: { noticedMs, readyAgainMs } };
  },
};
