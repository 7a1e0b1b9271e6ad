/** How an agent is rung, and what whoever answers a mobile hears. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { Media, Order } from '../telephony/port.ts';
import type { ContactState } from './contact.ts';
import type { Centre, Routing } from './model.ts';

/** The agent's own mobile, or the phone at the desk. */
export function phoneOf({ routing }: Centre, agent: AgentId): Pick<Extract<Order, { type: 'ring' }>, 'to' | 'autoAnswer'> {
  const { mobile, autoAnswer } = routing.agents.get(agent) ?? {};
  if (mobile !== undefined) return { to: { kind: 'number', ...mobile } };
  return { to: { kind: 'agent', agent }, ...(autoAnswer && { autoAnswer }) };
}

/** Twice: who takes a mobile out of a pocket misses the beginning. */
export function confirmMedia({ centre: { language } }: Routing, queue: QueueId): readonly Media[] {
  const said = [`queue-name-${queue}`, 'press-1'].map((name): Media => ({ say: 'prompt', name, language }));
  return [...said, ...said];
}

/** After a reconnect who is to press 1 hears it again: the order may have been lost, and in silence nobody would. */
export function saidAgain(centre: Centre, state: ContactState): readonly Order[] {
  const offers = state.status === 'offered' ? state.offers.flatMap((id) => centre.offers.get(id) ?? []) : [];
  return offers.flatMap(({ leg, queue, whisper }): Order[] => (whisper?.confirm ? [{ type: 'play', leg, play: whisper.play, media: confirmMedia(centre.routing, queue) }] : []));
}
