/** A contact's way in: from arrival through its flow to a queue, a number or the end. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { countBefore } from '../base/sorted.ts';
import { transferLeg } from '../telephony/ids.ts';
import { sourceOf, turnAway } from './admission.ts';
import { whyNot } from './entering.ts';
import { ringsIn } from './heard.ts';
import { holdIn } from './holds.ts';
import { lineOf } from './lines.ts';
import { callbackBefore, promiseCallback, takeOver, whyNoCallback } from './ask-callback.ts';
import type { EventOf, FlowExit, FlowInput, Input, TurnedAwayFromQueue } from './messages.ts';
import type { Refusal } from './commands.ts';
import type { Contact, KeptPlace, Place, Seat } from './contact.ts';
import type { TurnedAway } from './model.ts';
import type { Left } from './open-callbacks.ts';
import { placeLeft } from './redial.ts';
import { rankOf, seatAt } from './ranking.ts';
import type { InLine, Rank } from './ranking.ts';
import { replacementOf } from './replacement.ts';
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
  const { path, data, language, memory, orders, callback, exit } = input;
  const refused = callback && whyNoCallback(turn.centre, contact, callback);
  if (refused !== undefined) return refused;
  emit(turn, { type: 'flow-moved', contact: contact.id, path, data, language, memory, orders });
  if (callback !== undefined) promiseCallback(turn, contact, callback);
  if (exit !== undefined) leaveFlow(turn, input, exit);
  return undefined;
}

function leaveFlow(turn: Turn, { contact, memory }: FlowInput, exit: NonNullable<FlowInput['exit']>): void {
  switch (exit.to) {
    case 'queue': {
      const { id, kept, called } = comesTo(turn, contact, exit.queue);
      const refused = id === undefined ? 'queue-removed' : whyNot(turn.centre, id, kept ?? called?.state);
      if (id === undefined || refused !== undefined) emit(turn, { type: 'contact-turned-away', contact, queue: id ?? exit.queue, reason: refused ?? 'queue-removed', memory, ...closedBy(turn, id, refused) });
      else {
        const place: Place = { queue: id, priority: exit.priority, ...(exit.tier && { tier: exit.tier }), queuedAt: kept?.queuedAt ?? turn.at, enteredAt: (kept?.queue === id ? kept.enteredAt : undefined) ?? turn.at, ...(exit.keys && { keys: exit.keys }), ...(exit.asks && { asks: exit.asks }) };
        enterQueue(turn, contact, called === undefined ? place : takeOver(turn, called, place), false, { ...exit, ...(called && { merged: called.id }) });
      }
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

function closedBy({ centre }: Turn, id: QueueId | undefined, refused: TurnedAwayFromQueue | undefined): { readonly by?: AgentId } {
  const by = refused === 'closed' && id !== undefined ? centre.closed.get(id)?.by : undefined;
  return by === undefined ? {} : { by };
}

/** The queue, or the one that has replaced it where an older version of the flow leads there; and what the contact brings from an earlier one. */
function comesTo({ centre }: Turn, contact: ContactId, queue: QueueId): { readonly id: QueueId | undefined; readonly kept: KeptPlace | undefined; readonly called: Left | undefined } {
  const { contacts, routing } = centre;
  const { state, ani = '' } = contacts.get(contact) ?? {};
  const id = routing.queues.has(queue) ? queue : replacementOf(queue, routing);
  const kept = state?.status === 'in-flow' ? state.kept : undefined;
  return { id, kept: kept ?? (id && placeLeft(centre, id, ani)), called: id && callbackBefore(centre, id, { id: contact, ani }) };
}

/** `wished`: the place asked for, 1 the first. */
export function enterQueue(turn: Turn, id: Contact['id'], asked: Place, restored: boolean, { position: wished, agent, merged }: Pick<Extract<FlowExit, { to: 'queue' }>, 'position' | 'agent'> & Pick<EventOf<'contact-queued'>, 'merged'> = {}): void {
  const { centre, at } = turn;
  const contact = centre.contacts.get(id);
  if (contact === undefined) return;
  const place: Place = contact.vip === true && asked.tier === undefined ? { ...asked, tier: 'vip' } : asked;
  const { queue, priority, queuedAt, enteredAt, tier, keys, asks } = place;
  const line = lineOf(centre, queue).all;
  const as = (state: Place): Rank => rankOf(centre.routing, { ...contact, state: { status: 'waiting', ...state } } as InLine);
  const seat = wished === undefined ? place.seat : seatAt(line, as(place), wished, (rank) => likeOf(turn, rank));
  const hold = restored ? undefined : holdIn(turn, contact, queue, agent);
  const position = countBefore(line, as(seat === undefined ? place : { ...place, seat })) + 1;
  emit(turn, { type: 'contact-queued', contact: id, queue, priority, queuedAt, position, restored, ...(enteredAt === at ? {} : { enteredAt }), ...(tier && { tier }), ...(seat && { seat }), ...(keys && { keys }), ...(asks && { asks }), ...(hold && { hold }), ...(merged && { merged }), ...ringsIn(centre, queue) });
}

/** What a contact is ranked by, its own request followed to the one whom it stands in front of. */
function likeOf({ centre }: Turn, { id }: Rank): Seat['like'] | undefined {
  const place = centre.standings.get(id)?.place;
  if (place === undefined) return undefined;
  const { seat, queuedAt, priority, tier } = place;
  return seat?.like ?? { id, queuedAt, priority, ...(tier && { tier }) };
}
