/**
 * Why this agent is not rung for this contact, told by the same functions that choose. Costs nothing to the choosing:
 * it is for explanations, audits and tests.
 */
import { deviceOf } from './device-of.ts';
import { isRungFor } from './callback-rule.ts';
import { dutyIn } from './duties.ts';
import { canBeOffered } from './floor.ts';
import type { Agent } from './agent.ts';
import type { Centre } from './model.ts';
import type { InLine } from './ranking.ts';
import { mayTalk } from './recordings.ts';
import { levelFor } from './ring-all.ts';
import { isMetBy, wantOf } from './wants.ts';

export type Misfit =
  /** Orders do not reach the switch. */
  | 'switch-away'
  /** The queue is recorded, nothing can be, and the policy is no call then. */
  | 'not-recordable'
  /** By presence: paused, talking and so on. */
  | 'not-ready'
  /** By the phone itself. */
  | 'phone-in-use'
  | 'phone-unreachable'
  /** Left alone for a while, after the phone was busy or could not be reached. */
  | 'resting'
  | 'not-in-queue'
  /** Kept for the agent whom the caller talked to last, or asked for. */
  | 'kept-for-another'
  | 'needs-unmet'
  /** Of a level that is rung only after a longer wait. */
  | 'level-too-high'
  /** Is to be called back, and no agent is rung before the customer is on the line, or before the queue opens, or before the next attempt. */
  | 'customer-away';

/** Undefined: nothing stands in the way. */
export function misfitOf(centre: Centre, contact: InLine, agent: Agent): Misfit | undefined {
  if (!centre.switchUp) return 'switch-away';
  const { queue } = contact.state;
  const duty = dutyIn(centre, agent.id, queue);
  const profile = centre.floor.profiles.get(agent.id);
  if (duty === undefined || profile === undefined) return 'not-in-queue';
  if (!isMetBy(wantOf(centre, contact), profile)) return 'needs-unmet';
  if ((contact.state.status === 'callback' && !isRungFor(centre, contact)) || contact.state.status === 'dialling') return 'customer-away';
  if (contact.hold !== undefined && contact.hold.for !== agent.id) return 'kept-for-another';
  if (contact.hold === undefined && duty.level > levelFor(centre, contact)) return 'level-too-high';
  if (agent.presence.status !== 'ready') return 'not-ready';
  if (!canBeOffered(centre, agent)) return agent.restUntil > centre.at ? 'resting' : deviceOf(centre, agent) === 'unreachable' ? 'phone-unreachable' : 'phone-in-use';
  return mayTalk(centre, queue) ? undefined : 'not-recordable';
}
