import { assertNever } from '../base/assert.ts';
import { indexFree } from './floor.ts';
import { breakDue } from './breaks.ts';
import { callbackFalls } from './callbacks.ts';
import { hoursDue } from './hours.ts';
import { holdDue } from './holds.ts';
import { popDue } from './heap.ts';
import type { Centre, Deadline } from './model.ts';
import { endWrapUp } from './presence.ts';
import { failTransfer } from './transfers.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { quieten } from './warn.ts';
import { dueWaiting } from './waiting.ts';
import { offerOver } from './whisper.ts';
import { widen } from './widen.ts';

/** When the engine must call next, in epoch milliseconds; it may find nothing to do then. */
export const nextDeadline = (centre: Centre): number | undefined => (centre.switchUp ? centre.deadlines[0]?.at : undefined);

/**
 * Does all that is due. A deadline whose reason is gone, or was moved, is passed over. While the switch is away nothing
 * falls due: a phone may have been answered there within its time, and only the next comparison knows.
 */
export function due(turn: Turn): void {
  if (!turn.centre.switchUp) return;
  for (let deadline = popDue(turn.centre.deadlines, turn.at); deadline !== undefined; deadline = popDue(turn.centre.deadlines, turn.at)) fall(turn, deadline);
}

function fall(turn: Turn, deadline: Deadline): void {
  const { centre } = turn;
  switch (deadline.kind) {
    case 'offer': {
      const offer = centre.offers.get(deadline.offer);
      if (offer !== undefined && offer.until <= turn.at) offerOver(turn, offer, 'no-answer');
      return;
    }
    case 'wrap-up': {
      const presence = centre.agents.get(deadline.agent)?.presence;
      if (presence?.status === 'wrap-up' && presence.until !== undefined && presence.until <= turn.at) endWrapUp(turn, deadline.agent);
      return;
    }
    case 'alarm':
      return quieten(turn, deadline.alarm);
    case 'rest':
      indexFree(centre, deadline.agent);
      turn.freed.add(deadline.agent);
      return;
    case 'hours':
      return hoursDue(turn, deadline.queue, deadline.at);
    case 'break':
      return breakDue(turn, deadline.agent);
    case 'hold':
      return holdDue(turn, deadline.contact);
    case 'waiting':
      return dueWaiting(turn, deadline.contact);
    case 'widen':
      return widen(turn, deadline.contact);
    case 'callback':
      return callbackFalls(turn, deadline.contact);
    case 'closing': {
      const contact = centre.contacts.get(deadline.contact);
      if (contact?.state.status === 'closing' && contact.state.until <= turn.at) emit(turn, { type: 'contact-closed', contact: contact.id, overdue: true });
      return;
    }
    case 'transfer': {
      const contact = centre.contacts.get(deadline.contact);
      if (contact?.state.status === 'transferring' && contact.state.until <= turn.at) failTransfer(turn, contact, contact.state, 'no-answer');
      return;
    }
    default:
      assertNever(deadline);
  }
}
