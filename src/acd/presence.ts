/** What agents ask for, and the moves of their presence; the diagram stands in model.ts. */
import { assertNever } from '../base/assert.ts';
import type { AgentId } from '../base/ids.ts';
import type { Command, PresenceCause, Refusal } from './messages.ts';
import { signedIn } from './model.ts';
import type { Agent, Presence } from './model.ts';
import { failOffer } from './offers.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function command(turn: Turn, input: Command): Refusal | undefined {
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
      if (agent.presence.status !== 'wrap-up') return { code: 'no-wrap-up' };
      return endWrapUp(turn, agent.id);
    case 'answer':
      return answer(turn, agent);
    case 'hang-up':
      return hangUp(turn, agent);
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
      if (agent.then !== undefined) emit(turn, { type: 'presence-requested', agent: agent.id, then: null });
      return endWrapUp(turn, agent.id);
    case 'offered':
    case 'talking':
      if (agent.then === undefined) return { code: 'already' };
      emit(turn, { type: 'presence-requested', agent: agent.id, then: null });
      return undefined;
    default:
      return { code: 'already' };
  }
}

function pause(turn: Turn, agent: Agent, reason: string): Refusal | undefined {
  if (!turn.centre.routing.centre.pauseReasons.has(reason)) return { code: 'unknown-reason', detail: reason };
  const { presence } = agent;
  if (presence.status === 'paused' && presence.reason === reason) return { code: 'already' };
  if (presence.status === 'ready' || presence.status === 'paused') move(turn, agent, { status: 'paused', since: turn.at, idleSince: presence.idleSince, reason }, 'asked');
  else emit(turn, { type: 'presence-requested', agent: agent.id, then: 'paused', reason });
  return undefined;
}

function answer(turn: Turn, { id, presence, remoteAnswer }: Agent): Refusal | undefined {
  const offer = presence.status === 'offered' ? turn.centre.offers.get(presence.offer) : undefined;
  if (offer === undefined) return { code: 'no-offer' };
  if (remoteAnswer !== true) return { code: 'no-remote-answer' };
  emit(turn, { type: 'answer-asked', agent: id, contact: offer.contact, leg: offer.leg });
  return undefined;
}

function hangUp(turn: Turn, { presence }: Agent): Refusal | undefined {
  if (presence.status === 'talking') {
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
