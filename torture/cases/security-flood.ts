// The web port under slow connections, floods of requests and nonsense on its websocket, while calls come and go.

import { sql } from 'kysely';
import { until } from '../../runtime/until.ts';
import { attack } from '../attack.ts';
import { house, type Case } from '../case.ts';

const ringMs = 100;
const talkMs = 1_000;
/** An agent is free for each of them, so a caller waits for little more than the ring. */
const waitMsMax = 1_000;

export const securityFlood: Case = {
  name: 'security-flood',
  says: { en: 'slow connections, a flood of requests and nonsense on the websocket, while calls come and go', zh: '慢速连接、请求洪水和无效 WebSocket 消息攻击网页端口，同时呼叫不断' },
  stage: house,
  async run({ stage, size }) {
    const calls = size === 'short' ? 40 : 400;
    const phones = await stage.phones(stage.agents, { ringMs, talkMs, speaking: true });
    const desktops = await stage.ready(stage.agents);
    const since = new Date();
    const attackers = attack(stage.service.url, { slow: 200, loud: 20, requestsPerSecond: 300, nonsense: 10 });
    try {
      const run = await stage.callers({ calls, callsPerSecond: 8, limitSeconds: 120 });
      const { successful, errors } = await run.outcome;
      if (successful !== calls) throw new Error(`${successful} of ${calls} callers were served: ${errors.slice(0, 500)}`);
      const probedAt = performance.now();
      if ((await fetch(`${stage.service.url}/health/ready`)).status !== 200) throw new Error('the service is not ready under the flood');
      const probeMs = performance.now() - probedAt;
      const waits = await until(async () => {
        const { rows } = await sql<{ wait: number | null }>`select wait_ms as wait from contact where arrived_at >= ${since} order by wait_ms`.execute(stage.db);
        return rows.length === calls && rows.every(({ wait }) => wait !== null) ? rows.map(({ wait }) => wait ?? 0) : undefined;
      }, { limitMs: 5_000, what: 'every call is in Postgres with its wait' });
      const waitP99Ms = waits[Math.ceil(waits.length * 0.99) - 1] ?? Number.NaN;
      if (waitP99Ms > waitMsMax) throw new Error(`p99 of the callers' waits was ${waitP99Ms} ms under the flood`);
      return { placed: calls, figures: { waitP99Ms, probeMs, ...attackers.tried } };
    } finally {
      await attackers.stop();
      await Promise.all(desktops.map(async (desktop) => {
        await desktop.command({ type: 'sign-out' });
        await desktop.close();
      }));
      await phones.stop();
    }
  },
};
