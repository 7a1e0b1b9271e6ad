// One trunk floods with a hundred calls a second; the other, with its few, loses none of them.

import { beginShift } from '../actors/shift.ts';
import { behindTheDoor, reasonsOf, trunks, warned } from '../behind-the-door.ts';
import type { Case } from '../case.ts';
import { openFlood } from '../flood.ts';
import { positionNow } from '../rows.ts';

const seconds = { short: 3, long: 20 } as const;

export const overloadOneTrunk: Case = {
  name: 'overload-one-trunk',
  says: { en: 'one trunk floods with 100 calls a second', zh: '一条中继每秒涌入 100 通来电' },
  stage: behindTheDoor,
  async run({ stage, size }) {
    const position = await positionNow(stage);
    const shift = await beginShift(stage, [{ agents: stage.agents, script: { ringMs: 50, talkMs: 300, speaking: true } }]);
    const alarm = await warned(stage, 'trunk-limit');
    const crowd = await openFlood(stage);
    await crowd.start({ calls: 8 * (seconds[size] + 2), callsPerSecond: 8, host: trunks.usual });
    await crowd.start({ calls: 100 * seconds[size], callsPerSecond: 100, host: trunks.other });
    const { heard } = await crowd.over();
    const { trunk } = await alarm();
    await shift.end();
    if (trunk !== `callers@${trunks.other}`) throw new Error(`the alarm names ${trunk}`);
    const ofUsual = heard.filter(({ from }) => from.startsWith('130'));
    const lost = ofUsual.filter(({ letIn }) => !letIn);
    if (lost.length > 0) throw new Error(`${lost.length} of ${ofUsual.length} calls of the other trunk were turned away`);
    const away = heard.filter(({ letIn }) => !letIn).length;
    const reasons = await reasonsOf(stage, position);
    if (away === 0 || (reasons['trunk-limit'] ?? 0) + (reasons['overload'] ?? 0) !== away) throw new Error(`${away} were turned away on the wire, Postgres has ${JSON.stringify(reasons)}`);
    // A talk of 300 ms on a machine with this much to do may leave no sample; then the row says so.
    return { placed: crowd.placed(), figures: { turnedAway: away, otherTrunk: ofUsual.length } };
  },
};
