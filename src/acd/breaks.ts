/** Limits on pauses: how long before supervisors are warned, how many of a team at once, and with whose agreement. */
import type { AgentId } from '../base/ids.ts';
import type { Command, Refusal } from './commands.ts';
import type { Agent, PauseReason } from './agent.ts';
import type { Centre } from './model.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { clearAlarm, raiseAlarm } from './warn.ts';

/**
 * Why the agent may not pause for this reason now. One who is on a call and has the pause to come counts as having it,
 * so that what was promised is kept.
 */
export function breakRefused(centre: Centre, agent: Agent, reason: PauseReason): Refusal | undefined {
  const { routing, agents } = centre;
  const atOnce = routing.centre.breaks.get(reason)?.atOnce;
  if (atOnce === undefined) return undefined;
  const team = routing.agents.get(agent.id)?.team;
  let away = 0;
  for (const other of agents.values()) if (other.id !== agent.id && hasBreak(other, reason) && routing.agents.get(other.id)?.team === team) away += 1;
  return away < atOnce ? undefined : { code: 'break-full', detail: String(atOnce) };
}

const hasBreak = ({ presence, then }: Agent, reason: PauseReason): boolean =>
  (presence.status === 'paused' && presence.reason === reason) || (then?.status === 'paused' && then.reason === reason);

/** Those who decide need not ask. */
export function needsApproval({ routing }: Centre, agent: AgentId, reason: PauseReason): boolean {
  return routing.centre.breaks.get(reason)?.approval === true && routing.agents.get(agent)?.role === 'agent';
}

export function decideBreak(turn: Turn, { type, agent: by, of }: Extract<Command, { type: 'grant-break' | 'deny-break' }>): Refusal | undefined {
  const { centre } = turn;
  const role = centre.routing.agents.get(by)?.role;
  if (role === undefined) return { code: 'unknown-agent', detail: by };
  if (role === 'agent') return { code: 'not-allowed' };
  const agent = centre.agents.get(of);
  if (agent === undefined) return { code: 'unknown-agent', detail: of };
  if (agent.asked === undefined) return { code: 'no-break-asked' };
  const { reason } = agent.asked;
  const granted = type === 'grant-break';
  const refusal = granted ? breakRefused(centre, agent, reason) : undefined;
  if (refusal !== undefined) return refusal;
  emit(turn, { type: 'break-decided', agent: of, reason, granted, by });
  if (granted) beginBreak(turn, agent, reason);
  return undefined;
}

/** At once, or after the call. */
export function beginBreak(turn: Turn, { id, presence }: Agent, reason: PauseReason): void {
  if (presence.status === 'ready' || presence.status === 'paused') emit(turn, { type: 'presence-changed', agent: id, from: presence.status, presence: { status: 'paused', since: turn.at, idleSince: presence.idleSince, reason }, because: 'asked' });
  else emit(turn, { type: 'presence-requested', agent: id, then: 'paused', reason });
}

/** A deadline of the pause; it may be another one by now. */
export function breakDue(turn: Turn, agent: AgentId): void {
  if (isTooLong(turn, agent)) raiseAlarm(turn, 'break-too-long', { agent });
}

/** Warned no longer of who is back, or whose pause has no such limit any more. */
export function breaksOver(turn: Turn): void {
  if (!turn.events.some(({ type }) => type === 'presence-changed' || type === 'configured')) return;
  for (const { code, agent } of [...turn.centre.alarms.values()]) if (code === 'break-too-long' && agent !== undefined && !isTooLong(turn, agent)) clearAlarm(turn, code, { agent });
}

function isTooLong({ centre, at }: Turn, agent: AgentId): boolean {
  const presence = centre.agents.get(agent)?.presence;
  const longestMs = presence?.status === 'paused' ? centre.routing.centre.breaks.get(presence.reason)?.longestMs : undefined;
  return presence !== undefined && longestMs !== undefined && presence.since + longestMs <= at;
}
