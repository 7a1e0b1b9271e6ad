/** Whether anybody of a queue could talk to a customer whom we call. Remembered, for it is asked at the end of each step. */
import type { AwayReason, QueueConfig } from '../config/centre-config.ts';
import { awayBecause, isEmpty } from './entering.ts';
import type { Agent } from './agent.ts';
import type { Centre } from './model.ts';

const away: readonly AwayReason[] = ['offline', 'paused', 'unreachable'];

export function isStaffed(centre: Centre, queue: QueueConfig): boolean {
  if (!centre.switchUp) return true;
  const known = centre.staffed.get(queue.id);
  if (known !== undefined) return known;
  const is = !isEmpty(centre, queue, away);
  centre.staffed.set(queue.id, is);
  return is;
}

/** Call after the agent was set: who is there makes a queue staffed, and without whom it has to be looked at again. */
export function noteStaff(centre: Centre, agent: Agent): void {
  if (centre.staffed.size === 0) return;
  for (const id of centre.routing.agents.get(agent.id)?.queues ?? []) {
    const queue = centre.routing.queues.get(id);
    const was = centre.staffed.get(id);
    if (queue === undefined || was === undefined) continue;
    const there = !awayBecause(centre, agent, queue).some((reason) => away.includes(reason));
    if (there) centre.staffed.set(id, true);
    else if (was) centre.staffed.delete(id);
  }
}
