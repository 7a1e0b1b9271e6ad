// Nothing is done: what every other case is compared with.

import { house, type Case } from '../case.ts';

const talkMs = 1_000;

export const control: Case = {
  name: 'control',
  says: { en: 'an undisturbed run, to compare with', zh: '不受干扰的运行，作为对照' },
  stage: house,
  async run({ stage, size }) {
    const calls = size === 'short' ? 60 : 600;
    const phones = await stage.phones(stage.agents, { ringMs: 100, talkMs, speaking: true });
    const desktops = await stage.ready(stage.agents);
    const run = await stage.callers({ calls, callsPerSecond: 20, limitSeconds: 120 });
    const { successful, errors } = await run.outcome;
    await Promise.all(desktops.map(async (desktop) => {
      await desktop.command({ type: 'sign-out' });
      await desktop.close();
    }));
    await phones.stop();
    if (successful !== calls) throw new Error(`${successful} of ${calls} callers were served: ${errors.slice(0, 500)}`);
    return { placed: calls };
  },
};
