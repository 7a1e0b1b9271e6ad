// One number calls fifty times a minute. It is let in as often as one may call, the others notice nothing.

import { readFile } from 'node:fs/promises';
import { beginShift } from '../actors/shift.ts';
import { behindTheDoor, reasonsOf, warned } from '../behind-the-door.ts';
import type { Case } from '../case.ts';
import { door, openFlood } from '../flood.ts';
import { positionNow } from '../rows.ts';

const nuisance = '13999990000';
const calls = 50;
/** As many at once as in a minute, then one for each part of it. */
const times = { short: { callsPerSecond: 10, seconds: 5 }, long: { callsPerSecond: 50 / 60, seconds: 60 } } as const;

export const overloadOneNumber: Case = {
  name: 'overload-one-number',
  says: { en: 'one number calls 50 times a minute (in 5 s in short)', zh: '一个号码一分钟呼入 50 次（简短运行为 5 秒内）' },
  stage: behindTheDoor,
  async run({ stage, size }) {
    const { callsPerSecond, seconds } = times[size];
    const position = await positionNow(stage);
    const shift = await beginShift(stage, [{ agents: stage.agents, script: { ringMs: 50, talkMs: 300, speaking: true } }]);
    const alarm = await warned(stage, 'caller-limit');
    const crowd = await openFlood(stage);
    await crowd.start({ calls: 5 * seconds, callsPerSecond: 5 });
    await crowd.start({ calls, callsPerSecond, number: nuisance });
    const { heard } = await crowd.over();
    const { ani } = await alarm();
    await shift.end();
    if (ani !== nuisance) throw new Error(`the alarm names ${ani}`);
    const letIn = heard.filter(({ from, letIn: one }) => one && from === nuisance).length;
    const may = door.callsOfOneNumber * (1 + seconds / 60);
    if (Math.abs(letIn - may) > 1) throw new Error(`the number was let in ${letIn} times; ${may} are its right`);
    const others = heard.filter(({ from, letIn: one }) => !one && from !== nuisance);
    if (others.length > 0) throw new Error(`${others.length} others were turned away`);
    const reasons = await reasonsOf(stage, position);
    if (reasons['caller-limit'] !== calls - letIn) throw new Error(`${calls - letIn} were turned away on the wire, Postgres has ${JSON.stringify(reasons)}`);
    const log = await readFile(stage.service.logFile, 'utf8');
    if (!log.includes('"code":"caller-limit"') || log.includes(nuisance)) throw new Error('the log has no line of it, or has the number in full');
    // A talk of 300 ms may leave no sample; then the row says so.
    return { placed: crowd.placed(), figures: { letIn } };
  },
};
