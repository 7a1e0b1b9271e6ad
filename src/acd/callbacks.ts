/**
 * In-queue callback 排队回拨: a caller leaves the phone and keeps the place. The contact stays in the line without a leg,
 * ranked as it always was, and when its turn is near the customer is dialled and is the caller again.
 *
 *   promised (in-flow) ──▶ callback ──turn is near──▶ dialling ──answers──▶ waiting
 *                             ▲  rests after a miss       │
 *                             └───────────────────────────┘   after the last: contact-ended
 */
import { countBefore, first } from '../base/sorted.ts';
import type { ContactId, QueueId } from '../base/ids.ts';
import type { CallbackRule } from '../config/centre-config.ts';
import { callbackLeg } from '../telephony/ids.ts';
import type { LegEnd } from '../telephony/port.ts';
import { closedNow } from './closed.ts';
import { isEmpty } from './entering.ts';
import { lineOf, positionOf } from './lines.ts';
import type { Centre } from './model.ts';
import { callsAt, hasLeft } from './open-callbacks.ts';
import type { Left } from './open-callbacks.ts';
import { inLine } from './ranking.ts';
import { mayTalk } from './recordings.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Dials those whose turn is near; at the end of a step, when it is known who else waits. */
export function dialDue(turn: Turn): void {
  const { centre } = turn;
  if (centre.callable.size === 0 || !centre.switchUp) return;
  for (const queue of [...centre.callable]) for (let next = nextToDial(centre, queue); next !== undefined; next = nextToDial(centre, queue)) dial(turn, next);
}

/** The first of those who are to be called back, where no more than `near` others wait or are dialled in front of him. */
export function nextToDial(centre: Centre, queue: QueueId): Left | undefined {
  const { lanes, callable, dialling } = lineOf(centre, queue);
  const rank = first(callable);
  const contact = rank && centre.contacts.get(rank.id);
  if (rank === undefined || contact === undefined || !hasLeft(contact) || !mayDial(centre, queue)) return undefined;
  let ahead = countBefore(dialling, rank);
  for (const { waiting } of lanes.values()) ahead += countBefore(waiting, rank);
  return ahead < ruleOf(centre, queue).near ? contact : undefined;
}

/** Nobody is called to a queue where nobody could talk to him, nor to one that sends its callers away. */
function mayDial(centre: Centre, id: QueueId): boolean {
  const queue = centre.routing.queues.get(id);
  return queue !== undefined && closedNow(centre, queue)?.waiting !== 'leave' && mayTalk(centre, id) && !isEmpty(centre, queue, ['offline', 'paused', 'unreachable']);
}

function dial(turn: Turn, { id, callback, state: { queue } }: Left): void {
  const { number, trunk, attempts } = callback;
  const attempt = attempts + 1;
  emit(turn, { type: 'callback-attempted', contact: id, queue, leg: callbackLeg(id, attempt), number, ...(trunk === undefined ? {} : { trunk }), attempt, until: turn.at + ruleOf(turn.centre, queue).ringMs });
}

/** He answered, and waits as one who called; by his rank in front of whoever came after him. */
export function callbackUp(turn: Turn, { id, leg, state: { queue } }: Left): void {
  const contact = inLine(turn.centre.contacts.get(id));
  if (contact !== undefined) emit(turn, { type: 'callback-connected', contact: id, queue, leg, position: positionOf(turn.centre, contact) });
}

/** The attempt came to nothing: later again, by why, or never. */
export function callbackDown(turn: Turn, { id, leg, callback, state: { queue } }: Left, end: LegEnd): void {
  const rule = ruleOf(turn.centre, queue);
  const counts = end !== 'gone' && end !== 'hung-up';
  if (counts && callback.misses + 1 >= rule.tries) {
    emit(turn, { type: 'callback-missed', contact: id, queue, leg, end, counts });
    return endContact(turn, id, 'callback-unreached');
  }
  emit(turn, { type: 'callback-missed', contact: id, queue, leg, end, counts, next: turn.at + restMs(rule, end) });
}

/** The deadline of a callback; it may be another one by now. */
export function callbackFalls(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact === undefined || !hasLeft(contact) || (callsAt(contact) ?? Number.POSITIVE_INFINITY) > turn.at) return;
  if (contact.state.status === 'dialling') callbackDown(turn, contact, 'no-answer');
  else if (contact.callback.until <= turn.at) endContact(turn, id, 'callback-expired');
  else emit(turn, { type: 'callback-due', contact: id, queue: contact.state.queue });
}

/** Not where it ended in the switch, through nobody's fault. */
const lostRestMs = 10_000;

function restMs({ againMs }: CallbackRule, end: LegEnd): number {
  switch (end) {
    case 'busy':
      return againMs.busy;
    case 'no-answer':
    case 'rejected':
      return againMs.noAnswer;
    case 'unreachable':
    case 'failed':
      return againMs.unreachable;
    default:
      return lostRestMs;
  }
}

/** That of the queue it stands in now. A queue that offers none any more still keeps what was promised. */
const ruleOf = ({ routing }: Centre, queue: QueueId): CallbackRule => routing.queues.get(queue)?.callback ?? lastRule;
const lastRule: CallbackRule = { near: 1, ringMs: 30_000, tries: 3, againMs: { busy: 120_000, noAnswer: 600_000, unreachable: 600_000 }, expiresMs: 14_400_000, openMax: 0 };
