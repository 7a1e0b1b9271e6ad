/** The callbacks that are open: one of each number and queue, found by both, and each with its deadline. */
import type { ContactId, QueueId } from '../base/ids.ts';
import type { Callback, Contact, ContactState, Place } from './contact.ts';
import type { Centre, Routing } from './model.ts';
import type { InLine } from './ranking.ts';

export interface OpenCallback extends Contact {
  readonly callback: Callback;
}
/** In the line, and not on the phone. */
export type Left = OpenCallback & { readonly state: Extract<ContactState, { status: 'callback' | 'dialling' | 'offered' }> };

export const callbackOf = ({ callbacks, contacts }: Centre, queue: QueueId, number: string): Contact | undefined => {
  const id: ContactId | undefined = callbacks.get(key(queue, number));
  return id === undefined ? undefined : contacts.get(id);
};

/** Undefined unless it is open: promised, in the line or being dialled. */
export function keyOf(contact: Contact | undefined): string | undefined {
  const place = contact && placeOf(contact);
  return place && contact.callback && key(place.queue, contact.callback.number);
}

/** How many are open in the queue. */
export function openIn({ callbacks }: Centre, queue: QueueId): number {
  let open = 0;
  for (const id of callbacks.keys()) if (id.startsWith(`${queue} `)) open += 1;
  return open;
}

/** When something falls due of its own: the end of a rest, of an attempt, of the whole. */
export function callsAt(contact: Contact | undefined): number | undefined {
  if (contact?.state.status === 'dialling') return contact.state.until;
  if (contact?.state.status !== 'callback' || contact.callback === undefined) return undefined;
  return Math.min(contact.state.rests ?? Number.POSITIVE_INFINITY, contact.callback.until);
}

export const hasLeft = (contact: Contact): contact is Left =>
  contact.callback !== undefined && contact.callback.place === undefined && contact.callback.reachedAt === undefined && leftStates.has(contact.state.status);
const leftStates: ReadonlySet<ContactState['status']> = new Set(['callback', 'dialling', 'offered']);

/** He was told that he will be called, and is still on the phone. */
export const isPromised = (contact: Contact): contact is OpenCallback => contact.callback?.place !== undefined && contact.state.status === 'in-flow';

/** Once: who was called back stays on the phone. */
export const asksCallback = ({ queues }: Routing, { callback, state }: InLine, key: string): boolean =>
  callback === undefined && state.memory !== undefined && queues.get(state.queue)?.callback?.key === key;

function placeOf(contact: Contact): Place | undefined {
  return hasLeft(contact) ? contact.state : isPromised(contact) ? contact.callback.place : undefined;
}

/** +86 and 86 are the same phone. */
const key = (queue: QueueId, number: string): string => `${queue} ${number.replace(/^\+/, '')}`;
