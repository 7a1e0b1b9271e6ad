// `core restart gracefully`: Asterisk lets nobody in and no phone be rung any more, and waits until all calls are over.
// Who waits in line can therefore not be served, and stays there; an operator who sees it takes the order back.

import { until } from '../../runtime/until.ts';
import { asteriskCli } from '../../stage/asterisk-cli.ts';
import type { Stage } from '../../stage/stage.ts';
import { house, type Case } from '../case.ts';
import { count, gather, type Crowd } from '../crowd.ts';

const talkMs = 3_000;

export const asteriskRestartsGracefully: Case = {
  name: 'asterisk-restarts-gracefully',
  says: { en: 'core restart gracefully while callers talk and wait; taken back; in the long form then for good', zh: '通话和排队中执行 core restart gracefully，再撤回；完整运行随后执行到底' },
  stage: house,
  async run({ stage, size }) {
    const crowd = await gather(stage, { talking: 4, waiting: 4, talkMs });
    const waits = asteriskCli(stage.runtime, 'core restart gracefully').catch(String);
    await crowd.until('who talked has ended, and who waited waits with nobody ringing', (seen) => count(seen, 'connected') === 0 && count(seen, 'waiting') + count(seen, 'offered') === 4);
    const { channels } = await crowd.until('no phone rings', (seen) => seen.offers.length === 0);
    if (channels.length !== 4) throw new Error(`${channels.length} channels where four callers wait`);
    await asteriskCli(stage.runtime, 'core abort shutdown');
    await crowd.served();
    await crowd.talksWhole();
    await waits;
    const figures = size === 'long' ? await forGood(stage, crowd) : {};
    await crowd.leave();
    return { placed: crowd.placed(), figures };
  },
};

async function forGood(stage: Stage, crowd: Crowd): Promise<{ readyAgainMs: number }> {
  await crowd.call({ calls: 2 });
  await crowd.until('two talk', (seen) => count(seen, 'connected') === 2);
  const first = stage.runtime.pids.asterisk;
  const restartAt = performance.now();
  await asteriskCli(stage.runtime, 'core restart gracefully').catch(String);
  await crowd.served();
  await until(async () => (stage.runtime.pids.asterisk !== first ? true : undefined), { limitMs: 20_000, what: 'another Asterisk' });
  await until(async () => ((await fetch(`${stage.service.url}/health/ready`)).status === 200 || undefined), { limitMs: 10_000, what: 'the service is ready again' });
  const readyAgainMs = performance.now() - restartAt;
  await crowd.call({ calls: 2 });
  await crowd.served();
  await crowd.talksWhole();
  return { readyAgainMs };
}
