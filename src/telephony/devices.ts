/** AMI's device states → ours. */
import { agentId } from '../base/ids.ts';
import type { AgentId } from '../base/ids.ts';
import type { AmiEvent } from './ami.ts';
import type { Device, SeenDevice } from './port.ts';

/** Undefined for what is not an agent's phone. Both DeviceStateList's items and DeviceStateChange look like this. */
export function deviceIn(event: AmiEvent, agents: ReadonlySet<string>): SeenDevice | undefined {
  if (event['event'] !== 'DeviceStateChange') return undefined;
  const name = /^PJSIP\/(.+)$/.exec(event['device'] ?? '')?.[1];
  if (name === undefined || !agents.has(name)) return undefined;
  const agent: AgentId = agentId(name);
  return { agent, device: states.get(event['state'] ?? '') ?? 'unknown' };
}

/**
 * A registration that comes or goes is a device state too, so ContactStatus tells nothing more. With
 * device_state_busy_at = 1, as in our pjsip.conf, a ringing phone is BUSY.
 */
const states: ReadonlyMap<string, Device> = new Map([
  ['NOT_INUSE', 'idle'],
  ['INUSE', 'in-call'],
  ['BUSY', 'in-call'],
  ['ONHOLD', 'in-call'],
  ['RINGINUSE', 'in-call'],
  ['RINGING', 'ringing'],
  ['UNAVAILABLE', 'unreachable'],
  ['INVALID', 'unreachable'],
]);
