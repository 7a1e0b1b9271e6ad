import { assertNever } from '../base/assert.ts';
import type { Order } from '../telephony/port.ts';
import { saidAgain } from './agent-phone.ts';
import type { Contact, LiveRecording } from './contact.ts';
import { heardIn } from './heard.ts';
import type { Centre } from './model.ts';
import { hangUpOf, talkOrders } from './orders.ts';
import { talkOf, ticketAgain, ticketOf } from './tickets.ts';

/**
 * The orders that make the switch what the contact's state says, given again after a reconnect: any of them may have
 * been lost with the connection or with the process that was to give it. `talks`: its legs are in their bridge.
 */
export function repairOrders(centre: Centre, contact: Contact, talks: boolean): readonly Order[] {
  const { leg, state } = contact;
  if (state.status === 'closing') return [hangUpOf(contact, centre.routing.centre.admission.treatment)];
  // Unclaimed, the dialplan's timer throws the caller out.
  const claim = { type: 'claim', leg } as const;
  const answer = { type: 'answer', leg } as const;
  const stopMusic = { type: 'stop-music', leg } as const;
  switch (state.status) {
    case 'in-flow':
      return [claim];
    // What is left of the leg on which he asked, or that was given up.
    case 'callback':
      return [{ type: 'hang-up', leg, because: 'normal' }];
    case 'dialling':
      return [];
    case 'waiting':
    case 'offered':
      return [...saidAgain(centre, state), claim, ...(state.rings ? [] : [answer]), { type: 'start-music', leg, music: heardIn(centre, state) }, { type: 'write-ticket', leg, ticket: ticketOf(contact, contact.next, state) }];
    case 'connected':
      return [claim, answer, ...(talks ? [stopMusic] : talkOrders(centre, contact, state)), ...recordingOrders(leg, state.recording), ...ticketAgain(contact, contact.next, talkOf(state))];
    case 'transferring':
      return [claim, { type: 'start-music', leg, music: 'default' }];
    case 'transferred':
      return [claim, answer, stopMusic, ...(talks ? [] : [{ type: 'connect', bridge: state.bridge, legs: [leg, state.leg] }] as const)];
    default:
      return assertNever(state);
  }
}

/** Starting one that runs does nothing, and what is to be paused is paused before anything else is said. */
function recordingOrders(leg: Contact['leg'], recording: LiveRecording | undefined): readonly Order[] {
  if (recording === undefined) return [];
  return [{ type: 'start-recording', recording: recording.id, leg }, { type: recording.paused ? 'pause-recording' : 'resume-recording', recording: recording.id, leg }];
}
