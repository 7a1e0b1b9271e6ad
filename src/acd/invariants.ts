/** What must hold after every step. Each sentence is the promise; a violation is a bug, never an operating error. */
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { each } from '../base/sorted.ts';
import { callbackLeg } from '../telephony/ids.ts';
import { waitingIn } from './deserted.ts';
import { nextToDial } from './callbacks.ts';
import { isEmpty } from './entering.ts';
import { misfitOf } from './fits.ts';
import { canBeOffered } from './floor.ts';
import { isDialledFirst } from './callback-rule.ts';
import { isAway } from './lines.ts';
import { callsAt, keyOf } from './open-callbacks.ts';
import { beforeInLine, inLine, rankOf } from './ranking.ts';
import { levelFor, takesAnother } from './ring-all.ts';
import { nextOf } from './wait-deadline.ts';

/** The broken promises, empty when all is well. Costs a walk over everything: for tests and audits, not for each call. */
export function violations(centre: Centre): string[] {
  return [...holdsHold(centre), ...offersHold(centre), ...agentsHold(centre), ...contactsHold(centre), ...linesHold(centre), ...callbacksHold(centre), ...nobodyWaitsBesideAFreeAgent(centre)];
}

/** Who is kept for an agent stands in a line, is found by that agent, and has a deadline after which anyone may have it. */
function holdsHold(centre: Centre): string[] {
  const found: string[] = [];
  for (const contact of centre.contacts.values()) {
    const { id, hold } = contact;
    if (hold === undefined) continue;
    if (inLine(contact) === undefined) found.push(`contact ${id} is kept for ${hold.for} and stands in no line`);
    if (hold.for !== null && !centre.held.get(hold.for)?.has(id)) found.push(`contact ${id} is kept for ${hold.for}, who does not know`);
    if (!centre.deadlines.some((deadline) => deadline.kind === 'hold' && deadline.contact === id && deadline.at <= hold.until)) found.push(`contact ${id} is kept for ${hold.for} without a deadline`);
  }
  for (const [agent, ids] of centre.held) for (const id of ids) if (centre.contacts.get(id)?.hold?.for !== agent) found.push(`contact ${id} is not kept for ${agent} any more`);
  return found;
}

function offersHold(centre: Centre): string[] {
  const found: string[] = [];
  const agents = new Set<string>();
  for (const offer of centre.offers.values()) {
    if (agents.has(offer.agent)) found.push(`two offers to agent ${offer.agent}`);
    agents.add(offer.agent);
    const contact = centre.contacts.get(offer.contact)?.state;
    if (contact?.status !== 'offered' || !contact.offers.includes(offer.id)) found.push(`offer ${offer.id} of a contact that is not offered`);
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
      if ((state?.status === 'dialling' ? state.for?.agent : state?.status === 'connected' ? state.agent : undefined) !== id) found.push(`agent ${id} talks to nobody`);
    }
    if (presence.status === 'wrap-up' && presence.until !== undefined && !centre.deadlines.some((deadline) => deadline.kind === 'wrap-up' && deadline.agent === id)) found.push(`agent ${id} in wrap-up without a deadline`);
  }
  return [...found, ...floorHolds(centre)];
}

function contactsHold(centre: Centre): string[] {
  const found: string[] = [];
  const talking = new Set<string>();
  for (const { id, leg, state } of centre.contacts.values()) {
    if (centre.legs.get(leg) !== id) found.push(`contact ${id} is not found by its leg`);
    if (state.status === 'offered' && (state.offers.length === 0 || new Set(state.offers).size < state.offers.length || !state.offers.every((offer) => centre.offers.get(offer)?.contact === id))) found.push(`contact ${id} is offered without an offer`);
    const agent = state.status === 'connected' ? state.agent : state.status === 'dialling' ? state.for?.agent : undefined;
    if (agent === undefined) continue;
    if (talking.has(agent)) found.push(`two contacts talk to agent ${agent}`);
    talking.add(agent);
    const presence = centre.agents.get(agent)?.presence;
    if (presence?.status !== 'talking' || presence.contact !== id) found.push(`contact ${id} talks to an agent who does not`);
  }
  for (const [leg, contact] of centre.legs) if (!centre.contacts.has(contact)) found.push(`leg ${leg} of a contact that is gone`);
  return found;
}

