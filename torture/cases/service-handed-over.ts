// SIGTERM under load while a new instance is there: what a deployment does. Nobody may notice.

import { house, type Case } from '../case.ts';
import { gather } from '../crowd.ts';
import type { Stage } from '../../stage/stage.ts';

export const serviceHandedOver: Case = {
  name: 'service-handed-over',
  says: { en: 'SIGTERM under 5 calls/s with a new instance beside it', zh: '每秒 5 通来电时以 SIGTERM 换上新实例' },
  stage: house,
  async run({ stage, size }) {
    const crowd = await gather(stage, { talking: 5, waiting: 3, talkMs: 1_000 });
    const apologies = listenForApologies(stage);
    const calls = size === 'short' ? 30 : 300;
    await crowd.call({ calls, callsPerSecond: 5, limitSeconds: 120 });
    const before = stage.service;
    const next = await stage.startAgain({ startedWhen: 'standby', httpPort: 0 });
    const at = performance.now();
    await before.stop();
    const stoppedMs = performance.now() - at;
    await crowd.until('the new instance owns the centre', () => !Number.isNaN(next.readyMs));
    await crowd.served(120_000);
    const heard = await apologies.stop();
    if (heard > 0) throw new Error(`${heard} times a caller was seen in the apology`);
    await crowd.leave();
    return { placed: crowd.placed(), figures: { stoppedMs } };
  },
};

/** The apology is ten seconds long, so that looking now and then finds everybody who hears it. */
function listenForApologies(stage: Stage): { stop(): Promise<number> } {
  let heard = 0;
  const looks: Promise<void>[] = [];
  const look = async (): Promise<void> => {
    const channels = await stage.ask<{ dialplan: { app_name: string } }>('channels');
    heard += channels.filter(({ dialplan }) => dialplan.app_name === 'Playback').length;
  };
  const timer = setInterval(() => void looks.push(look()), 500);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(looks);
      return heard;
    },
  };
}
