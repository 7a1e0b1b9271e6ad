// The service stands still, as in a debugger or on a machine that has no time for it, and goes on.

import { setTimeout as sleep } from 'node:timers/promises';
import { house, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

export const serviceStopped: Case = {
  name: 'service-stopped',
  says: { en: 'SIGSTOP of the service for 0.5 and 5 s (and 30 s)', zh: '挂起服务进程 0.5 秒、5 秒（及 30 秒）' },
  stage: house,
  async run({ stage, size, say }) {
    const crowd = await gather(stage, { talking: 5, waiting: 5, talkMs: 1_500 });
    for (const ms of size === 'short' ? [500, 5_000] : [500, 5_000, 30_000]) {
      say({ en: `stopped for ${ms} ms; three call`, zh: `挂起 ${ms} 毫秒；三人来电` });
      process.kill(stage.service.pid, 'SIGSTOP');
      try {
        await crowd.call({ calls: 3, callsPerSecond: 20 });
        await sleep(ms);
      } finally {
        process.kill(stage.service.pid, 'SIGCONT');
      }
      await crowd.served();
    }
    await crowd.leave();
    return { placed: crowd.placed() };
  },
};
