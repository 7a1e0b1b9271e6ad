/** One agent rung for one contact: made, accepted, ended. */
import type { AgentId, LegId } from '../base/ids.ts';
import { offerId } from '../base/ids.ts';
import { agentLeg } from '../telephony/ids.ts';
import type { LegEnd } from '../telephony/port.ts';
import type { EventOf, OfferOutcome, PresenceCause } from './messages.ts';
import { missed, rejected } from './agent.ts';
import type { Agent, RestCause } from './agent.ts';
import type { Contact } from './contact.ts';
import type { Centre, Offer } from './model.ts';
import { dial } from './dial.ts';
import { hasLeft } from './open-callbacks.ts';
import { bridgeFor } from './orders.ts';
import { inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { startRecording } from './recordings.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { waitedMs } from './waited.ts';

/** Reserves the agent for the contact in one step; both were free just now. */
export function makeOffer(turn: Turn, contact: InLine, agent: Agent, instead: Instead = {}): void {
  const queue = turn.centre.routing.queues.get(contact.state.queue);
  if (queue === undefined || agent.presence.status !== 'ready') return;
  const n = contact.offersMade + 1;
  const offer = offerId(`${contact.id}-o${n}`);
  emit(turn, {
    type: 'offer-made',
    offer,
    contact: contact.id,
    agent: agent.id,
    queue: queue.id,
    leg: agentLeg(contact.id, n),
    until: turn.at + queue.ringMs,
    waitMs: waitedMs(contact, contact.state.queuedAt, turn.at),
    ...instead,
  });
  emit(turn, { type: 'presence-changed', agent: agent.id, from: 'ready', presence: { status: 'offered', since: turn.at, idleSince: agent.presence.idleSince, offer }, because: 'offer' });
}

/** Why it is not the queue's choice alone, where others claimed at the same moment. */
export type Instead = Pick<EventOf<'offer-made'>, 'kept' | 'before'>;

/** The agent answered: counted as answered from here, while the number is read. */
export function acceptOffer(turn: Turn, offer: Offer): void {
  const contact = inLine(turn.centre.contacts.get(offer.contact));
  if (contact === undefined) return;
  // The others first, so that none of them is offered a contact that talks. Nobody has missed anything.
  withdrawOthers(turn, contact, offer);
  const ringMs = ringMsOf(turn, offer);
  endOffer(turn, offer, 'accepted');
  if (hasLeft(contact)) {
    // Who is to be called back is dialled now, for this agent.
    dial(turn, contact, { agent: offer.agent, leg: offer.leg, offer: offer.id, ringMs });
    emit(turn, { type: 'presence-changed', agent: offer.agent, from: 'offered', presence: { status: 'talking', since: turn.at, contact: contact.id }, because: 'connected' });
    return;
  }
  emit(turn, {
    type: 'contact-connected',
    offer: offer.id,
    contact: contact.id,
    agent: offer.agent,
    queue: offer.queue,
    leg: offer.leg,
    bridge: bridgeFor(contact),
    waitMs: waitedMs(contact, contact.state.queuedAt, turn.at),
    ringMs,
  });
  emit(turn, { type: 'presence-changed', agent: offer.agent, from: 'offered', presence: { status: 'talking', since: turn.at, contact: contact.id }, because: 'connected' });
  startRecording(turn, contact.id);
}

/** The phone did not take it. The caller keeps the place; what becomes of the agent depends on why. */
export function failOffer(turn: Turn, offer: Offer, end: LegEnd): void {
  const outcome = outcomeAfter(offer, end);
  endOffer(turn, offer, outcome);
  const { backOffMs } = turn.centre.routing.centre;
  if (outcome === 'no-answer' && backOffMs.noAnswer === undefined) return release(turn, offer.agent, 'missed', missed);
  if (outcome === 'rejected' && backOffMs.rejected === undefined) return release(turn, offer.agent, 'rejected', rejected);
  const rest = (because: RestCause, ms: number): void => emit(turn, { type: 'rest-set', agent: offer.agent, until: turn.at + ms, because });
  if (outcome === 'no-answer') rest('no-answer', backOffMs.noAnswer ?? 0);
  if (outcome === 'rejected') rest('rejected', backOffMs.rejected ?? 0);
  if (outcome === 'busy') rest('busy', backOffMs.busy);
  if (outcome === 'unreachable') rest('unreachable', backOffMs.unreachable);
  // Nobody's fault, so offered again at once; but not in a circle as fast as the switch can say no.
  if (outcome === 'lost' && turn.at - offer.madeAt < quickLossMs) rest('lost', 2 * quickLossMs);
  release(turn, offer.agent, 'offer-over');
}
const quickLossMs = 1_000;

/** Who hears whom it is for and hangs up has turned it away; where 1 was to be pressed, it may have been nobody. */
function outcomeAfter({ whisper }: Offer, end: LegEnd): OfferOutcome {
  if (whisper === undefined || end !== 'hung-up') return outcomeOf[end];
  return whisper.confirm ? 'no-answer' : 'rejected';
}

/** Of the phones that rang at once another was quicker. */
export function withdrawOthers(turn: Turn, contact: Contact, offer: Offer): void {
  for (const other of offersOf(turn.centre, contact)) if (other.id !== offer.id) withdraw(turn, other, 'answered-elsewhere');
}

/** The caller left, or is not to be offered any more: the agent is as before. */
export function withdrawOffers(turn: Turn, contact: Contact): void {
  for (const offer of offersOf(turn.centre, contact)) withdraw(turn, offer, 'withdrawn');
}

function withdraw(turn: Turn, offer: Offer, outcome: 'withdrawn' | 'answered-elsewhere'): void {
  endOffer(turn, offer, outcome);
  release(turn, offer.agent, 'offer-over');
}

/** Of the phones that ring for the contact, the one with this leg. */
export function offerOn({ centre: { offers } }: Turn, { state }: Contact, leg: LegId): Offer | undefined {
  const id = state.status === 'offered' ? state.offers.find((one) => offers.get(one)?.leg === leg) : undefined;
  return id && offers.get(id);
}

/** The phones that ring for the contact: one, or with ring-all several. */
export const offersOf = ({ offers }: Pick<Centre, 'offers'>, { state }: Contact): readonly Offer[] => (state.status === 'offered' ? state.offers.flatMap((id) => offers.get(id) ?? []) : []);

const outcomeOf: { readonly [End in LegEnd]: OfferOutcome } = {
  'no-answer': 'no-answer',
  rejected: 'rejected',
  busy: 'busy',
  unallocated: 'unreachable',
  unreachable: 'unreachable',
  failed: 'unreachable',
  // Ended by the switch without an answer and without a reason: nobody's fault.
  'hung-up': 'lost',
  gone: 'lost',
};

const ringMsOf = ({ at }: Turn, { madeAt, whisper }: Offer): number => (whisper?.at ?? at) - madeAt;

function endOffer(turn: Turn, offer: Offer, outcome: OfferOutcome): void {
  const contact = turn.centre.contacts.get(offer.contact);
  const others = contact?.state.status === 'offered' && contact.state.offers.length > 1;
  emit(turn, { type: 'offer-ended', offer: offer.id, contact: offer.contact, agent: offer.agent, queue: offer.queue, outcome, ringMs: ringMsOf(turn, offer), ...(others && { leg: offer.leg }) });
}

function release(turn: Turn, id: AgentId, because: PresenceCause, pauseReason?: string): void {
  const agent = turn.centre.agents.get(id);
  if (agent?.presence.status !== 'offered') return;
  const { idleSince } = agent.presence;
  const { then } = agent;
  if (then?.status === 'offline' || !turn.centre.routing.agents.has(id)) emit(turn, { type: 'presence-changed', agent: id, from: 'offered', presence: { status: 'offline', since: turn.at }, because: 'asked' });
  else if (then !== undefined) emit(turn, { type: 'presence-changed', agent: id, from: 'offered', presence: { status: 'paused', since: turn.at, idleSince, reason: then.reason }, because: 'asked' });
  else if (pauseReason !== undefined) emit(turn, { type: 'presence-changed', agent: id, from: 'offered', presence: { status: 'paused', since: turn.at, idleSince, reason: pauseReason }, because });
  else emit(turn, { type: 'presence-changed', agent: id, from: 'offered', presence: { status: 'ready', since: turn.at, idleSince }, because });
}
