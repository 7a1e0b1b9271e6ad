/** The order of service, worked out a second time without the lines and the pools. */
import type { Event } from '../../src/acd/messages.ts';
import type { Centre } from '../../src/acd/model.ts';
import { meets, resolved } from '../../src/acd/needs.ts';
import { beforeAcrossQueues, beforeInLine, inLine, rankOf } from '../../src/acd/ranking.ts';
import type { InLine } from '../../src/acd/ranking.ts';
import { mayTalk } from '../../src/acd/recordings.ts';
import { takesAnother } from '../../src/acd/ring-all.ts';
import { levelIn } from '../../src/config/agent-config.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';

/** By a walk over all, and the rule alone: of each queue the first whom the agent may have, and of those who is first. */
export function overtakenBy(centre: Centre, events: readonly Event[]): string[] {
  const found: string[] = [];
  for (const [index, event] of events.entries()) {
    // Whoever is offered later in this step still waited then, and may have stood in front of one of the same line.
    const next = events.slice(index + 1).flatMap((event) => (event.type === 'offer-made' ? [event] : []));
    const later = new Set(next.map(({ contact }) => contact));
    const made = new Set(next.map(({ offer }) => offer));
    const taken = event.type === 'offer-made' ? inLine(centre.contacts.get(event.contact)) : undefined;
    const config = event.type === 'offer-made' ? centre.routing.agents.get(event.agent) : undefined;
    if (taken === undefined || config === undefined) continue;
    const rank = (contact: InLine) => rankOf(centre.routing, contact);
    for (const queue of config.queues) {
      if (centre.agents.get(config.id)?.outOf?.includes(queue) || !mayTalk(centre, queue)) continue;
      const waiting = [...centre.contacts.values()].flatMap((contact) => ((takesAnother(centre, contact) || later.has(contact.id)) && 'queue' in contact.state && contact.state.queue === queue ? (inLine(contact) ?? []) : [])).filter((contact) => mayServe(centre, config, contact) && !ringsBelow(centre, config, contact, made));
      const [other] = waiting.sort((a, b) => beforeInLine(rank(a), rank(b)));
      if (other === undefined) continue;
      if (beforeAcrossQueues(centre, rank(other), rank(taken)) < 0) found.push(`${config.id} is rung for ${taken.id} before ${other.id}`);
    }
  }
  return found;
}

/** One level rings at a time. Without the offers that were not made yet. */
function ringsBelow({ routing, offers }: Centre, config: AgentConfig, { state }: InLine, later: ReadonlySet<string>): boolean {
  const queue = routing.queues.get(state.queue);
  if (state.status !== 'offered' || queue?.strategy !== 'ring-all' || queue.levelWaitMs !== undefined) return false;
  const levels = state.offers.flatMap((id) => (later.has(id) ? [] : (routing.agents.get(offers.get(id)?.agent ?? config.id) ?? []))).map((agent) => levelIn(agent, queue.id).level);
  return levels.length > 0 && levelIn(config, queue.id).level > Math.max(...levels);
}

function mayServe({ routing }: Centre, config: AgentConfig, { state, data, hold }: InLine): boolean {
  const queue = routing.queues.get(state.queue);
  if (queue === undefined) return false;
  const { needs: step, own, level } = state.widened ?? { needs: 0, own: 0, level: 0 };
  const rules = [[queue.needs, ...(queue.relax ?? []).map(({ needs }) => needs)].slice(0, step + 1).at(-1), state.asks?.slice(0, own + 1).at(-1)?.needs];
  // Kept for one agent, it is nobody else's, and that one's whatever the level.
  if (hold !== undefined && hold.for !== config.id) return false;
  if (hold === undefined && queue.levelWaitMs !== undefined && levelIn(config, queue.id).level > level + 1) return false;
  return rules.every((rule) => rule === undefined || meets(config.skills, resolved(rule.tree, data)));
}
