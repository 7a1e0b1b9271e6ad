/**
 * In-queue callback 排队回拨: a caller leaves the phone and keeps the place. The contact stays in the line without a leg,
 * ranked as it always was, and when its turn is near the customer is dialled and is the caller again.
 *
 *   promised (in-flow) ──▶ callback ──turn is near──▶ dialling ──answers──▶ waiting
 *                             ▲  rests after a miss       │  (and presses 1, where he is asked to)
 *                             └───────────────────────────┘   after the last: contact-ended
 *
 * Agent first it stands among those who wait, an agent is rung for it as for anyone, and dialling begins when one answers.
 */
import { countBefore, each, first } from '../base/sorted.ts';
import type { ContactId, LegId, PlayId, QueueId } from '../base/ids.ts';
import type { CallbackRule } from '../config/centre-config.ts';
import { playOf } from '../telephony/ids.ts';
import type { Fact, LegEnd, Media } from '../telephony/port.ts';
import { closedNow } from './closed.ts';
import { callbackRuleOf } from './callback-rule.ts';
import { dial } from './dial.ts';
import { letGo } from './let-go.ts';
import { lineOf, positionOf } from './lines.ts';
import type { Refusal } from './commands.ts';
import type { Centre } from './model.ts';
import { callsAt, hasLeft } from './open-callbacks.ts';
import type { Left } from './open-callbacks.ts';
import { inLine } from './ranking.ts';
import { bridgeFor } from './orders.ts';
import { mayTalk, startRecording } from './recordings.ts';
import { isStaffed } from './staffed.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { waitedMs } from './waited.ts';

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
  if (rank === undefined || contact === undefined || !hasLeft(contact)) return undefined;
  let ahead = countBefore(dialling, rank);
  for (const { waiting, ringing } of lanes.values()) if (!ringing) ahead += countBefore(waiting, rank);
  return ahead < callbackRuleOf(centre, queue).near && mayDial(centre, queue) ? contact : undefined;
}

/** Nobody is called to a queue where nobody could talk to him, nor while it is closed. */
function mayDial(centre: Centre, id: QueueId): boolean {
  const queue = centre.routing.queues.get(id);
  return queue !== undefined && closedNow(centre, queue) === undefined && mayTalk(centre, id) && isStaffed(centre, queue);
}

/** Somebody or something answered. */
export function callbackUp(turn: Turn, contact: Left): void {
  const { state } = contact;
  if (state.status !== 'dialling' || state.asked !== undefined) return;
  if (callbackRuleOf(turn.centre, state.queue).accept === 'answer') return reached(turn, contact);
  ask(turn, contact);
}

function ask(turn: Turn, { id, leg, language, callback, state: { queue } }: Left): void {
  const said: Media = { say: 'prompt', name: 'callback-accept', language };
  emit(turn, { type: 'callback-answered', contact: id, queue, leg, play: playOf(id, `k${callback.attempts}`), media: [said, said], until: turn.at + acceptMs });
}

/** The question may have died with the process that was to put it. Its id is the same, so that nobody hears it twice at once. */
export function askAgain(turn: Turn, contact: Left): void {
  if (contact.state.status === 'dialling' && contact.state.asked !== undefined) ask(turn, contact);
}

/** What cannot be said to him cannot be answered: he is on the line, and not in silence. */
export function askFailed(turn: Turn, leg: LegId, play: PlayId): boolean {
  const id = turn.centre.legs.get(leg);
  const contact = id === undefined ? undefined : turn.centre.contacts.get(id);
  if (contact === undefined || !hasLeft(contact) || contact.state.status !== 'dialling' || contact.state.asked !== play) return false;
  reached(turn, contact);
  return true;
}

/** What ran out while the switch stood still may never have rung: nobody has missed anything. */
export function callbacksStalled(turn: Turn): void {
  const dialled = [...turn.centre.lines.values()].flatMap(({ dialling }) => [...each(dialling)]);
  for (const { id } of dialled) {
    const contact = turn.centre.contacts.get(id);
    if (contact !== undefined && hasLeft(contact) && contact.state.status === 'dialling' && contact.state.until <= turn.at) callbackDown(turn, contact, 'gone');
  }
}

