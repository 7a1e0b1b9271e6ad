/** What agents ask for, and the moves of their presence; the diagram stands in agent.ts. */
import { assertNever } from '../base/assert.ts';
import type { AgentId } from '../base/ids.ts';
import { beginBreak, breakRefused, needsApproval } from './breaks.ts';
import { escalate } from './escalate.ts';
import type { PresenceCause } from './messages.ts';
import type { Command, Refusal } from './commands.ts';
import { signedIn } from './agent.ts';
import type { Agent, Presence } from './agent.ts';
import { failOffer } from './offers.ts';
import { agentGone } from './callbacks.ts';
import { hasLeft } from './open-callbacks.ts';
import { endContact, wrapUpOf } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function command(turn: Turn, input: Exclude<Command, { type: 're-prioritise' | 'withdraw' | 'close-queue' | 'reopen-queue' | 'grant-break' | 'deny-break' }>): Refusal | undefined {
  const agent = turn.centre.agents.get(input.agent);
  if (agent === undefined) return { code: 'unknown-agent', detail: input.agent };
  if (agent.presence.status === 'offline' && input.type !== 'sign-in') return { code: 'not-signed-in' };
  switch (input.type) {
    case 'sign-in':
      return signIn(turn, agent);
    case 'sign-out':
      return leave(turn, agent);
    case 'make-ready':
      return makeReady(turn, agent);
    case 'pause':
      return pause(turn, agent, input.reason);
    case 'finish-wrap-up':
      return finishWrapUp(turn, agent);
    case 'join-queue':
    case 'leave-queue':
      return signQueue(turn, agent, input);
    case 'ask-wrap-up':
      return askWrapUp(turn, agent);
    case 'answer':
      return answer(turn, agent);
    case 'hang-up':
      return hangUp(turn, agent);
    case 'escalate':
      return escalate(turn, agent);
    case 'dispose':
      return dispose(turn, agent, input);
    case 'pause-recording':
    case 'resume-recording':
      return recording(turn, agent, input.type);
    default:
      return assertNever(input);
  }
}

/** What was asked for during the call, else ready. */
export function endWrapUp(turn: Turn, id: AgentId): Refusal | undefined {
  const agent = turn.centre.agents.get(id);
  if (agent?.presence.status !== 'wrap-up') return { code: 'no-wrap-up' };
  const idleSince = agent.presence.since;
  if (!turn.centre.routing.agents.has(id) || agent.then?.status === 'offline') move(turn, agent, { status: 'offline', since: turn.at }, 'wrap-up-over');
  else if (agent.then !== undefined) move(turn, agent, { status: 'paused', since: turn.at, idleSince, reason: agent.then.reason }, 'wrap-up-over');
  else move(turn, agent, { status: 'ready', since: turn.at, idleSince }, 'wrap-up-over');
  return undefined;
}

/** In and out of one queue; a ring that is under way goes on. */
function signQueue(turn: Turn, { id, outOf = [] }: Agent, { type, queue }: Extract<Command, { type: 'join-queue' | 'leave-queue' }>): Refusal | undefined {
  if (!turn.centre.routing.agents.get(id)?.queues.includes(queue)) return { code: 'not-your-queue', detail: queue };
  if (outOf.includes(queue) !== (type === 'join-queue')) return { code: 'already' };
  emit(turn, { type: type === 'leave-queue' ? 'queue-left' : 'queue-joined', agent: id, queue });
  return undefined;
}

/** Signed in and not yet taking calls: the agent says when. */
function signIn(turn: Turn, agent: Agent): Refusal | undefined {
  if (agent.presence.status !== 'offline') {
    // Signing in again takes back a sign-out that waits for the end of the call.
    if (agent.then?.status !== 'offline') return { code: 'already' };
    emit(turn, { type: 'presence-requested', agent: agent.id, then: null });
    return undefined;
  }
  if (!turn.centre.routing.agents.has(agent.id)) return { code: 'unknown-agent', detail: agent.id };
  move(turn, agent, { status: 'paused', since: turn.at, idleSince: turn.at, reason: signedIn }, 'signed-in');
  return undefined;
}

function leave(turn: Turn, agent: Agent): Refusal | undefined {
  if (isOnCall(agent)) emit(turn, { type: 'presence-requested', agent: agent.id, then: 'offline' });
  else move(turn, agent, { status: 'offline', since: turn.at }, 'asked');
  return undefined;
}

function makeReady(turn: Turn, agent: Agent): Refusal | undefined {
  switch (agent.presence.status) {
    case 'paused':
      move(turn, agent, { status: 'ready', since: turn.at, idleSince: agent.presence.idleSince }, 'asked');
      return undefined;
    case 'wrap-up':
      if (agent.presence.fixed) return agent.then === undefined ? { code: 'wrap-up-fixed' } : takeBack(turn, agent);
      takeBack(turn, agent);
      return endWrapUp(turn, agent.id);
    case 'offered':
    case 'talking':
      return takeBack(turn, agent);
    case 'ready':
      if (agent.asked !== undefined) return takeBack(turn, agent);
      if (agent.restUntil <= turn.at) return { code: 'already' };
      // Left alone after an offer that came to nothing; the agent is there.
      emit(turn, { type: 'rest-set', agent: agent.id, until: turn.at });
      return undefined;
    default:
      return { code: 'already' };
  }
}

