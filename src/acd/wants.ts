/** What a waiting contact asks of an agent at this moment, and whether one has it: worked out once for all who are alike. */
import type { AgentConfig } from '../config/agent-config.ts';
import type { Needs, NeedsRule, QueueConfig } from '../config/centre-config.ts';
import { variablesIn } from '../config/needs-parts.ts';
import type { Centre } from './model.ts';
import { levelIn, meets, resolved, skillsAsked } from './needs.ts';
import type { InLine } from './ranking.ts';
import { notWidened } from './rings.ts';

export interface Want {
  /** Equal for equal wants of one queue. */
  readonly key: string;
  readonly needs: Needs;
  /** That are asked for, and not only to be without. */
  readonly skills: readonly string[];
  /** What was found for each profile. */
  readonly met: Map<Profile, boolean>;
}

/** Agents whose skills are the same share one, so that needs are worked out once for them all. */
export interface Profile {
  readonly skills: AgentConfig['skills'];
}

/** Of one queue, step by step: what everybody asks, or undefined where that depends on the caller. */
export type QueueWants = readonly (Want | undefined)[];

export const newWant = (key: string, needs: Needs): Want => ({ key, needs, skills: [...new Set(skillsAsked(needs))], met: new Map() });

export const wantsOf = (queue: QueueConfig): QueueWants => rulesOf(queue).map(({ text, tree }) => (variablesIn(tree).length > 0 ? undefined : newWant(text, tree)));

/** The queue's need in force and the contact's own. */
export function wantOf({ floor, routing }: Centre, { state, data }: InLine): Want {
  const { queue, asks, widened = notWidened } = state;
  const own = asks?.[Math.min(widened.own, asks.length - 1)]?.needs;
  const common = atStep(floor.wants.get(queue) ?? [], widened.needs);
  if (common !== undefined && own === undefined) return common;
  const rule = ruleAt(routing.queues.get(queue), widened.needs);
  if (rule === undefined) return anyone;
  const rules = own === undefined ? [rule] : [rule, own];
  const key = rules.map(({ text, tree }) => `(${text})${variablesIn(tree).map((name) => ` ${name}=${levelIn(data, name)}`).join('')}`).join(' && ');
  return floor.pools.get(queue)?.get(key)?.want ?? newWant(key, { type: 'all', of: rules.map(({ tree }) => resolved(tree, data)) });
}

export function isMetBy({ needs, met }: Want, profile: Profile): boolean {
  const known = met.get(profile);
  if (known !== undefined) return known;
  const found = meets(profile.skills, needs);
  met.set(profile, found);
  return found;
}

const rulesOf = ({ needs, relax = [] }: QueueConfig): readonly NeedsRule[] => [needs, ...relax.map((step) => step.needs)];
const ruleAt = (queue: QueueConfig | undefined, step: number): NeedsRule | undefined => queue && atStep(rulesOf(queue), step);
/** A new configuration may have fewer steps than a contact has come to. */
const atStep = <Step>(steps: readonly Step[], step: number): Step | undefined => steps[Math.min(step, steps.length - 1)];

const anyone = newWant('true', { type: 'anyone' });
