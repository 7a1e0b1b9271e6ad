// The caller leaves while the phone rings, and the CANCEL to the phone meets its 200 OK on the way.

import { quickRing, type Case } from '../case.ts';
import { oddPhones } from '../actors/odd-phones.ts';
import { beginShift } from '../actors/shift.ts';
import { positionNow, rowsSince } from '../rows.ts';

export const phonesCrossCancel: Case = {
  name: 'phones-cross-cancel',
  says: { en: 'a phone that answers in the moment in which it is cancelled', zh: '话机在被取消的同一刻接听' },
  stage: quickRing,
  async run({ stage, size }) {
    const position = await positionNow(stage);
    const shift = await beginShift(stage, [{ agents: stage.agents, script: oddPhones['answers-too-late']() }]);
    const calls = size === 'short' ? 100 : 2_000;
    // Half of them are let ring until the limit is over, which is the other reason for a CANCEL.
    const leave = await stage.callers({ calls: calls / 2, callsPerSecond: 20, stayMs: 300, limitSeconds: 150 });
    const left = await leave.outcome;
    const wait = await stage.callers({ calls: 10, stayMs: 4_000, limitSeconds: 60 });
    const waited = await wait.outcome;
    await shift.end();
    const successful = left.successful + waited.successful;
    const placed = calls / 2 + 10;
    if (successful !== placed) throw new Error(`${successful} of ${placed} calls ended well: ${left.errors.slice(0, 300)} ${waited.errors.slice(0, 300)}`);
    const { offers } = await rowsSince(stage.db, stage.config.centre.id, position);
    const seen = Object.fromEntries([...Map.groupBy(offers, ({ outcome }) => String(outcome))].map(([outcome, all]) => [outcome, all.length]));
    if ('accepted' in seen || !('withdrawn' in seen) || !('no-answer' in seen)) throw new Error(`offers ended ${JSON.stringify(seen)}`);
    return { placed };
  },
};
