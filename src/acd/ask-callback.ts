/** A caller is promised a callback, or calls again before we did. */
import type { QueueId } from '../base/ids.ts';
import type { CallbackRule } from '../config/centre-config.ts';
import type { FlowInput } from './messages.ts';
import type { Refusal } from './commands.ts';
import type { Contact, Place } from './contact.ts';
import type { Centre } from './model.ts';
import { callbackOf, hasLeft, openIn } from './open-callbacks.ts';
import type { Left } from './open-callbacks.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

type Asked = NonNullable<FlowInput['callback']>;

/** Undefined: it may be promised. */
export function whyNoCallback(centre: Centre, contact: Contact, { number, queue: named }: Asked): Refusal | undefined {
  const queue = named ?? keptIn(contact)?.queue;
  const rule = queue === undefined ? undefined : centre.routing.queues.get(queue)?.callback;
  if (queue === undefined || rule === undefined) return { code: 'no-callback' };
  if (!mayBeDialled(rule, number, contact.ani)) return { code: 'bad-number' };
  const open = callbackOf(centre, queue, number);
  // Somebody with that number is being told so at this moment, or it was promised just now.
  if (open !== undefined && !hasLeft(open)) return { code: 'already' };
  return open === undefined && openIn(centre, queue) >= rule.openMax ? { code: 'callbacks-full' } : undefined;
}

/** Only what the trunk's owner has agreed to pay for. */
const mayBeDialled = ({ trunk, allow, otherNumber }: CallbackRule, number: string, ani: string): boolean =>
  // Our own phones have short numbers; what is short outside is no customer.
  (trunk === undefined ? /^\d{3,20}$/ : /^\+?\d{5,20}$/).test(number) && (otherNumber || number === ani) && allow.some((beginning) => number.startsWith(beginning));

/** From here on the promise is kept, whatever becomes of this call. */
export function promiseCallback(turn: Turn, contact: Contact, { number, queue: named }: Asked): void {
  const { centre, at } = turn;
  const queue = named ?? keptIn(contact)?.queue;
  const rule = queue === undefined ? undefined : centre.routing.queues.get(queue)?.callback;
  if (queue === undefined || rule === undefined) return;
  const before = callbackOf(centre, queue, number);
  const asked = placeFor(queue, keptIn(contact), at);
  const own: Place = contact.vip === true && asked.tier === undefined ? { ...asked, tier: 'vip' } : asked;
  const place = before === undefined || !hasLeft(before) ? own : takeOver(turn, before, own);
  emit(turn, { type: 'callback-asked', contact: contact.id, queue, number, ...(rule.trunk === undefined ? {} : { trunk: rule.trunk }), until: at + rule.expiresMs, place });
}

/** In another queue than he waited in, his age is all that he brings. */
function placeFor(queue: QueueId, kept: Place | undefined, at: number): Place {
  return kept?.queue === queue ? kept : { queue, queuedAt: kept?.queuedAt ?? at, enteredAt: at, priority: kept?.priority ?? 0 };
}

const keptIn = ({ state }: Contact): Place | undefined => (state.status === 'in-flow' ? state.kept?.place : undefined);

/** He who asks or calls again has the better of his two places, and the other contact is over. */
export function takeOver<Own extends Pick<Place, 'queuedAt' | 'enteredAt' | 'priority' | 'tier'>>(turn: Turn, before: Left, own: Own): Own {
  const { queuedAt, enteredAt, priority, tier } = before.state;
  endContact(turn, before.id, 'callback-merged');
  return { ...own, queuedAt: Math.min(queuedAt, own.queuedAt), enteredAt: Math.min(enteredAt, own.enteredAt), priority: Math.max(priority, own.priority), ...((tier ?? own.tier) && { tier: tier ?? own.tier }) };
}

/** His open callback in this queue, when he calls it himself. */
export function callbackBefore(centre: Centre, queue: QueueId, { id, ani }: Pick<Contact, 'id' | 'ani'>): Left | undefined {
  const open = callbackOf(centre, queue, ani);
  return open !== undefined && open.id !== id && hasLeft(open) ? open : undefined;
}
