/** What the switch says of single legs, and what that means for their contact. */
import type { AgentId, LegId } from '../base/ids.ts';
import { isDialled, roleOf } from '../telephony/ids.ts';
import type { Fact, LegEnd, Order } from '../telephony/port.ts';
import { agentGone, askFailed, callbackDown, callbackUp } from './callbacks.ts';
import { acceptOffer, failOffer, offerOn } from './offers.ts';
import { phoneAnswered, whispered } from './whisper.ts';
import type { Refusal } from './commands.ts';
import type { Contact } from './contact.ts';
import { hasLeft } from './open-callbacks.ts';
import { requeue } from './requeue.ts';
import { endContact } from './talk.ts';
import { connectTransfer, failTransfer } from './transfers.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { failRecording } from './unrecorded.ts';

const ignored: Refusal = { code: 'nothing-to-do' };

export function legRinging(turn: Turn, leg: LegId): Refusal | undefined {
  const contact = contactOf(turn, leg);
  // Its order came through late, over a connection that was given up meanwhile.
  if (contact === undefined) return removeStray(turn, leg);
  const offer = offerOn(turn, contact, leg);
  if (offer === undefined || offer.rang) return ignored;
  emit(turn, { type: 'offer-rang', offer: offer.id, contact: offer.contact, agent: offer.agent });
  return undefined;
}

export function legUp(turn: Turn, leg: LegId): Refusal | undefined {
  const contact = contactOf(turn, leg);
  if (contact === undefined) return removeStray(turn, leg);
  const offer = offerOn(turn, contact, leg);
  if (offer !== undefined) phoneAnswered(turn, offer);
  else if (contact.state.status === 'transferring' && contact.state.leg === leg) connectTransfer(turn, contact, contact.state);
  else if (hasLeft(contact) && contact.state.status === 'dialling' && contact.leg === leg) callbackUp(turn, contact);
  else return ignored;
  return undefined;
}

export function legDown(turn: Turn, leg: LegId, end: LegEnd): Refusal | undefined {
  const contact = contactOf(turn, leg);
  if (contact === undefined) return ignored;
  const { state } = contact;
  if (state.status === 'closing') {
    if (contact.leg === leg) emit(turn, { type: 'contact-closed', contact: contact.id });
  } else if (hasLeft(contact)) {
    const offer = offerOn(turn, contact, leg);
    if (offer !== undefined) failOffer(turn, offer, end);
    else if (state.status === 'dialling' && contact.leg === leg) callbackDown(turn, contact, end);
    else if (state.status === 'dialling' && state.for?.leg === leg) agentGone(turn, contact);
    // The leg on which he asked, or one that was given up.
    else return ignored;
  } else if (contact.leg === leg) endContact(turn, contact.id, 'caller-hung-up');
  else if (state.status === 'connected' && state.agentLeg === leg) agentLeft(turn, contact, state, end);
  else if (state.status === 'transferring' && state.leg === leg) failTransfer(turn, contact, state, end);
  else if (state.status === 'transferred' && state.leg === leg) endContact(turn, contact.id, 'other-hung-up');
  else {
    const offer = offerOn(turn, contact, leg);
    if (offer === undefined) return ignored;
    failOffer(turn, offer, end);
  }
  return undefined;
}

/** The agent hung up: the contact is over. The phone was lost in the middle of a talk: the caller is not. */
function agentLeft(turn: Turn, contact: Contact, state: Extract<Contact['state'], { status: 'connected' }>, end: LegEnd): void {
  if (end === 'failed' || end === 'unreachable') return requeue(turn, contact, state, 'agent-lost');
  phoneIsFree(turn, state.agent);
  endContact(turn, contact.id, 'agent-hung-up');
}

/**
 * The phone was idle before this call, so it is idle after it. The switch says so itself 1 to 6 ms later, and in that
 * time the next caller's ring is on its way. One with another call of its own, which is rare, says that it is busy.
 */
function phoneIsFree(turn: Turn, id: AgentId): void {
  if (turn.centre.agents.get(id)?.device === 'in-call') emit(turn, { type: 'device-changed', agent: id, device: 'idle' });
}

export function orderFailed(turn: Turn, { order, reason, detail }: Extract<Fact, { type: 'order-failed' }>): Refusal | undefined {
  // What did not reach the switch is made good by the comparison after the reconnect. Recording travels by another way.
  if (reason === 'disconnected' && !order.type.endsWith('-recording')) return ignored;
  switch (order.type) {
    case 'ring':
      return legDown(turn, order.leg, reason === 'gone' ? 'gone' : 'failed');
    case 'connect': {
      const contact = contactOf(turn, order.legs[0]);
      if (reason === 'gone' || contact === undefined || !('bridge' in contact.state) || contact.state.bridge !== order.bridge) return ignored;
      // The flow's memory ended with the ringing, so there is nowhere to go back to; silence with an open line is worse.
      if (contact.state.status === 'transferred') {
        endContact(turn, contact.id, 'failed');
        return undefined;
      }
      requeue(turn, contact, contact.state, 'connect-failed');
      return undefined;
    }
    case 'start-recording': {
      const contact = contactOf(turn, order.leg);
      if (contact?.state.status !== 'connected' || contact.state.recording?.id !== order.recording) return ignored;
      failRecording(turn, contact, order.recording, detail);
      return undefined;
    }
    case 'play': {
      const offer = whispered(turn.centre, order);
      if (offer === undefined && reason !== 'gone' && askFailed(turn, order.leg, order.play)) return undefined;
      if (offer === undefined) return ignored;
      if (reason !== 'gone' && offer.whisper?.confirm) failOffer(turn, offer, 'failed');
      else if (reason === 'gone') return legDown(turn, order.leg, 'gone');
      else acceptOffer(turn, offer);
      return undefined;
    }
    case 'pause-recording':
    case 'resume-recording':
      return reason === 'gone' ? ignored : pauseFailed(turn, order, detail);
    case 'claim':
    case 'answer':
    case 'start-music':
    case 'write-ticket':
      return reason === 'gone' ? legDown(turn, order.leg, 'gone') : ignored;
    default:
      return ignored;
  }
}

/** Nobody is to believe that a recording pauses which runs, or the other way round. */
function pauseFailed(turn: Turn, order: Extract<Order, { type: 'pause-recording' | 'resume-recording' }>, detail: string): Refusal | undefined {
  const contact = contactOf(turn, order.leg);
  if (contact?.state.status !== 'connected' || contact.state.recording?.id !== order.recording) return ignored;
  const { agent, recording } = contact.state;
  if (recording.paused !== (order.type === 'pause-recording')) return ignored;
  if (recording.paused) emit(turn, { type: 'recording-resumed', recording: recording.id, contact: contact.id, agent, leg: contact.leg });
  else failRecording(turn, contact, recording.id, detail);
  return undefined;
}

/** A phone answered for a contact that is no more: it is not left standing. A caller's leg is its flow's business. */
function removeStray(turn: Turn, leg: LegId): Refusal | undefined {
  const role = roleOf(leg);
  if (!isDialled(role)) return ignored;
  emit(turn, { type: 'stray-removed', leg });
  return undefined;
}

function contactOf(turn: Turn, leg: LegId): Contact | undefined {
  const id = turn.centre.legs.get(leg);
  return id === undefined ? undefined : turn.centre.contacts.get(id);
}
