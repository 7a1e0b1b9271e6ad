import type { SeenDevice } from '../telephony/port.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** An agent's phone as the switch has it. */
export function deviceSeen(turn: Turn, { agent: id, device, remoteAnswer = false }: SeenDevice): void {
  const agent = turn.centre.agents.get(id);
  if (agent === undefined || (agent.device === device && (agent.remoteAnswer ?? false) === remoteAnswer)) return;
  emit(turn, { type: 'device-changed', agent: id, device, ...(remoteAnswer ? { remoteAnswer } : {}) });
}
