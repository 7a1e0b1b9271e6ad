/** A flow's transfer to a number: dialled, connected, or back to the flow. */
import type { LegEnd } from '../telephony/port.ts';
import type { Contact, ContactState } from './contact.ts';
import { bridgeOf } from '../telephony/ids.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

type Transferring = Extract<ContactState, { status: 'transferring' }>;

export function connectTransfer(turn: Turn, contact: Contact, { leg, to }: Transferring): void {
  emit(turn, { type: 'transfer-connected', contact: contact.id, leg, bridge: bridgeOf(contact.id, contact.next), to });
}

export function failTransfer(turn: Turn, contact: Contact, { leg, to, memory }: Transferring, end: LegEnd): void {
  emit(turn, { type: 'transfer-failed', contact: contact.id, leg, to, end, memory });
}
