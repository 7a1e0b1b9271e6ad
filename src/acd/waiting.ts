/** What becomes of a waiting contact by the clock alone. */
import type { ContactId } from '../base/ids.ts';
import { announcesAt, tellingOf } from './announce.ts';
import { push } from './heap.ts';
import { leaveQueue } from './leaving.ts';
import type { Contact } from './model.ts';
import { inLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { nextOf, timesOf } from './wait-deadline.ts';

/** The deadline has come; what was due under an older rule is passed over. */
export function dueWaiting(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact?.state.status !== 'waiting') return;
  const { queue, priority } = contact.state;
  const { overflowsAt, leavesAt } = timesOf(turn.centre, contact.state, contact.been);
  const to = turn.centre.routing.queues.get(queue)?.overflow?.to;
  // Of two at once the one that keeps the caller waiting somewhere.
  if (to !== undefined && overflowsAt <= turn.at && overflowsAt <= leavesAt) emit(turn, { type: 'contact-overflowed', contact: id, from: queue, queue: to, priority });
  else if (leavesAt <= turn.at) leaveQueue(turn, contact, 'waited');
  else announce(turn, contact);
}

function announce(turn: Turn, { id }: Contact): void {
  const contact = inLine(turn.centre.contacts.get(id));
  const rules = contact && turn.centre.routing.queues.get(contact.state.queue)?.announce;
  if (contact === undefined || rules === undefined || announcesAt(rules, contact.state.enteredAt, contact.state.told?.at ?? contact.state.enteredAt) > turn.at) return;
  const telling = tellingOf(turn.centre, contact, rules);
  if (telling !== undefined) emit(turn, { type: 'contact-told', contact: id, queue: contact.state.queue, ...telling });
  // Its next one is not another deadline than it had before, so nobody else sets it.
  const next = nextOf(turn.centre, turn.centre.contacts.get(id));
  if (next !== undefined) push(turn.centre.deadlines, { at: next, kind: 'waiting', contact: id });
}
