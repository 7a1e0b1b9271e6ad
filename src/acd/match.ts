/** The match loop: while a contact waits and an eligible agent is free, reserve. */
import type { Agent, Centre } from './model.ts';
import { makeOffer } from './offers.ts';
import { meets } from './needs.ts';
import { beforeAcrossQueues, inLine, longestIdle } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { mayTalk } from './recordings.ts';
import type { Turn } from './turn.ts';

/**
 * Only those are looked at whom this turn changed: had any other pair been possible, an earlier turn would have made
 * it. Freed agents choose first, longest idle first; then contacts that began to wait, in their order.
 */
export function match(turn: Turn): void {
  const { centre } = turn;
  if (!centre.switchUp) return;
  const freed = [...turn.freed].flatMap((id) => centre.agents.get(id) ?? []).sort(longestIdle);
  for (const agent of freed) {
    const contact = bestContactFor(centre, agent);
    if (contact !== undefined) makeOffer(turn, contact, agent);
  }
  const waiting = [...turn.waiting].flatMap((id) => inLine(centre.contacts.get(id)) ?? []).sort((a, b) => beforeAcrossQueues(centre, a, b));
  for (const { id } of waiting) {
    const contact = inLine(centre.contacts.get(id));
    if (contact === undefined || contact.state.status !== 'waiting') continue;
    const agent = bestAgentFor(centre, contact);
    if (agent !== undefined) makeOffer(turn, contact, agent);
  }
}

/** Free for an offer this very moment, whatever the contact. A phone we know nothing of may be rung. */
export function canBeOffered(centre: Centre, agent: Agent): boolean {
  return agent.presence.status === 'ready' && (agent.device === 'idle' || agent.device === 'unknown') && agent.restUntil <= centre.at;
}

function bestContactFor(centre: Centre, agent: Agent): InLine | undefined {
  const config = centre.routing.agents.get(agent.id);
  if (config === undefined || !canBeOffered(centre, agent)) return undefined;
  let best: InLine | undefined;
  for (const id of config.queues) {
    const queue = centre.routing.queues.get(id);
    if (queue === undefined || !meets(config.skills, queue.needs.tree) || !mayTalk(centre, id)) continue;
    const first = firstWaiting(centre, centre.lines.get(id) ?? []);
    if (first !== undefined && (best === undefined || beforeAcrossQueues(centre, first, best) < 0)) best = first;
  }
  return best;
}

function bestAgentFor(centre: Centre, contact: InLine): Agent | undefined {
  const queue = centre.routing.queues.get(contact.state.queue);
  if (queue === undefined || !mayTalk(centre, queue.id)) return undefined;
  for (const id of centre.idle.get(queue.id) ?? []) {
    const agent = centre.agents.get(id);
    const skills = centre.routing.agents.get(id)?.skills;
    if (agent !== undefined && skills !== undefined && canBeOffered(centre, agent) && meets(skills, queue.needs.tree)) return agent;
  }
  return undefined;
}

/** Those who are being offered stand in front and are passed over: as many as phones are ringing. */
function firstWaiting(centre: Centre, line: readonly Parameters<typeof centre.contacts.get>[0][]): InLine | undefined {
  for (const id of line) {
    const contact = inLine(centre.contacts.get(id));
    if (contact?.state.status === 'waiting') return contact;
  }
  return undefined;
}
