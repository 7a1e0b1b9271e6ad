/**
 * What can be said of needs only beside the agents: whether anybody can ever meet them, and whether each step really
 * lets more agents in than the one before. A variable may turn out to be anything.
 */
import { assertNever } from '../base/assert.ts';
import { levelIn } from './agent-config.ts';
import type { AgentConfig } from './agent-config.ts';
import type { Needs, NeedsRule, QueueConfig } from './centre-config.ts';
import { compare } from './compare.ts';
import { variablesIn } from './needs-parts.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding, Path, Saying } from './problem.ts';
import { neverReached } from './relax.ts';

type Serving = Pick<AgentConfig, 'id' | 'skills' | 'levels'>;

/** Of one queue and the agents who serve it. */
export function reachFindings(queue: QueueConfig, serving: readonly Serving[]): Finding[] {
  const { id, needs, relax = [] } = queue;
  if (serving.length === 0) return leadsOut(queue) ? [] : [{ path: [id], onKey: true, ...unserved }];
  return [...stepFindings([{ rule: needs, path: [id, 'needs'] }, ...relax.map((step, index) => ({ rule: step.needs, path: [id, 'relax', index, 'needs'] }))], serving), ...levelFindings(queue, serving)];
}

/** Its callers do not wait for ever though nobody answers. */
const leadsOut = ({ overflow, maxWaitMs, empty }: QueueConfig): boolean => overflow !== undefined || maxWaitMs !== undefined || (empty?.joining.length ?? 0) > 0;

/** Sooner or later, for the queue's own needs: nobody else's skills are of use to a caller in it. */
export function mayServe({ skills }: Serving, queue: QueueConfig | undefined): boolean {
  return queue === undefined || [queue.needs, ...(queue.relax ?? []).map(({ needs }) => needs)].some(({ tree }) => mayBe(skills, tree).true);
}

/** A variable that no flow sets would be 0 for every caller. */
export function variableFindings({ id, needs, relax = [] }: QueueConfig, known: ReadonlySet<string>): Finding[] {
  const rules = [{ rule: needs, path: [id, 'needs'] as Path }, ...relax.map((step, index) => ({ rule: step.needs, path: [id, 'relax', index, 'needs'] }))];
  return rules.flatMap(({ rule, path }) => variablesIn(rule.tree).flatMap((name) => (known.has(name) ? [] : [{ path, ...unknownName('variable', name, known) }])));
}

interface Step {
  readonly rule: NeedsRule;
  readonly path: Path;
}

export function stepFindings(steps: readonly Step[], serving: readonly Pick<Serving, 'id' | 'skills'>[]): Finding[] {
  if (serving.length === 0) return [];
  const findings: Finding[] = [];
  let before: ReadonlySet<Serving['id']> | undefined;
  for (const { rule, path } of steps) {
    const who = new Set(serving.filter(({ skills }) => mayBe(skills, rule.tree).true).map(({ id }) => id));
    const lost = before === undefined ? undefined : [...before].find((id) => !who.has(id));
    if (who.size === 0) findings.push({ path, ...nobody });
    else if (lost !== undefined) findings.push({ path, ...narrower(lost) });
    else if (who.size === before?.size && variablesIn(rule.tree).length === 0) findings.push({ path, ...notWider });
    before = who;
  }
  return findings;
}

function levelFindings(queue: QueueConfig, serving: readonly Serving[]): Finding[] {
  const { id, levelWaitMs, overflow } = queue;
  if (levelWaitMs === undefined || serving.length === 0) return [];
  const highest = Math.max(...serving.map((agent) => levelIn(agent, id).level));
  const path = [id, 'levelWait'];
  if (highest === 1) return [{ path, ...oneLevel }];
  return overflow !== undefined && levelWaitMs * (highest - 1) >= overflow.afterMs ? [{ path, ...neverReached }] : [];
}

/** Whether the needs can be true, and whether they can be false, for someone with these skills. */
export function mayBe(skills: AgentConfig['skills'], needs: Needs): { readonly true: boolean; readonly false: boolean } {
  switch (needs.type) {
    case 'anyone':
      return { true: true, false: false };
    case 'level': {
      const holds = compare(levelOf(skills, needs.skill), needs.is, needs.level);
      return { true: holds, false: !holds };
    }
    case 'variable': {
      const has = levelOf(skills, needs.skill);
      const found = levels.map((level) => compare(has, needs.is, level));
      return { true: found.includes(true), false: found.includes(false) };
    }
    case 'not': {
      const of = mayBe(skills, needs.of);
      return { true: of.false, false: of.true };
    }
    case 'all': {
      const of = needs.of.map((part) => mayBe(skills, part));
      return { true: of.every((part) => part.true), false: of.some((part) => part.false) };
    }
    case 'any': {
      const of = needs.of.map((part) => mayBe(skills, part));
      return { true: of.some((part) => part.true), false: of.every((part) => part.false) };
    }
    default:
      return assertNever(needs);
  }
}

const levels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const levelOf = (skills: AgentConfig['skills'], skill: string): number => (Object.hasOwn(skills, skill) ? (skills[skill] ?? 0) : 0);

const nobody: Saying = {
  code: 'nobody-can',
  text: { zh: '此队列没有座席能满足此条件，来电将永远等待', en: 'no agent of this queue meets this: its callers would wait for ever' },
  hint: { zh: '请降低要求，或让合适的座席加入此队列', en: 'ask for less, or put a fitting agent into the queue' },
};
const unserved: Saying = {
  code: 'nobody-serves',
  text: { zh: '没有座席服务此队列，来电将永远等待', en: 'no agent serves this queue: its callers would wait for ever' },
  hint: { zh: '请在 agents.yaml 中把座席加入此队列，或写 overflow、maxWait 或 empty', en: 'put an agent into it in agents.yaml, or write overflow, maxWait or empty' },
};
const notWider: Saying = {
  code: 'not-wider',
  text: { zh: '此步没有让更多座席可接，等于没有放宽', en: 'this step lets no further agent in' },
  hint: { zh: '请删去此步，或降低要求', en: 'remove it, or ask for less' },
};
const narrower = (agent: string): Saying => ({
  code: 'not-wider',
  text: { zh: `等待越久要求反而越高：座席 ${quoted(agent)} 在上一步可接，此步不可`, en: `this asks more than before: agent ${quoted(agent)} would do a step earlier and not here` },
  hint: { zh: '每一步都应包含上一步的座席', en: 'each step must take in all agents of the one before' },
});
const oneLevel: Saying = {
  code: 'not-wider',
  text: { zh: '此队列的座席都是第 1 级，levelWait 不起作用', en: 'all agents of this queue are of level 1, so that this does nothing' },
  hint: { zh: '请删去 levelWait，或在 agents.yaml 中写级别', en: 'remove it, or write levels in agents.yaml' },
};
