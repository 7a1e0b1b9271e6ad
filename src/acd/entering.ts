/** Whether a queue takes one more caller, and who of its agents is there. */
import { memo } from '../base/memo.ts';
import type { AgentId, QueueId } from '../base/ids.ts';
import type { AwayReason, QueueConfig } from '../config/centre-config.ts';
import { closedNow } from './closed.ts';
import { deviceOf } from './device-of.ts';
import { estimateOfNext } from './estimate.ts';
import { callersIn } from './lines.ts';
import type { TurnedAwayFromQueue } from './messages.ts';
import type { Agent } from './agent.ts';
import type { KeptPlace } from './contact.ts';
import type { Centre, Routing } from './model.ts';
import { meets } from './needs.ts';

/** Undefined: come in. One who comes back to a place that he kept is not sent away for the others. */
export function whyNot(centre: Centre, id: QueueId, kept?: KeptPlace): TurnedAwayFromQueue | undefined {
  const queue = centre.routing.queues.get(id);
  if (queue === undefined) return 'queue-removed';
  const closed = closedNow(centre, queue);
  // One who is back by a key is one of those who wait.
  if (closed !== undefined && (closed.waiting === 'leave' || kept?.queue !== id || kept.enteredAt === undefined)) return 'closed';
  if (isEmpty(centre, queue, queue.empty?.joining)) return 'empty';
  if (kept !== undefined) return undefined;
  if (callersIn(centre, id) >= queue.maxWaiting) return 'full';
  return isTooLong(centre, queue) ? 'diverted' : undefined;
}

/** Nobody is diverted from an empty line, nor by an estimate that is not sure of itself. */
function isTooLong(centre: Centre, { id, divert }: QueueConfig): boolean {
  const waiting = callersIn(centre, id);
  if (divert === undefined || waiting === 0) return false;
  const onDuty = agentsOf(centre.routing, id).filter((agent) => isOnDuty(centre.agents.get(agent), id)).length;
  if (divert.callersPerAgent !== undefined && waiting + 1 > divert.callersPerAgent * onDuty) return true;
  const { p50Ms = 0 } = divert.estimatedWaitMs === undefined ? {} : (estimateOfNext(centre, id) ?? {});
  return p50Ms > (divert.estimatedWaitMs ?? Number.POSITIVE_INFINITY);
}

/** Signed in, whatever they do there now. */
const isOnDuty = (agent: Agent | undefined, queue: QueueId): boolean => agent !== undefined && agent.presence.status !== 'offline' && agent.outOf?.includes(queue) !== true;

/** Each of its agents is one of these, or it has none. Without reasons it never is. */
export function isEmpty(centre: Centre, queue: QueueConfig, reasons: readonly AwayReason[] = []): boolean {
  // What is known of phones while the switch is away is old.
  if (reasons.length === 0 || !centre.switchUp) return false;
  return agentsOf(centre.routing, queue.id).every((id) => {
    const agent = centre.agents.get(id);
    return agent === undefined || awayBecause(centre, agent, queue).some((reason) => reasons.includes(reason));
  });
}

/** All that holds, so that one who is paused with a dead phone is both. */
export function awayBecause(centre: Centre, agent: Agent, queue: QueueConfig): readonly AwayReason[] {
  const { id, presence, outOf } = agent;
  const device = deviceOf(centre, agent);
  const found: AwayReason[] = [];
  if (!meets(centre.routing.agents.get(id)?.skills ?? {}, queue.needs.tree)) found.push('unskilled');
  if (presence.status === 'offline' || presence.status === 'paused' || presence.status === 'wrap-up') found.push(presence.status);
  // Signed out of this queue alone.
  else if (outOf?.includes(queue.id)) found.push('offline');
  if (presence.status === 'talking' || device === 'in-call') found.push('talking');
  if (presence.status === 'offered' || device === 'ringing') found.push('ringing');
  if (device === 'unreachable' || device === 'unknown') found.push(device);
  return found;
}

export const agentsOf = (routing: Routing, queue: QueueId): readonly AgentId[] => byQueue(routing).get(queue) ?? [];

const byQueue = memo((routing: Routing): ReadonlyMap<QueueId, readonly AgentId[]> => {
  const found = new Map<QueueId, AgentId[]>();
  for (const { id, queues } of routing.agents.values()) for (const queue of queues) {
    const agents = found.get(queue);
    if (agents === undefined) found.set(queue, [id]);
    else agents.push(id);
  }
  return found;
});
