// `ari shutdown websocket sessions`: Asterisk ends its connection to the service and does not open another by itself.

import { until } from '../../runtime/until.ts';
import { asteriskCli } from '../../stage/asterisk-cli.ts';
import { house, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

const talkMs = 2_500;

export const asteriskHangsUpOnUs: Case = {
  name: 'asterisk-hangs-up-on-us',
  says: { en: 'ari shutdown websocket sessions while callers talk and wait, and arrive in the long form', zh: '通话、排队中（完整运行还有呼入）执行 ari shutdown websocket sessions' },
  stage: house,
  async run({ stage, size }) {
    const ready = async (wanted: number): Promise<true | undefined> => ((await fetch(`${stage.service.url}/health/ready`)).status === wanted ? true : undefined);
    const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs });
    await asteriskCli(stage.runtime, 'ari shutdown websocket sessions');
    const shutAt = performance.now();
    await until(() => ready(503), { limitMs: 2_000, what: 'the service says that it is not ready' });
    const noticedMs = performance.now() - shutAt;
    // They hear the apology to its end before they are taken.
    if (size === 'long') await crowd.call({ calls: 4, callsPerSecond: 20 });
    await until(() => ready(200), { limitMs: 10_000, what: 'the service is ready again' });
    const readyAgainMs = performance.now() - shutAt;
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    return { placed: crowd.placed(), figures: { noticedMs, readyAgainMs } };
  },
};
