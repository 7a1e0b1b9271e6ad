// An operator loads Asterisk's configuration anew, all of it and ARI alone, in the middle of calls.

import { asteriskCli } from '../../stage/asterisk-cli.ts';
import { house, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

const talkMs = 2_500;
const rounds = { short: 1, long: 10 } as const;

export const asteriskReloaded: Case = {
  name: 'asterisk-reloaded',
  says: { en: 'core reload and module reload res_ari.so while callers talk and wait', zh: '通话和排队中执行 core reload 与 module reload res_ari.so' },
  stage: house,
  async run({ stage, size }) {
    const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs });
    for (let round = 0; round < rounds[size]; round += 1) {
      await asteriskCli(stage.runtime, 'core reload');
      await crowd.call({ calls: 2, callsPerSecond: 10 });
      await asteriskCli(stage.runtime, 'module reload res_ari.so');
      await crowd.call({ calls: 2, callsPerSecond: 10 });
    }
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    return { placed: crowd.placed() };
  },
};
