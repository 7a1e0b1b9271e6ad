/** What one agent was for one waiting contact at one moment, with a reason code: by the functions that choose, and the state they choose from. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { misfitOf } from './fits.ts';
import { dutyIn } from './duties.ts';
import { settle } from './floor.ts';
import type { EventOf } from './messages.ts';
import type { Agent, RestCause } from './agent.ts';
import type { Centre } from './model.ts';
import type { InLine } from './ranking.ts';
import { levelFor } from './ring-all.ts';
import { beforeInPool } from './strategies.ts';
import type { Candidate } from './strategies.ts';
import { unmetOf } from './unmet.ts';
import type { Unmet } from './unmet.ts';
import { wantOf } from './wants.ts';

export type Verdict =
  | { readonly code: 'rung'; readonly score: Score }
  /** Might have been rung, and another came first: by which part of the score. */
  | { readonly code: 'lower-rank'; readonly score: Score; readonly by: ScorePart }
  /** Nothing stands in the way, and there is nothing to compare with. */
  | { readonly code: 'free'; readonly score: Score }
  | { readonly code: 'not-in-queue' | 'not-signed-in' | 'switch-away' | 'not-recordable' | 'phone-unreachable' }
  /** Signed in, and out of this queue alone. */
  | { readonly code: 'out-of-queue' }
  | { readonly code: 'needs-unmet'; readonly unmet: readonly Unmet[] }
  /** It is held for another agent, whom the caller talked to last or asked for. */
  | { readonly code: 'kept-for-another'; readonly agent: AgentId | null; readonly until?: number }
  /** The customer has left the phone; `until` the next attempt is not before. */
  | { readonly code: 'customer-away'; readonly until?: number }
  /** Of a level that is rung only after a longer wait. */
  | { readonly code: 'level-too-high'; readonly level: number; readonly allowed: number }
  /** The strategy's choice, and another contact came first for this agent. */
  | { readonly code: 'kept'; readonly contact: ContactId; readonly score: Score }
  | { readonly code: 'paused'; readonly reason: string; readonly since: number }
  | { readonly code: 'ringing' | 'talking'; readonly contact: ContactId; readonly since: number }
  /** Without `until`: ends when the agent says so. */
  | { readonly code: 'wrap-up'; readonly contact: ContactId; readonly until?: number }
  | { readonly code: 'resting'; readonly until: number; readonly because?: RestCause }
  | { readonly code: 'phone-in-use'; readonly device: string };
export type VerdictCode = Verdict['code'];

/** Compared in this order, smaller first. */
export type Score = Pick<Candidate, 'level' | 'key' | 'tie'> & { readonly weight?: number };
/**
 * `draw` and `turn` where the strategy does not take the first of them; `claim` where who was rung had this contact as
 * the first of all, and was not the strategy's choice for it.
 */
export type ScorePart = 'level' | 'key' | 'tie' | 'number' | 'turn' | 'draw' | 'claim';

/** With the offer that is about to be made, if one is. */
export function verdictOf(centre: Centre, contact: InLine, agent: Agent, offer?: Pick<EventOf<'offer-made'>, 'agent' | 'kept' | 'before'>): Verdict {
  const misfit = misfitOf(centre, contact, agent);
  switch (misfit) {
    case undefined:
      return ofCandidate(centre, contact, agent.id, offer);
    case 'not-in-queue':
      return { code: agent.presence.status === 'offline' && serves(centre, agent.id, contact.state.queue) ? 'not-signed-in' : agent.outOf?.includes(contact.state.queue) ? 'out-of-queue' : 'not-in-queue' };
    case 'needs-unmet':
      return { code: 'needs-unmet', unmet: unmetOf(centre.floor.profiles.get(agent.id)?.skills ?? {}, wantOf(centre, contact).needs) };
    case 'not-ready':
      return notReady(centre, agent);
    case 'kept-for-another':
      return { code: 'kept-for-another', agent: contact.hold?.for ?? null, ...(contact.hold === undefined ? {} : { until: contact.hold.until }) };
    case 'customer-away':
      return { code: 'customer-away', ...(contact.state.status === 'callback' && contact.state.rests !== undefined ? { until: contact.state.rests } : {}) };
    case 'level-too-high':
      return { code: 'level-too-high', level: dutyIn(centre, agent.id, contact.state.queue)?.level ?? 0, allowed: levelFor(centre, contact) };
    case 'resting':
      return { code: 'resting', until: agent.restUntil, ...(agent.restBecause === undefined ? {} : { because: agent.restBecause }) };
    case 'phone-in-use':
      return { code: 'phone-in-use', device: agent.device };
    case 'switch-away':
    case 'not-recordable':
    case 'phone-unreachable':
      return { code: misfit };
    default:
      return assertNever(misfit);
  }
}

