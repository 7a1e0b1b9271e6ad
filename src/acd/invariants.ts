/** What must hold after every step. Each sentence is the promise; a violation is a bug, never an operating error. */
import type { Centre } from './model.ts';
import { canBeOffered } from './match.ts';
import { meets } from './needs.ts';
import { beforeInLine, inLine } from './ranking.ts';
import { mayTalk } from './recordings.ts';

/** The broken promises, empty when all is well. Costs a walk over everything: for tests and audits, not for each call. */
export function violations(centre: Centre): string[] {
  return [...offersHold(centre), ...agentsHold(centre), ...contactsHold(centre), ...linesHold(centre), ...nobodyWaitsBesideAFreeAgent(centre)];
}

function offersHold(centre: Centre): string[] {
  const found: string[] = [];
  const agents = new Set<string>();
  const contacts = new Set<string>();
  for (const offer of centre.offers.values()) {
    if (agents.has(offer.agent)) found.push(`two offers to agent ${offer.agent}`);
    if (contacts.has(offer.contact)) found.push(`two offers of contact ${offer.contact}`);
    agents.add(offer.agent);
    contacts.add(offer.contact);
    const contact = centre.contacts.get(offer.contact)?.state;
    if (contact?.status !== 'offered' || contact.offer !== offer.id) found.push(`offer ${offer.id} of a contact that is not offered`);
    const agent = centre.agents.get(offer.agent)?.presence;
    if (agent?.status !== 'offered' || agent.offer !== offer.id) found.push(`offer ${offer.id} to an agent who is not offered`);
    if (!centre.deadlines.some((deadline) => deadline.kind === 'offer' && deadline.offer === offer.id)) found.push(`offer ${offer.id} without a deadline`);
  }
  return found;
}

function agentsHold(centre: Centre): string[] {
  const found: string[] = [];
  for (const { id, presence } of centre.agents.values()) {
    if (presence.status === 'offered' && !centre.offers.has(presence.offer)) found.push(`agent ${id} is offered without an offer`);
    if (presence.status === 'talking') {
      const state = centre.contacts.get(presence.contact)?.state;
      if (state?.status !== 'connected' || state.agent !== id) found.push(`agent ${id} talks to nobody`);
    }
    if (presence.status === 'wrap-up' && presence.until !== undefined && !centre.deadlines.some((deadline) => deadline.kind === 'wrap-up' && deadline.agent === id)) found.push(`agent ${id} in wrap-up without a deadline`);
    const listed = [...centre.idle.values()].some((idle) => idle.includes(id));
    const queues = centre.routing.agents.get(id)?.queues.length ?? 0;
    if (listed !== (presence.status === 'ready' && queues > 0)) found.push(`agent ${id} is ${presence.status} and ${listed ? '' : 'not '}listed as ready`);
  }
  return found;
}

function contactsHold(centre: Centre): string[] {
  const found: string[] = [];
  const talking = new Set<string>();
  for (const { id, leg, state } of centre.contacts.values()) {
    if (centre.legs.get(leg) !== id) found.push(`contact ${id} is not found by its leg`);
    if (state.status === 'offered' && !centre.offers.has(state.offer)) found.push(`contact ${id} is offered without an offer`);
    if (state.status !== 'connected') continue;
    if (talking.has(state.agent)) found.push(`two contacts talk to agent ${state.agent}`);
    talking.add(state.agent);
    const presence = centre.agents.get(state.agent)?.presence;
    if (presence?.status !== 'talking' || presence.contact !== id) found.push(`contact ${id} talks to an agent who does not`);
  }
  for (const [leg, contact] of centre.legs) if (!centre.contacts.has(contact)) found.push(`leg ${leg} of a contact that is gone`);
  return found;
}

function linesHold(centre: Centre): string[] {
  const found: string[] = [];
  const placed = new Map<string, string>();
  for (const [queue, line] of centre.lines) {
    line.forEach((id, index) => {
      const contact = inLine(centre.contacts.get(id));
      const next = inLine(centre.contacts.get(line[index + 1] ?? id));
      if (contact === undefined || contact.state.queue !== queue) found.push(`contact ${id} stands in ${queue} and does not wait there`);
      else if (next !== undefined && next.id !== id && beforeInLine(contact, next) > 0) found.push(`${queue} is out of order at ${id}`);
      if (placed.has(id)) found.push(`contact ${id} stands in two lines`);
      placed.set(id, queue);
    });
  }
  for (const contact of centre.contacts.values()) if (inLine(contact) !== undefined && !placed.has(contact.id)) found.push(`contact ${contact.id} waits in no line`);
  return found;
}

function nobodyWaitsBesideAFreeAgent(centre: Centre): string[] {
  if (!centre.switchUp) return [];
  const found: string[] = [];
  for (const agent of centre.agents.values()) {
    const config = centre.routing.agents.get(agent.id);
    if (config === undefined || !canBeOffered(centre, agent)) continue;
    for (const id of config.queues) {
      const queue = centre.routing.queues.get(id);
      const waits = (centre.lines.get(id) ?? []).some((contact) => centre.contacts.get(contact)?.state.status === 'waiting');
      if (queue !== undefined && waits && mayTalk(centre, id) && meets(config.skills, queue.needs.tree)) found.push(`agent ${agent.id} is free while a caller waits in ${id}`);
    }
  }
  return found;
}
