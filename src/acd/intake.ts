/** A contact's way in: from arrival through its flow to a queue, a number or the end. */
import { assertNever } from '../base/assert.ts';
import { transferLeg } from '../telephony/ids.ts';
import { sourceOf, turnAway } from './admission.ts';
import type { FlowInput, Input, Refusal } from './messages.ts';
import type { Contact, Place, TurnedAway } from './model.ts';
import { inLine } from './ranking.ts';
import { endContact } from './talk.ts';
import { raiseAlarm } from './warn.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

type Call = Pick<Extract<Input, { type: 'call-arrived' }>, 'contact' | 'leg' | 'ani' | 'dnis' | 'at' | 'trunk'>;

/** Let in, or turned away: a contact either way, so that every call that was placed is counted once. */
export function callArrived(turn: Turn, call: Call): Refusal | undefined {
  const { centre } = turn;
  if (centre.contacts.has(call.contact)) return { code: 'already' };
  const turnedAway = turnAway(centre, { ...call, at: Math.min(call.at, turn.at) });
  if (turnedAway === undefined) return arrive(turn, call);
  raiseAlarm(turn, turnedAway, sourceOf(turnedAway, call));
  arrive(turn, call, turnedAway);
  if (centre.routing.centre.admission.treatment !== 'prompt') endContact(turn, call.contact, turnedAway);
  return undefined;
}

/** Without a look at the limits: a caller whom the switch held for us meanwhile has waited long enough. */
export function arrive(turn: Turn, { contact, leg, ani, dnis, at, trunk }: Call, turnedAway?: TurnedAway): Refusal | undefined {
  const { centre } = turn;
  if (centre.contacts.has(contact)) return { code: 'already' };
  const { version, centre: settings } = centre.routing;
  emit(turn, {
    type: 'contact-arrived', at: Math.min(at, turn.at), contact, leg, ani, dnis, language: settings.language,
    flow: turnedAway === undefined ? (settings.numbers.get(dnis) ?? '') : '', version,
    ...(trunk === undefined ? {} : { trunk }), ...(turnedAway === undefined ? {} : { turnedAway }),
  });
  return undefined;
}

export function moveFlow(turn: Turn, input: FlowInput): Refusal | undefined {
  const contact = turn.centre.contacts.get(input.contact);
  if (contact === undefined) return { code: 'unknown-contact' };
  if (contact.state.status !== 'in-flow') return { code: 'not-in-flow' };
  if (input.exit?.to === 'queue' && !turn.centre.routing.queues.has(input.exit.queue)) return { code: 'unknown-queue', detail: input.exit.queue };
  const { path, data, language, memory, orders, exit } = input;
  emit(turn, { type: 'flow-moved', contact: contact.id, path, data, language, memory, orders });
  if (exit !== undefined) leaveFlow(turn, input, exit);
  return undefined;
}

function leaveFlow(turn: Turn, { contact, memory }: FlowInput, exit: NonNullable<FlowInput['exit']>): void {
  switch (exit.to) {
    case 'queue': {
      const queue = turn.centre.routing.queues.get(exit.queue);
      if (queue !== undefined && (turn.centre.lines.get(exit.queue)?.length ?? 0) >= queue.maxWaiting) emit(turn, { type: 'contact-turned-away', contact, queue: exit.queue, reason: 'full', memory });
      else enterQueue(turn, contact, { queue: exit.queue, priority: exit.priority, queuedAt: turn.at, enteredAt: turn.at }, false);
      return;
    }
    case 'number': {
      // A second try after a failed one needs a leg of its own; the contact's count is new each time.
      const leg = transferLeg(contact, turn.centre.contacts.get(contact)?.next ?? 0);
      emit(turn, { type: 'transfer-started', contact, leg, to: exit.target, until: turn.at + exit.timeoutMs, memory });
      return;
    }
    case 'end':
      endContact(turn, contact, turn.centre.contacts.get(contact)?.turnedAway ?? 'flow-ended');
      return;
    default:
      assertNever(exit);
  }
}

export function enterQueue(turn: Turn, contact: Contact['id'], { queue, priority, queuedAt, enteredAt }: Place, restored: boolean): void {
  const line = turn.centre.lines.get(queue) ?? [];
  const ahead = line.filter((id) => {
    const other = inLine(turn.centre.contacts.get(id));
    return other !== undefined && (other.state.priority > priority || (other.state.priority === priority && other.state.queuedAt <= queuedAt));
  }).length;
  emit(turn, { type: 'contact-queued', contact, queue, priority, queuedAt, position: ahead + 1, restored, ...(enteredAt === turn.at ? {} : { enteredAt }) });
}
