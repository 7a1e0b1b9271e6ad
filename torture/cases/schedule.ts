// A random schedule of callers, agents and faults from a seed, with a checker on what was recorded of it.

import type { Case } from '../case.ts';
import { check } from '../history/check.ts';
import { isExcused } from '../history/excused-recordings.ts';
import { told } from '../history/told.ts';
import { scheduleStage } from '../schedule/ground.ts';
import { makePlan } from '../schedule/plan.ts';
import { playDay } from '../schedule/play.ts';

const lengthMs = { short: 12_000, long: 3_600_000 } as const;
const faultEveryMs = { short: 5_000, long: 12_000 } as const;
/** Of each rule. */
const shownMax = 2;

export const schedule: Case = {
  name: 'schedule',
  says: { en: 'a random schedule of callers, agents and faults', zh: '随机安排的来电、坐席操作与故障' },
  stage: scheduleStage,
  async run({ stage, size, seed, minutes, say }) {
    const asked = minutes === undefined ? size : 'long';
    const steps = makePlan({ seed, lengthMs: minutes === undefined ? lengthMs[size] : minutes * 60_000, agents: stage.agents.length, faultEveryMs: faultEveryMs[asked] });
    say({ en: `seed ${seed}, ${steps.length} steps`, zh: `种子 ${seed}，共 ${steps.length} 步` });
    const { history, startedAt, unended } = await playDay(stage, steps, ({ atMs, fault, forMs }) => say({ en: `${atMs} ms: ${fault} (${forMs} ms)`, zh: `${atMs} 毫秒：${fault}（${forMs} 毫秒）` }));
    const violations = check(history);
    if (violations.length + unended.length > 0) {
      const ofRules = [...Map.groupBy(violations, ({ rule }) => rule)].map(([rule, ofRule]) => [`${rule}: ${ofRule.length}`, ...ofRule.slice(0, shownMax).map((violation) => told(history, violation, startedAt))].join('\n'));
      throw new Error([`seed ${seed}${minutes === undefined ? '' : ` --minutes ${minutes}`}: ${violations.length} violations`, ...unended, ...ofRules].join('\n'));
    }
    const done = history.asked.filter(({ answer }) => answer === 'done').length;
    return {
      // The checker has told the calls that are contacts from those that cannot be.
      placed: Number.NaN,
      recordingsMayFail: isExcused(history.events, history.faults),
      figures: { calls: history.dials.reduce((sum, { numbers }) => sum + numbers.length, 0), commands: done, faults: history.faults.length, asteriskDied: history.faults.filter(({ fault }) => fault === 'asterisk-died').length, events: history.events.length },
    };
  },
};