/** Who may be rung stands in each pool that is the agent's, and nobody else does. A rest that is over ends at its deadline. */
function floorHolds(centre: Centre): string[] {
  const found: string[] = [];
  for (const agent of centre.agents.values()) {
    const listed = centre.floor.free.has(agent.id);
    if (listed !== canBeOffered(centre, agent) && (listed || centre.switchUp)) found.push(`agent ${agent.id} is ${agent.presence.status} and ${listed ? '' : 'not '}listed as free`);
  }
  if (centre.floor.fresh.size > 0) found.push('somebody came free and stands in no pool');
  for (const [queue, pools] of centre.floor.pools) {
    for (const { agents } of pools.values()) {
      const listed = [...each(agents)];
      for (const [index, { agent }] of listed.entries()) {
        const next = listed[index + 1];
        if (!centre.floor.free.has(agent)) found.push(`agent ${agent} stands in ${queue} and is not free`);
        if (next !== undefined && agents.order(listed[index] ?? next, next) >= 0) found.push(`the agents of ${queue} are out of order at ${agent}`);
      }
    }
  }
  return found;
}

function linesHold(centre: Centre): string[] {
  const found: string[] = [];
  const placed = new Map<string, string>();
  for (const [queue, { all, lanes }] of centre.lines) {
    const waiting = new Set([...lanes.values()].flatMap((lane) => [...each(lane.waiting)].map(({ id }) => id)));
    for (const { level, ringing, waiting: ranks } of lanes.values()) {
      for (const { id } of each(ranks)) {
        const contact = inLine(centre.contacts.get(id));
        if (contact !== undefined && (level !== levelFor(centre, contact) || ringing !== (contact.state.status === 'offered'))) found.push(`contact ${id} stands in a lane of ${queue} that is another's`);
      }
    }
    let ahead = undefined;
    for (const rank of each(all)) {
      const contact = inLine(centre.contacts.get(rank.id));
      if (contact === undefined || contact.state.queue !== queue) found.push(`contact ${rank.id} stands in ${queue} and does not wait there`);
      else if (beforeInLine(rank, rankOf(centre.routing, contact)) !== 0) found.push(`contact ${rank.id} stands in ${queue} where its rank was before`);
      if (ahead !== undefined && beforeInLine(ahead, rank) >= 0) found.push(`${queue} is out of order at ${rank.id}`);
      if (placed.has(rank.id)) found.push(`contact ${rank.id} stands in two lines`);
      if (waiting.delete(rank.id) !== (contact !== undefined && contact.hold === undefined && takesAnother(centre, contact))) found.push(`contact ${rank.id} is ${contact?.state.status} and stands in the wrong lane of ${queue}`);
      placed.set(rank.id, queue);
      ahead = rank;
    }
    for (const id of waiting) found.push(`contact ${id} waits in a lane of ${queue} and not in its line`);
  }
  for (const contact of centre.contacts.values()) if (inLine(contact) !== undefined && !placed.has(contact.id)) found.push(`contact ${contact.id} waits in no line`);
  for (const queue of centre.routing.queues.values()) {
    // Whom we called back and reached after it closed is served.
    const since = centre.closed.get(queue.id)?.waiting === 'leave' ? centre.closed.get(queue.id)?.since : undefined;
    if (since !== undefined && waitingIn(centre, queue.id).some(({ callback }) => since >= (callback?.reachedAt ?? 0))) found.push(`somebody waits in ${queue.id}, which was closed on them`);
    if (isEmpty(centre, queue, queue.empty?.waiting) && waitingIn(centre, queue.id).length > 0) found.push(`somebody waits in ${queue.id}, which nobody serves`);
  }
  if (centre.switchUp) for (const queue of centre.closed.keys()) if (!centre.routing.queues.has(queue)) found.push(`${queue} is closed and is no queue`);
  for (const contact of centre.contacts.values()) {
    const due = nextOf(centre, contact);
    // Its overflow opens at this very moment, and nothing falls due while the switch is away: then a deadline of now is soon enough.
    if (due !== undefined && !centre.deadlines.some((deadline) => deadline.kind === 'waiting' && deadline.contact === contact.id && deadline.at <= Math.max(due, centre.at))) found.push(`contact ${contact.id} waits without its deadline`);
  }
  return found;
}

