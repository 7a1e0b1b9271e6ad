// A random schedule of callers, agents and faults from a seed.

import { house, type Case } from '../case.ts';
import { makePlan } from '../schedule/plan.ts';
import { playDay } from '../schedule/play.ts';

const lengthMs = { short: 20_000, long: 3_600_000 } as const;

export const schedule: Case = {
  name: 'schedule',
  says: { en: 'a random schedule of callers, agents and faults', zh: '随机安排的来电、坐席操作与故障' },
  stage: house,
  async run({ stage, size, seed, minutes, say }) {
    const steps = makePlan({ seed, lengthMs: minutes === undefined ? lengthMs[size] : minutes * 60_000, agents: stage.agents.length });
    say({ en: `seed ${seed}, ${steps.length} steps`, zh: `种子 ${seed}，共 ${steps.length} 步` });
    const day = await playDay(stage, steps, (step) => say({ en: `${step.atMs} ms: ${JSON.stringify(step)}`, zh: `${step.atMs} 毫秒：${JSON.stringify(step)}` }));
    if (day.failed.length > 0) throw new Error(`seed ${seed}: callers were not served: ${day.failed.slice(0, 3).join('\n')}`);
    return { placed: day.placed, figures: { calls: day.placed, faults: day.faults } };
  },
};
