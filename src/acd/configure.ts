import { applyRouting } from './apply.ts';
import type { Refusal } from './messages.ts';
import type { Routing } from './model.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Takes a new configuration whole. No call, log-in or place in line is touched; a queue with callers may not vanish. */
export function configure(turn: Turn, routing: Routing): Refusal | undefined {
  const { centre } = turn;
  if (routing.version === centre.routing.version) return { code: 'already' };
  for (const contact of centre.contacts.values()) {
    if ('queue' in contact.state && !routing.queues.has(contact.state.queue)) return { code: 'unknown-queue', detail: contact.state.queue };
  }
  applyRouting(centre, routing, turn.touched);
  emit(turn, { type: 'configured', version: routing.version });
  for (const [id, agent] of centre.agents) {
    if (routing.agents.has(id)) continue;
    const { presence } = agent;
    if (presence.status === 'ready' || presence.status === 'paused') emit(turn, { type: 'presence-changed', agent: id, from: presence.status, presence: { status: 'offline', since: turn.at }, because: 'removed' });
  }
  return undefined;
}