const serves = ({ routing }: Centre, agent: AgentId, queue: QueueId): boolean => routing.agents.get(agent)?.queues.includes(queue) === true;

function notReady({ offers }: Centre, { presence }: Agent): Verdict {
  switch (presence.status) {
    case 'offline':
    case 'ready':
      return { code: 'not-signed-in' };
    case 'paused':
      return { code: 'paused', reason: presence.reason, since: presence.since };
    case 'offered':
      // An offer lasts as long as its agent is offered.
      return { code: 'ringing', contact: offers.get(presence.offer)?.contact ?? ('' as ContactId), since: presence.since };
    case 'talking':
      return { code: 'talking', contact: presence.contact, since: presence.since };
    case 'wrap-up':
      return { code: 'wrap-up', contact: presence.contact, ...(presence.until === undefined ? {} : { until: presence.until }) };
    default:
      return assertNever(presence);
  }
}

function ofCandidate(centre: Centre, contact: InLine, id: AgentId, offer: Parameters<typeof verdictOf>[3]): Verdict {
  const own = candidateIn(centre, contact, id);
  const score = scoreOf(own);
  if (offer === undefined) return { code: 'free', score };
  if (offer.agent === id) return { code: 'rung', score };
  if (offer.kept?.agent === id) return { code: 'kept', contact: offer.kept.contact, score };
  const rung = candidateIn(centre, contact, offer.agent);
  if (offer.kept !== undefined || offer.before !== undefined || rung === undefined || own === undefined) return { code: 'lower-rank', score, by: 'claim' };
  return { code: 'lower-rank', score, by: decidedBy(rung, own, isDrawn(centre, contact)) };
}

const isDrawn = ({ routing }: Centre, { state }: InLine): boolean => routing.queues.get(state.queue)?.strategy.endsWith('random') === true;

/** As it stands in the pool that is chosen from. */
export function candidateIn(centre: Centre, contact: InLine, id: AgentId): Candidate | undefined {
  const want = wantOf(centre, contact);
  const { queue } = contact.state;
  // In the middle of a step made again, who has just come free stands in no pool yet.
  settle(centre);
  const pool = centre.floor.pools.get(queue)?.get(want.key);
  const spot = centre.floor.free.get(id)?.find((one) => one.pool === pool);
  return spot?.candidate;
}

const scoreOf = (candidate: Candidate | undefined): Score => {
  const { level = 0, key = 0, tie = 0, weight = 1 } = candidate ?? {};
  return { level, key, tie, ...(weight === 1 ? {} : { weight }) };
};

function decidedBy(taken: Candidate, other: Candidate, drawn: boolean): ScorePart {
  if (taken.level !== other.level) return 'level';
  if (drawn) return 'draw';
  // Behind the one that was passed over: only a strategy that goes round does that.
  if (beforeInPool(taken, other) > 0) return 'turn';
  return taken.key !== other.key ? 'key' : taken.tie !== other.tie ? 'tie' : 'number';
}
