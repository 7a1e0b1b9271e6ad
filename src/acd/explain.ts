/**
 * Why a contact was routed as it was: each decision about it with what it was decided from, worked out anew from the
 * events by the functions that choose.
 */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { decisionAbout, reasonOf } from './decisions.ts';
import type { ReasonCode, RoutingEvent } from './decisions.ts';
import { agentsOf } from './entering.ts';
import { lengthOf, positionOf } from './lines.ts';
import { bestAgentFor, bestContactFor } from './match.ts';
import type { EventOf, JournalEvent } from './messages.ts';
import type { Centre } from './model.ts';
import { follow } from './moment.ts';
import type { Moment } from './moment.ts';
import { effectivePriority, inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { levelFor } from './ring-all.ts';
import { ruleOf, ruleOfVerdict } from './rules.ts';
import type { Rule } from './rules.ts';
import { beforeInPool } from './strategies.ts';
import type { Candidate } from './strategies.ts';
import { candidateIn, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { wantOf } from './wants.ts';

export interface Decision {
  readonly id: string;
  readonly event: RoutingEvent;
  /** Absent where the event says all by itself. */
  readonly reason?: ReasonCode;
  /** The part of the configuration that decided. */
  readonly rule?: Rule;
  /** Where the contact stood and who might have been rung: of an offer just before it, else once all that happened at that moment had. */
  readonly asked?: Asked;
  /** Of an offer: the same functions choose the same agent again. */
  readonly recomputed?: boolean;
  /** Of the configuration that held. */
  readonly version: string;
  /** It is not known any more: what is told here is told by another. */
  readonly otherRules?: true;
}

export interface Asked {
  readonly queue: QueueId;
  readonly waitedMs: number;
  /** 1 for who is next, and of how many. */
  readonly position: number;
  readonly length: number;
  readonly priority: { readonly own: number; readonly tier: number; readonly queue: number; readonly effective: number };
  /** What is asked of an agent at that moment; of nobody above the level. */
  readonly needs: string;
  readonly level?: number;
  readonly strategy: string;
  /** Those of the queue: who is rung, who might have been, and the others. */
  readonly candidates: readonly Considered[];
  /** How many more there are, by reason. */
  readonly more: Readonly<Record<string, number>>;
}

export interface Considered {
  readonly agent: AgentId;
  readonly verdict: Verdict;
  readonly rule?: Rule;
}

/** How many agents are told of one by one. */
const shownMax = 100;

/** From where the moment stands through the events, which are all that happened meanwhile. */
export function explainContact(moment: Moment, events: readonly JournalEvent[], id: ContactId): readonly Decision[] {
  const decisions: Decision[] = [];
  /** The decisions of a moment after which the contact waits are looked at when the moment is over. */
  let open: number[] = [];
  const settle = (): void => {
    const contact = inLine(moment.centre.contacts.get(id));
    for (const index of contact?.state.status === 'waiting' ? open.slice(-1) : []) {
      const decision = decisions[index];
      if (contact !== undefined && decision !== undefined) decisions[index] = { ...decision, asked: askedOf(moment.centre, contact) };
    }
    open = [];
  };
  for (const journalled of events) {
    const { id: position, event } = journalled;
    if (event.at > moment.centre.at) settle();
    const own = decisionAbout(moment.centre, id, event);
    const offer = own?.type === 'offer-made' ? offerExplained(moment.centre, own) : undefined;
    const [rule, reason] = own === undefined ? [] : [ruleOf(moment.centre, own), reasonOf(moment.centre, own)];
    follow(moment, journalled);
    if (own === undefined) continue;
    const known = moment.routings(moment.version) !== undefined;
    decisions.push({ id: position, event: own, ...(reason && { reason }), ...(rule && { rule }), ...offer, version: moment.version, ...(known ? {} : { otherRules: true }) });
    if (own.type !== 'offer-made') open.push(decisions.length - 1);
  }
  settle();
  return decisions;
}

/** The state is that just before the offer. */
export function offerExplained(centre: Centre, offer: EventOf<'offer-made'>): Pick<Decision, 'asked' | 'recomputed'> {
  const contact = inLine(centre.contacts.get(offer.contact));
  return contact === undefined ? {} : { asked: askedOf(centre, contact, offer), recomputed: isChosenAgain(centre, contact, offer) };
}

/** By the queue's choice; or, where others claimed at the same moment, as the offer says and match.ts has it. */
function isChosenAgain(centre: Centre, contact: InLine, { agent, kept, before }: EventOf<'offer-made'>): boolean {
  if (kept === undefined && before === undefined) return bestAgentFor(centre, contact) === agent;
  if (bestContactFor(centre, agent)?.id !== contact.id) return false;
  if (kept !== undefined) return bestAgentFor(centre, contact) === kept.agent && bestContactFor(centre, kept.agent)?.id === kept.contact;
  const other = before === undefined ? undefined : inLine(centre.contacts.get(before));
  return other !== undefined && bestAgentFor(centre, other) === agent;
}

/** What stands there now: for one who waits, the present answer. */
export function askedOf(centre: Centre, contact: InLine, offer?: EventOf<'offer-made'>): Asked {
  const { state } = contact;
  const { order } = centre.routing.centre;
  const queue = centre.routing.queues.get(state.queue);
  const level = levelFor(centre, contact);
  const all = agentsOf(centre.routing, state.queue).flatMap((agent) => {
    const known = centre.agents.get(agent);
    if (known === undefined) return [];
    const verdict = verdictOf(centre, contact, known, offer);
    const place = placeOf(verdict);
    return [{ agent, verdict, place, candidate: place === unfit ? undefined : candidateIn(centre, contact, agent) }];
  });
  const inOrder = all.sort((a, b) => a.place - b.place || byScore(a.candidate, b.candidate) || (a.agent < b.agent ? -1 : 1));
  const more: Record<string, number> = {};
  for (const { verdict } of inOrder.slice(shownMax)) more[verdict.code] = (more[verdict.code] ?? 0) + 1;
  return {
    queue: state.queue,
    waitedMs: centre.at - state.queuedAt,
    position: positionOf(centre, contact),
    length: lengthOf(centre, state.queue),
    priority: { own: state.priority, tier: state.tier === 'vip' ? order.vip : 0, queue: queue?.priority ?? 0, effective: effectivePriority(centre.routing, state) },
    needs: wantOf(centre, contact).key,
    ...(level === Number.POSITIVE_INFINITY ? {} : { level }),
    strategy: queue?.strategy ?? '',
    candidates: inOrder.slice(0, shownMax).map(({ agent, verdict }) => {
      const rule = ruleOfVerdict(contact, agent, verdict);
      return { agent, verdict, ...(rule && { rule }) };
    }),
    more,
  };
}

const unfit = 2;
const placeOf = ({ code }: Verdict): number => (code === 'rung' ? 0 : code === 'kept' || code === 'free' || code === 'lower-rank' ? 1 : unfit);

/** Looked up once for each agent, not at each comparison. */
const byScore = (one: Candidate | undefined, other: Candidate | undefined): number => (one === undefined || other === undefined ? 0 : beforeInPool(one, other));
