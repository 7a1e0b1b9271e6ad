/** After every (re)connect: what exists in the switch against what the state says, and the difference made good. */
import type { ContactId, LegId } from '../base/ids.ts';
import { contactOfCaller } from '../telephony/ids.ts';
import type { Fact, SeenLeg } from '../telephony/port.ts';
import { due } from './deadlines.ts';
import { arrive, restore } from './intake.ts';
import { legDown, legUp } from './legs.ts';
import type { Refusal } from './messages.ts';
import type { Contact } from './model.ts';
import { repairOrders } from './orders.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

type Seen = Extract<Fact, { type: 'switch-seen' }>;

export function switchLost(turn: Turn): Refusal | undefined {
  if (!turn.centre.switchUp) return { code: 'already' };
  emit(turn, { type: 'switch-changed', up: false });
  return undefined;
}

export function switchSeen(turn: Turn, seen: Seen): Refusal | undefined {
  const { centre } = turn;
  const legs = new Map(seen.legs.map((leg) => [leg.leg, leg]));
  const known = [...centre.contacts.keys()];
  for (const contact of [...centre.contacts.values()]) if (!legs.has(contact.leg)) callerGone(turn, contact, seen);
  for (const leg of [...centre.legs.keys()]) if (!legs.has(leg)) legDown(turn, leg, 'gone');
  takeIn(turn, [...legs.values()]);
  for (const { agent, device } of seen.devices) if (centre.agents.get(agent)?.device !== undefined && centre.agents.get(agent)?.device !== device) emit(turn, { type: 'device-changed', agent, device });
  for (const id of known) repair(turn, id, seen);
  if (!centre.switchUp) emit(turn, { type: 'switch-changed', up: true });
  due(turn);
  return undefined;
}

function callerGone(turn: Turn, { id, arrivedAt, state }: Contact, { startedAt }: Seen): void {
  if (state.status === 'closing') emit(turn, { type: 'contact-closed', contact: id });
  else endContact(turn, id, startedAt > arrivedAt ? 'switch-restarted' : 'caller-hung-up');
}

/** Legs that are there: answered meanwhile, unknown callers, strays of ours. Oldest first, so that the line is right. */
function takeIn(turn: Turn, legs: readonly SeenLeg[]): void {
  for (const leg of [...legs].sort((a, b) => ageOf(a) - ageOf(b))) {
    const known = turn.centre.legs.has(leg.leg);
    if (leg.role === 'caller' && !known) {
      if (leg.ticket !== undefined && leg.ticket.contact === contactOfCaller(leg.leg)) restore(turn, leg, leg.ticket);
      else arrive(turn, { contact: contactOfCaller(leg.leg), leg: leg.leg, ani: leg.ani, dnis: leg.dnis, at: leg.since });
    } else if ((leg.role === 'agent' || leg.role === 'transfer') && (!known || leg.state === 'up')) legUp(turn, leg.leg);
  }
}

const ageOf = (leg: SeenLeg): number => leg.ticket?.queuedAt ?? leg.since;

function repair(turn: Turn, id: ContactId, seen: Seen): void {
  const contact = turn.centre.contacts.get(id);
  // What this very turn changed has its orders already.
  if (contact === undefined || turn.touched.contacts.has(id)) return;
  const { state } = contact;
  if (state.status === 'connected' && inOneBridge(seen, state.bridge, [contact.leg, state.agentLeg]) && state.recording === undefined) return;
  if (state.status === 'transferred' && inOneBridge(seen, state.bridge, [contact.leg, state.leg])) return;
  emit(turn, { type: 'contact-repaired', contact: contact.id, orders: repairOrders(turn.centre, contact) });
}

function inOneBridge(seen: Seen, id: string, legs: readonly LegId[]): boolean {
  const members = seen.bridges.find(({ bridge }) => bridge === id)?.legs ?? [];
  return legs.every((leg) => members.includes(leg));
}
