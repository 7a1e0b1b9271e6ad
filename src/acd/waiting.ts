/** What becomes of a waiting contact by the clock alone. */
import type { ContactId } from '../base/ids.ts';
import { announcesAt, tellingOf } from './announce.ts';
import { leaveAsClosed } from './leave-closed.ts';
import { ringsIn } from './heard.ts';
import { push } from './heap.ts';
import { leaveQueue } from './leaving.ts';
import type { Contact } from './contact.ts';
import { inLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { nextOf, timesOf, waitsFrom } from './wait-deadline.ts';

/** The deadline has come; what was due under an older rule is passed over. */
export function dueWaiting(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact?.state.status !== 'waiting') return;
  const { queue, priority } = contact.state;
  const { overflowsAt, leavesAt, closesAt } = timesOf(turn.centre, contact.state, contact);
  const overflow = turn.centre.routing.queues.get(queue)?.overflow;
  // Of two at once the one that keeps the caller waiting somewhere.
  if (overflow !== undefined && overflowsAt <= turn.at && overflowsAt <= leavesAt && overflowsAt <= closesAt) emit(turn, { type: 'contact-overflowed', contact: id, from: queue, queue: overflow.to, priority, ...(contact.state.rings && ringsIn(turn.centre, overflow.to)) });
  else if (closesAt <= turn.at) leaveAsClosed(turn, contact);
  else if (leavesAt <= turn.at) leaveQueue(turn, contact, 'waited');
  else if (!announce(turn, contact) && overflow !== undefined && waitsFrom(contact.state.enteredAt, contact.callback) + overflow.afterMs <= turn.at) goOn(turn, id);
}

function announce(turn: Turn, { id }: Contact): boolean {
  const contact = inLine(turn.centre.contacts.get(id));
  const rules = contact && turn.centre.routing.queues.get(contact.state.queue)?.announce;
  if (contact === undefined || rules === undefined || announcesAt(rules, contact.state.enteredAt, contact.state.told?.at ?? contact.state.enteredAt) > turn.at) return false;
  const telling = tellingOf(turn.centre, contact, rules);
  if (telling !== undefined) emit(turn, { type: 'contact-told', contact: id, queue: contact.state.queue, ...telling });
  goOn(turn, id);
  return true;
}

/** What comes next is no other deadline than it had before, or none, so nobody else sets it. */
function goOn({ centre }: Turn, id: ContactId): void {
  const next = nextOf(centre, centre.contacts.get(id));
  if (next !== undefined) push(centre.deadlines, { at: next, kind: 'waiting', contact: id });
}
