/** 2: no agent is ringing or busy without a channel, and no agent's channel is without an agent who is. */
import type { Agent } from '../../src/acd/agent.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import { agentOf, type Seen } from '../seen.ts';
import type { Stage } from '../../stage/stage.ts';

export function agentsHaveChannels(seen: Seen, config: Stage['config']): string[] {
  // A flow may transfer a caller to an agent's number; that is no call of theirs as an agent.
  const called = new Set(seen.channels.filter(({ id }) => roleOf(id) !== 'transfer').flatMap((channel) => agentOf(channel, config.agents) ?? []));
  const onCall = new Set<string>(seen.agents.filter(busy).map(({ id }) => id));
  return [
    ...seen.agents.filter((agent) => busy(agent) && !called.has(agent.id)).map(({ id, presence }) => `agent ${id} is ${presence.status} without a channel`),
    ...seen.agents.filter(({ id, device }) => (device === 'ringing' || device === 'in-call') && !called.has(id)).map(({ id, device }) => `the phone of ${id} is ${device} without a channel`),
    ...[...called].filter((id) => !onCall.has(id)).map((id) => `agent ${id} has a channel and is neither offered nor talking`),
  ];
}

const busy = ({ presence }: Agent): boolean => presence.status === 'offered' || presence.status === 'talking';
