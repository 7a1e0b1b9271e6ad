// Calls that are hung up within their first 300 ms: before the service knows of them, in the flow, in line, while it rings.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quickRing, type Case } from '../case.ts';
import { givesUpAfter } from '../actors/hasty-callers.ts';
import { beginShift } from '../actors/shift.ts';

const patiences = { short: [1, 3, 6, 10, 15, 25, 50, 110, 180, 300], long: Array.from({ length: 50 }, (_, index) => (index < 20 ? index + 1 : index * 6)) } as const;
const callsOfEach = { short: 30, long: 200 } as const;
/** At once; each crowd has one patience. */
const crowds = 5;

export const callersLeaveEarly: Case = {
  name: 'callers-leave-early',
  says: { en: '10,000 calls that are hung up within 0 to 300 ms (300 in short)', zh: '一万通来电在 0 到 300 毫秒内挂断（简短运行 300 通）' },
  stage: quickRing,
  async run({ stage, size }) {
    // Some are rung meanwhile, and some even answer.
    const shift = await beginShift(stage, [{ agents: stage.agents.slice(0, 10), script: { ringMs: 100, speaking: true } }]);
    const calls = callsOfEach[size];
    let successful = 0;
    let said = '';
    for (let from = 0; from < patiences[size].length; from += crowds) {
      const runs = patiences[size].slice(from, from + crowds).map(async (ms, index) => {
        const file = join(await stage.folder('numbers'), 'numbers.csv');
        await writeFile(file, ['SEQUENTIAL', ...Array.from({ length: calls }, (_, call) => `;136${String((from + index) * calls + call).padStart(8, '0')};`), ''].join('\n'));
        const crowd = await stage.callers({ calls, callsPerSecond: 10, scenario: givesUpAfter(ms), args: ['-inf', file], limitSeconds: 90 });
        return crowd.outcome;
      });
      for (const outcome of await Promise.all(runs)) {
        successful += outcome.successful;
        said ||= outcome.errors;
      }
    }
    await shift.end();
    const placed = patiences[size].length * calls;
    if (successful !== placed) throw new Error(`${successful} of ${placed} calls could be hung up: ${said.slice(0, 500)}`);
    return { placed };
  },
};
