// The service has a tenth of a processor for a while.

import { setTimeout as sleep } from 'node:timers/promises';
import { house, type Case } from '../case.ts';
import { throttle } from '../actors/throttle.ts';
import { gather } from '../crowd.ts';

const slowMs = { short: 6_000, long: 60_000 } as const;

export const resourcesSlowCpu: Case = {
  name: 'resources-slow-cpu',
  says: { en: 'the service has 10 % of one processor', zh: '服务只能使用 10% 的处理器' },
  stage: house,
  async run({ stage, size, say }) {
    const crowd = await gather(stage, { talking: 6, waiting: 3, talkMs: 2_000 });
    const slow = await throttle(stage.service.pid, 0.1);
    say({ en: `slowed down by ${slow.by}`, zh: `限速方式：${slow.by}` });
    const startedAt = performance.now();
    try {
      await crowd.call({ calls: size === 'short' ? 6 : 60, callsPerSecond: 1 });
      await sleep(slowMs[size]);
    } finally {
      await slow.end();
    }
    const slowedMs = performance.now() - startedAt;
    const fastAgainAt = performance.now();
    await crowd.served();
    const servedMs = performance.now() - fastAgainAt;
    await crowd.talksWhole();
    await crowd.leave();
    return { placed: crowd.placed(), figures: { slowedMs, servedMs } };
  },
};
