// Asterisk's events come late, twice and out of order. A websocket does not do that; a proxy or a bug of tomorrow may.

import { wired, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

const talkMs = 1_000;
const calls = { short: 20, long: 300 } as const;

export const wireShuffled: Case = {
  name: 'wire-shuffled',
  says: { en: 'events come up to 150 ms late, 5 % twice, 10 % out of order', zh: '事件最多迟到 150 毫秒，5% 重复，10% 乱序' },
  stage: wired,
  async run({ stage, size, seed }) {
    const crowd = await gather(stage, { talking: 10, waiting: 0, talkMs });
    stage.wires.ari?.shuffle({ seed, lateMs: 150, twice: 0.05, outOfOrder: 0.1 });
    await crowd.call({ calls: calls[size], callsPerSecond: 4 });
    await crowd.served(size === 'short' ? 20_000 : 150_000);
    stage.wires.ari?.heal();
    await crowd.leave();
    return { placed: crowd.placed() };
  },
};
