import { applyRouting } from './apply-routing.ts';
import type { Refusal } from './commands.ts';
import type { Centre, Routing } from './model.ts';
import type { QueueId } from '../base/ids.ts';
import { rehome } from './rehome.ts';
import { replacementOf } from './replacement.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/**
 * Takes a new configuration whole. No call, log-in or place in line is touched; a queue with callers may not vanish
 * unless another says that it replaces it.
 */
export function configure(turn: Turn, routing: Routing): Refusal | undefined {
  const { centre } = turn;
  if (routing.version === centre.routing.version) return { code: 'already' };
  const stranded = strandedQueue(centre, routing);
  if (stranded !== undefined) return { code: 'queue-in-use', detail: stranded };
  applyRouting(centre, routing, turn.touched);
  emit(turn, { type: 'configured', version: routing.version });
  for (const [id, agent] of centre.agents) {
    if (routing.agents.has(id)) continue;
    const { presence } = agent;
    if (presence.status === 'ready' || presence.status === 'paused') emit(turn, { type: 'presence-changed', agent: id, from: presence.status, presence: { status: 'offline', since: turn.at }, because: 'removed' });
  }
  rehome(turn);
  return undefined;
}

/** Whose callers would have nowhere to wait. */
function strandedQueue({ contacts }: Centre, routing: Routing): QueueId | undefined {
  for (const { state } of contacts.values()) {
    if ('queue' in state && !routing.queues.has(state.queue) && replacementOf(state.queue, routing) === undefined) return state.queue;
  }
  return undefined;
}