/** He who answered says by key whether he wants to be connected. Undefined where the key means nothing. */
export function callbackKey(turn: Turn, press: Pick<Press, 'leg' | 'key'>): Refusal | undefined {
  const contact = calledOn(turn.centre, press);
  if (contact === undefined) return { code: 'nothing-to-do' };
  if (press.key === '1') reached(turn, contact);
  else endContact(turn, contact.id, 'callback-declined');
  return undefined;
}

export function calledOn({ legs, contacts }: Centre, { leg, key }: Pick<Press, 'leg' | 'key'>): Left | undefined {
  const id = legs.get(leg);
  const contact = id === undefined ? undefined : contacts.get(id);
  const asked = contact !== undefined && hasLeft(contact) && contact.state.status === 'dialling' && contact.state.asked !== undefined;
  return asked && contact.leg === leg && (key === '1' || key === '2') ? contact : undefined;
}
type Press = Extract<Fact, { type: 'key-pressed' }>;

/** The words, said twice, and some time to find the key. */
const acceptMs = 30_000;

/** He waits as one who called, by his rank in front of whoever came after him; or talks to the agent who waits for him. */
function reached(turn: Turn, called: Left): void {
  const { id, leg, state } = called;
  const { queue } = state;
  if (state.status === 'dialling' && state.for !== undefined) {
    const { agent, leg: agentLeg, offer, ringMs } = state.for;
    emit(turn, { type: 'contact-connected', offer, contact: id, agent, queue, leg: agentLeg, bridge: bridgeFor(called), waitMs: waitedMs(called, state.queuedAt, turn.at), ringMs });
    return startRecording(turn, id);
  }
  const contact = inLine(turn.centre.contacts.get(id));
  if (contact !== undefined) emit(turn, { type: 'callback-connected', contact: id, queue, leg, position: positionOf(turn.centre, contact) });
}

/** The attempt came to nothing: later again, by why, or never. */
export function callbackDown(turn: Turn, { id, leg, callback, state }: Left, end: LegEnd): void {
  const { queue } = state;
  const rule = callbackRuleOf(turn.centre, queue);
  const counts = isHis(end, state.status === 'dialling' && state.asked !== undefined);
  const lost = callback.attempts - callback.misses;
  const last = counts ? callback.misses + 1 >= rule.tries : lost >= lostMax;
  emit(turn, { type: 'callback-missed', contact: id, queue, leg, end, counts, ...(last ? {} : { next: turn.at + (counts ? restMs(rule, end) : lostRestMs(rule, end, lost)) }) });
  if (last) endContact(turn, id, 'callback-unreached');
  if (state.status === 'dialling' && state.for !== undefined) letGo(turn, state.for.agent);
}

/** What he or his phone has said, and not our switch or the trunk. Put down after he was asked, and not before any answer: that was us. */
const isHis = (end: LegEnd, asked: boolean): boolean => end === 'busy' || end === 'no-answer' || end === 'rejected' || end === 'unallocated' || (end === 'hung-up' && asked);

/** The agent for whom he is dialled is gone. He is not at fault, and may be dialled for another. */
export function agentGone(turn: Turn, contact: Left): void {
  callbackDown(turn, contact, 'gone');
}

/** The deadline of a callback; it may be another one by now. */
export function callbackFalls(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact === undefined || !hasLeft(contact) || (callsAt(contact) ?? Number.POSITIVE_INFINITY) > turn.at) return;
  if (contact.state.status === 'dialling') callbackDown(turn, contact, 'no-answer');
  else if (contact.callback.until <= turn.at) endContact(turn, id, 'callback-expired');
  else emit(turn, { type: 'callback-due', contact: id, queue: contact.state.queue });
}

const restMs = ({ againMs }: CallbackRule, end: LegEnd): number => (end === 'busy' ? againMs.busy : end === 'unallocated' ? againMs.unreachable : againMs.noAnswer);

/** Soon again at first: a trunk that is away for longer is not to be dialled every few seconds for days. */
const lostRestMs = ({ againMs }: CallbackRule, end: LegEnd, times: number): number => (end === 'unreachable' ? againMs.unreachable : Math.min(againMs.unreachable, firstLostMs * 2 ** (times - 1)));
const firstLostMs = 10_000;
/** Attempts that came to nothing through nobody's fault, and then it ends all the same. */
const lostMax = 30;
