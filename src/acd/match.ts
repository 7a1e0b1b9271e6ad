/** The match loop: while a contact waits and an eligible agent is free, reserve. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { pop, push } from '../base/heap.ts';
import { first } from '../base/sorted.ts';
import { dutiesOf } from './duties.ts';
import { bestIn } from './floor.ts';
import { mayHave } from './holds.ts';
import type { Line } from './lines.ts';
import type { Centre } from './model.ts';
import { makeOffer } from './offers.ts';
import type { Instead } from './offers.ts';
import { beforeAcrossQueues, beforeInLine, inLine } from './ranking.ts';
import type { InLine, Rank } from './ranking.ts';
import { mayTalk } from './recordings.ts';
import type { Turn } from './turn.ts';
import { levelFor, takesAnother } from './ring-all.ts';
import { isMetBy, wantOf } from './wants.ts';
import type { Profile } from './wants.ts';

/**
 * Only those are looked at whom this turn changed: had any other pair been possible, an earlier turn would have made
 * it. Freed agents claim the contact that comes first of all they may have, contacts that began to wait claim whoever is
 * free; the claims are met in the order of the contacts, and who takes each is the queue's choice.
 */
export function match(turn: Turn): void {
  const { centre } = turn;
  if (!centre.switchUp || (turn.freed.size === 0 && turn.waiting.size === 0)) return;
  if (turn.freed.size === 1 && turn.waiting.size === 0) {
    for (const agent of turn.freed) serve(turn, agent);
    return;
  }
  const claims: Claim[] = [];
  const before = (a: Claim, b: Claim): boolean => beforeAcrossQueues(centre, a.rank, b.rank) < 0;
  for (const agent of turn.freed) claim(claims, before, bestRankFor(centre, agent), agent);
  for (const contact of turn.waiting) claim(claims, before, waitingRank(centre, contact), undefined);
  for (let next = pop(claims, before); next !== undefined; next = pop(claims, before)) {
    const { rank, agent } = next;
    // Where somebody else has taken it meanwhile, what the agent may have now comes later.
    if (claimed(centre, rank, agent)?.id === rank.id && !meet(turn, rank, agent, claims.length > 0)) continue;
    claim(claims, before, claimed(centre, rank, agent), agent);
  }
}

/** One who came free alone: nobody else may have any of those who wait, or would have been rung before. */
function serve(turn: Turn, agent: AgentId): void {
  const rank = bestRankFor(turn.centre, agent);
  if (rank !== undefined) ring(turn, rank, agent);
}

/** Of a freed agent, or of a contact that began to wait. */
interface Claim {
  readonly rank: Rank;
  readonly agent: AgentId | undefined;
}

const claimed = (centre: Centre, { id }: Rank, agent: AgentId | undefined): Rank | undefined => (agent === undefined ? waitingRank(centre, id) : bestRankFor(centre, agent));

function claim(claims: Claim[], before: (a: Claim, b: Claim) => boolean, rank: Rank | undefined, agent: AgentId | undefined): void {
  if (rank !== undefined) push(claims, { rank, agent }, before);
}

/** False where nobody is free for it. `contended`: others claim, too, so that the queue's choice may have somebody who comes first. */
function meet(turn: Turn, rank: Rank, claimant: AgentId | undefined, contended: boolean): boolean {
  const { centre } = turn;
  const contact = inLine(centre.contacts.get(rank.id));
  const chosen = contact && bestAgentFor(centre, contact);
  if (chosen === undefined) return false;
  const first = contended && chosen !== claimant ? bestRankFor(centre, chosen) : undefined;
  if (first === undefined || first.id === rank.id) return ring(turn, rank, chosen);
  return claimant === undefined ? ring(turn, first, chosen, { before: rank.id }) : ring(turn, rank, claimant, { kept: { agent: chosen, contact: first.id } });
}

function ring(turn: Turn, { id }: Rank, chosen: AgentId, instead?: Instead): boolean {
  const contact = inLine(turn.centre.contacts.get(id));
  const agent = turn.centre.agents.get(chosen);
  if (contact === undefined || agent === undefined) return false;
  makeOffer(turn, contact, agent, instead);
  return true;
}

/** The contact that this agent would serve now: the first of all that wait in the agent's queues and want no more. */
export function bestContactFor(centre: Centre, agent: AgentId): InLine | undefined {
  const rank = bestRankFor(centre, agent);
  return rank && inLine(centre.contacts.get(rank.id));
}

function bestRankFor(centre: Centre, id: AgentId): Rank | undefined {
  const { floor, lines } = centre;
  const profile = floor.profiles.get(id);
  if (profile === undefined || !floor.free.has(id)) return undefined;
  let best: Rank | undefined;
  for (const { queue, level } of dutiesOf(centre, id)) {
    const lanes = lines.get(queue)?.lanes;
    if (lanes === undefined || (lanes.size === 0 && !centre.held.has(id)) || !mayTalk(centre, queue)) continue;
    const next = firstKept(centre, id, queue, firstFor(profile, level, lanes));
    if (next !== undefined && (best === undefined || beforeAcrossQueues(centre, next, best) < 0)) best = next;
  }
  return best;
}

/** Those who are kept for this agent stand in no lane. */
function firstKept(centre: Centre, agent: AgentId, queue: QueueId, others: Rank | undefined): Rank | undefined {
  let best = others;
  for (const id of centre.held.get(agent) ?? []) {
    const contact = inLine(centre.contacts.get(id));
    const rank = waitingRank(centre, id);
    if (rank !== undefined && contact?.state.queue === queue && (best === undefined || beforeInLine(rank, best) < 0) && mayHave(centre, agent, contact)) best = rank;
  }
  return best;
}

function firstFor(profile: Profile, level: number, lanes: Line['lanes']): Rank | undefined {
  let best: Rank | undefined;
  for (const { want, level: allowed, waiting } of lanes.values()) {
    const next = level <= allowed ? first(waiting) : undefined;
    if (next !== undefined && (best === undefined || beforeInLine(next, best) < 0) && isMetBy(want, profile)) best = next;
  }
  return best;
}

/** The agent who would be rung for this contact now. */
export function bestAgentFor(centre: Centre, contact: InLine): AgentId | undefined {
  const { queue } = contact.state;
  if (contact.hold !== undefined) return mayTalk(centre, queue) ? keptFor(centre, contact, contact.hold.for) : undefined;
  const { want = wantOf(centre, contact), level = levelFor(centre, contact) } = centre.standings.get(contact.id)?.lane ?? {};
  return mayTalk(centre, queue) ? bestIn(centre, queue, want, level, { contact: contact.id, n: contact.offersMade }) : undefined;
}

function keptFor(centre: Centre, contact: InLine, id: AgentId | null): AgentId | undefined {
  return id !== null && centre.floor.free.has(id) && mayHave(centre, id, contact) ? id : undefined;
}

/** Undefined while as many phones ring for it as may. */
function waitingRank(centre: Centre, id: ContactId): Rank | undefined {
  const contact = centre.contacts.get(id);
  return contact !== undefined && takesAnother(centre, contact) ? centre.standings.get(id)?.rank : undefined;
}
