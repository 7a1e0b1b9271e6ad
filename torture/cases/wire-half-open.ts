// ARI's connection stands and nothing comes through it: for a moment, so that all of it only comes late, and for so long
// that it is given up. Agents hang up, phones answer and callers arrive meanwhile.

import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../runtime/until.ts';
import type { AriWire } from '../../stage/ari-wire.ts';
import type { Stage } from '../../stage/stage.ts';
import { wired, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

/** Shorter than the outage, so that agents hang up in it. */
const talkMs = 2_500;
const outages = { short: [3_000], long: [3_000, 30_000] } as const;

const halfOpen = (name: string, says: Case['says'], dead: (wire: AriWire) => void, more: { readonly reconnects?: boolean } = {}): Case => ({
  name, says, stage: wired,
  async run({ stage, size, say }) {
    const { ari } = stage.wires;
    if (ari === undefined) throw new Error('the stage has no wire');
    let placed = 0;
    const figures: Record<string, number> = {};
    for (const outageMs of outages[size]) {
      say({ en: `nothing comes through for ${outageMs / 1_000} s`, zh: `${outageMs / 1_000} 秒内不通` });
      const crowd = await gather(stage, { talking: 6, waiting: 6, talkMs });
      const connects = ari.opened();
      dead(ari);
      await crowd.call({ calls: 4, callsPerSecond: 4 });
      await sleep(outageMs);
      ari.heal();
      const healedAt = performance.now();
      await until(() => ready(stage), { limitMs: 10_000, what: 'the service is ready again' });
      figures[`readyAfter${outageMs / 1_000}sMs`] = performance.now() - healedAt;
      await crowd.served();
      await crowd.talksWhole();
      const anew = ari.opened() - connects;
      const expected = more.reconnects === true || outageMs > 12_000;
      if ((anew > 0) !== expected) throw new Error(`${anew} new connections after ${outageMs} ms`);
      await crowd.leave();
      placed += crowd.placed();
    }
    return { placed, figures };
  },
});

export const wireFrozen = halfOpen('wire-frozen', { en: 'the ARI connection is held up for 3 s (and 30 s), then all comes late', zh: 'ARI 连接停滞 3 秒（及 30 秒），之后内容迟到' }, (wire) => wire.freeze());
export const wireBlack = halfOpen('wire-black', { en: 'what is sent over ARI is lost for 3 s (and 30 s), then the connection breaks', zh: 'ARI 内容丢失 3 秒（及 30 秒）后连接断开' }, (wire) => wire.blackhole(), { reconnects: true });

async function ready(stage: Stage): Promise<true | undefined> {
  return (await fetch(`${stage.service.url}/health/ready`)).status === 200 ? true : undefined;
}