/** One open callback of a number in a queue, found by both; one attempt at a time; nobody whose turn it is waits to be dialled. */
function callbacksHold(centre: Centre): string[] {
  const found: string[] = [];
  const open = new Map<string, string>();
  for (const contact of centre.contacts.values()) {
    const { id, leg, callback, state } = contact;
    if ((state.status === 'callback' || state.status === 'dialling') && callback === undefined) found.push(`contact ${id} left the phone and is not to be called back`);
    if (state.status === 'dialling' && leg !== callbackLeg(id, callback?.attempts ?? 0)) found.push(`contact ${id} is dialled on a leg of an earlier attempt`);
    if (state.status === 'waiting' && callback !== undefined && callback.reachedAt === undefined) found.push(`contact ${id} waits for an agent and to be called back`);
    const key = keyOf(contact);
    const due = callsAt(contact);
    if (due !== undefined && !centre.deadlines.some((deadline) => deadline.kind === 'callback' && deadline.contact === id && deadline.at <= due)) found.push(`contact ${id} is to be called back without a deadline`);
    if (key === undefined) continue;
    if (open.has(key)) found.push(`contacts ${open.get(key)} and ${id} are to be called back at one number`);
    open.set(key, id);
    if (centre.callbacks.get(key) !== id) found.push(`the callback of contact ${id} is not found by its number`);
  }
  if (centre.callbacks.size !== open.size) found.push('a callback that is over is found by its number');
  for (const [queue, { all, callable, dialling, away }] of centre.lines) {
    const stand = (is: (contact: Contact) => boolean): string[] => [...each(all)].flatMap(({ id }) => [centre.contacts.get(id)].filter((it) => it !== undefined && is(it)).map(() => id));
    if (callable.size > 0 !== centre.callable.has(queue)) found.push(`somebody of ${queue} may be called back and is not looked at`);
    if ([...each(callable)].map(({ id }) => id).join() !== stand((contact) => isDialledFirst(centre, contact)).join()) found.push(`those who may be called back stand wrongly in ${queue}`);
    if ([...each(dialling)].map(({ id }) => id).join() !== stand(({ state }) => state.status === 'dialling').join()) found.push(`those who are dialled stand wrongly in ${queue}`);
    if ([...each(all)].some(({ id }) => { const contact = centre.contacts.get(id); return contact !== undefined && isAway(contact) !== away.has(id); }) || away.size > all.size) found.push(`those who left the phone are counted wrongly in ${queue}`);
    const next = centre.switchUp ? nextToDial(centre, queue) : undefined;
    if (next !== undefined) found.push(`it is the turn of contact ${next.id}, and nobody dials`);
  }
  return found;
}

/** Looks at every pair, without what is kept to find them quickly. */
function nobodyWaitsBesideAFreeAgent(centre: Centre): string[] {
  const found: string[] = [];
  for (const contact of centre.contacts.values()) {
    const waiting = takesAnother(centre, contact) ? inLine(contact) : undefined;
    if (waiting === undefined) continue;
    for (const agent of centre.agents.values()) if (misfitOf(centre, waiting, agent) === undefined) found.push(`agent ${agent.id} is free while ${contact.id} waits in ${waiting.state.queue}`);
  }
  return found;
}
