/** agents.yaml: the people, by their number (工号). */
import { z } from 'zod';
import { agentId } from '../base/ids.ts';
import type { AgentId } from '../base/ids.ts';
import { readAgentQueues } from './agent-queues.ts';
import { wrapUpModes } from './agent-config.ts';
import type { AgentConfig } from './agent-config.ts';
import { duration } from './duration.ts';
import { mobileOf, mobileShape } from './mobile-file.ts';
import { quoted } from './problem.ts';
import type { Finding } from './problem.ts';
import { isRecord, parse, shaped, strict, text } from './schema.ts';

const agentsMax = 50_000;

/** As CEL writes a name, because `needs` is written over skills. */
const skill = shaped(/^[a-z][a-z0-9_]{0,63}$/, {
  code: 'bad-name',
  text: { zh: '技能名不合规则', en: 'this is not the name of a skill' },
  hint: { zh: '请用小写字母开头，只含小写字母、数字和 _，最多 64 个字符', en: 'start with a small letter; small letters, digits and _ only, 64 at most' },
});

const schema = strict({
  name: text,
  role: z.enum(['agent', 'supervisor', 'admin']).default('agent'),
  team: z.string().max(64).default(''),
  // Read apart: a list of names, or levels by name.
  queues: z.unknown().optional(),
  autoAnswer: z.boolean().default(false),
  mobile: mobileShape.optional(),
  wrapUp: strict({ time: duration({ min: '0s', max: '1h' }).optional(), mode: z.enum(wrapUpModes).optional() }).optional(),
  skills: z.record(skill, z.int().min(1).max(10)).default({}),
});

export interface ReadAgents {
  readonly value: ReadonlyMap<AgentId, AgentConfig>;
  readonly findings: readonly Finding[];
}

export function readAgents(raw: unknown, queues: readonly string[]): ReadAgents {
  const agents = new Map<AgentId, AgentConfig>();
  const findings: Finding[] = [];
  if (!isRecord(raw)) return { value: agents, findings: [notABlock] };
  const entries = Object.entries(raw);
  if (entries.length > agentsMax) findings.push({ path: [], code: 'too-many', text: { zh: `座席超过 ${agentsMax} 名`, en: `more than ${agentsMax} agents` } });
  for (const [number, entry] of entries.slice(0, agentsMax)) {
    if (!/^\d{3,6}$/.test(number)) {
      findings.push({ path: [number], onKey: true, code: 'bad-agent', text: { zh: `${quoted(number)} 不是工号`, en: `${quoted(number)} is not an agent's number` }, hint: { zh: '工号为 3 到 6 位数字', en: 'write 3 to 6 digits' } });
    }
    const served = readAgentQueues(isRecord(entry) ? entry['queues'] : undefined, [number, 'queues'], queues);
    findings.push(...served.findings);
    const parsed = parse(schema, entry, [number]);
    findings.push(...parsed.findings);
    if (parsed.value === undefined) continue;
    const { queues: _, wrapUp, autoAnswer, mobile, ...rest } = parsed.value;
    agents.set(agentId(number), {
      ...rest, id: agentId(number), queues: served.queues,
      ...(Object.keys(served.levels).length > 0 && { levels: served.levels }),
      ...(autoAnswer && { autoAnswer: true as const }),
      ...(mobile && { mobile: mobileOf(mobile) }),
      ...(wrapUp && { wrapUp: { ...(wrapUp.time !== undefined && { ms: wrapUp.time }), ...(wrapUp.mode && { mode: wrapUp.mode }) } }),
    });
  }
  return { value: agents, findings };
}

const notABlock: Finding = {
  path: [],
  code: 'wrong-type',
  text: { zh: '此处应为“工号: …”', en: 'this should be a block of “agent number: …”' },
};