/** What was asked for after the call. */
function takeBack(turn: Turn, { id, then, wantsWrapUp, asked }: Agent): Refusal | undefined {
  if (then === undefined && !wantsWrapUp && asked === undefined) return { code: 'already' };
  if (asked !== undefined) emit(turn, { type: 'break-asked', agent: id, reason: null });
  if (then !== undefined) emit(turn, { type: 'presence-requested', agent: id, then: null });
  if (wantsWrapUp) emit(turn, { type: 'wrap-up-requested', agent: id, wanted: false });
  return undefined;
}

function finishWrapUp(turn: Turn, { id, presence }: Agent): Refusal | undefined {
  if (presence.status !== 'wrap-up') return { code: 'no-wrap-up' };
  return presence.fixed ? { code: 'wrap-up-fixed' } : endWrapUp(turn, id);
}

/** Where one comes by itself there is nothing to ask for. */
function askWrapUp(turn: Turn, { id, presence, wantsWrapUp }: Agent): Refusal | undefined {
  const contact = presence.status === 'talking' ? turn.centre.contacts.get(presence.contact) : undefined;
  if (contact?.state.status !== 'connected') return { code: 'no-call' };
  if (wantsWrapUp || wrapUpOf(turn.centre, id, contact.state.queue).mode !== 'optional') return { code: 'already' };
  emit(turn, { type: 'wrap-up-requested', agent: id, wanted: true });
  return undefined;
}

function pause(turn: Turn, agent: Agent, reason: string): Refusal | undefined {
  if (!turn.centre.routing.centre.pauseReasons.has(reason)) return { code: 'unknown-reason', detail: reason };
  const { presence } = agent;
  if (presence.status === 'paused' && presence.reason === reason) return { code: 'already' };
  const refusal = breakRefused(turn.centre, agent, reason);
  if (refusal !== undefined) return refusal;
  if (needsApproval(turn.centre, agent.id, reason)) {
    if (agent.asked?.reason === reason) return { code: 'already' };
    emit(turn, { type: 'break-asked', agent: agent.id, reason });
    return undefined;
  }
  beginBreak(turn, agent, reason);
  return undefined;
}

function answer(turn: Turn, { id, presence, remoteAnswer }: Agent): Refusal | undefined {
  const offer = presence.status === 'offered' ? turn.centre.offers.get(presence.offer) : undefined;
  if (offer === undefined) return { code: 'no-offer' };
  if (offer.whisper !== undefined) return { code: 'already' };
  if (remoteAnswer !== true || turn.centre.routing.agents.get(id)?.mobile !== undefined) return { code: 'no-remote-answer' };
  emit(turn, { type: 'answer-asked', agent: id, contact: offer.contact, leg: offer.leg });
  return undefined;
}

function hangUp(turn: Turn, { presence }: Agent): Refusal | undefined {
  if (presence.status === 'talking') {
    const contact = turn.centre.contacts.get(presence.contact);
    if (contact !== undefined && hasLeft(contact)) {
      agentGone(turn, contact);
      return undefined;
    }
    endContact(turn, presence.contact, 'agent-hung-up');
    return undefined;
  }
  const offer = presence.status === 'offered' ? turn.centre.offers.get(presence.offer) : undefined;
  if (offer === undefined) return { code: 'no-call' };
  failOffer(turn, offer, 'rejected');
  return undefined;
}

function dispose(turn: Turn, { id, presence }: Agent, input: Extract<Command, { type: 'dispose' }>): Refusal | undefined {
  if (!turn.centre.routing.centre.dispositions.has(input.disposition.code)) return { code: 'unknown-disposition', detail: input.disposition.code };
  if ((presence.status !== 'wrap-up' && presence.status !== 'talking') || presence.contact !== input.contact) return { code: 'no-wrap-up' };
  emit(turn, { type: 'disposition-set', agent: id, contact: input.contact, disposition: input.disposition });
  return undefined;
}

function recording(turn: Turn, { id, presence }: Agent, wish: 'pause-recording' | 'resume-recording'): Refusal | undefined {
  const contact = presence.status === 'talking' ? turn.centre.contacts.get(presence.contact) : undefined;
  if (contact?.state.status !== 'connected' || contact.state.recording === undefined) return { code: 'no-recording' };
  const pausing = wish === 'pause-recording';
  if (contact.state.recording.paused === pausing) return { code: 'already' };
  emit(turn, { type: pausing ? 'recording-paused' : 'recording-resumed', recording: contact.state.recording.id, contact: contact.id, agent: id, leg: contact.leg });
  return undefined;
}

function isOnCall({ presence }: Agent): boolean {
  return presence.status === 'offered' || presence.status === 'talking' || presence.status === 'wrap-up';
}

function move(turn: Turn, agent: Agent, presence: Presence, because: PresenceCause): void {
  emit(turn, { type: 'presence-changed', agent: agent.id, from: agent.presence.status, presence, because });
}
