import type { Device } from '../telephony/port.ts';
import type { Agent } from './agent.ts';
import type { Centre } from './model.ts';

/** The phone that the agent is rung on. Of a mobile nothing is known, and it may always be tried. */
export function deviceOf({ routing }: Pick<Centre, 'routing'>, { id, device }: Pick<Agent, 'id' | 'device'>): Device {
  return device !== 'idle' && routing.agents.get(id)?.mobile !== undefined ? 'idle' : device;
}
