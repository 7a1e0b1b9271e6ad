/** A contact's way in: from arrival through its flow to a queue, a number or the end. */
import { assertNever } from '../base/assert.ts';
import type { Ticket } from '../telephony/port.ts';
import { transferLeg } from '../telephony/ids.ts';
import type { FlowInput, Input, Refusal } from './messages.ts';
import type { Contact } from './model.ts';
import { inLine } from './ranking.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

/** Past this many contacts at once a new one is refused; far above what one switch can carry. */
export const maxContacts = 50_000;

export function arrive(turn: Turn, { contact, leg, ani, dnis, at }: Pick<Extract<Input, { type: 'call-arrived' }>, 'contact' | 'leg' | 'ani' | 'dnis' | 'at'>): Refusal | undefined {
  const { centre } = turn;
  if (centre.contacts.has(contact)) return { code: 'already' };
  if (centre.contacts.size >= maxContacts) return { code: 'too-many-contacts' };
  const { version, centre: settings } = centre.routing;
  emit(turn, { type: 'contact-arrived', at: Math.min(at, turn.at), contact, leg, ani, dnis, language: settings.language, flow: settings.numbers.get(dnis) ?? '', version });
  return undefined;
}

/** A caller whom only the ticket on the channel remembers: back in line where it stood, or into the flow again. */
export function restore(turn: Turn, call: { leg: Contact['leg']; ani: string; dnis: string }, ticket: Ticket): void {
  const refusal = arrive(turn, { ...call, contact: ticket.contact, at: ticket.arrivedAt });
  if (refusal !== undefined || ticket.queue === undefined) return;
  const queue = [...turn.centre.routing.queues.keys()].find((id) => id === ticket.queue);
  if (queue === undefined) return;
  enterQueue(turn, ticket.contact, queue, ticket.priority ?? 0, ticket.queuedAt ?? ticket.arrivedAt, true);
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
      else enterQueue(turn, contact, exit.queue, exit.priority, turn.at, false);
      return;
    }
    case 'number': {
      // A second try after a failed one needs a leg of its own; the contact's count is new each time.
      const leg = transferLeg(contact, turn.centre.contacts.get(contact)?.next ?? 0);
      emit(turn, { type: 'transfer-started', contact, leg, to: exit.target, until: turn.at + exit.timeoutMs, memory });
      return;
    }
    case 'end':
      endContact(turn, contact, 'flow-ended');
      return;
    default:
      assertNever(exit);
  }
}

function enterQueue(turn: Turn, contact: Contact['id'], queue: Extract<FlowInput['exit'], { to: 'queue' }>['queue'], priority: number, queuedAt: number, restored: boolean): void {
  const line = turn.centre.lines.get(queue) ?? [];
  const ahead = line.filter((id) => {
    const other = inLine(turn.centre.contacts.get(id));
    return other !== undefined && (other.state.priority > priority || (other.state.priority === priority && other.state.queuedAt <= queuedAt));
  }).length;
  emit(turn, { type: 'contact-queued', contact, queue, priority, queuedAt, position: ahead + 1, restored });
}
