import type { AgentId } from '../base/ids.ts';
import type { Presence } from './agent.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Whoever waited for a customer whom we did not reach: nothing to wrap up, so what was asked for meanwhile, else ready. */
export function letGo(turn: Turn, id: AgentId): void {
  const agent = turn.centre.agents.get(id);
  if (agent?.presence.status !== 'talking') return;
  const { then, presence: { since: idleSince } } = agent;
  const next: Presence = then?.status === 'offline' || !turn.centre.routing.agents.has(id) ? { status: 'offline', since: turn.at }
    : then !== undefined ? { status: 'paused', since: turn.at, idleSince, reason: then.reason }
    : { status: 'ready', since: turn.at, idleSince };
  emit(turn, { type: 'presence-changed', agent: id, from: 'talking', presence: next, because: 'callback-over' });
}
