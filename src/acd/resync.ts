/** After every (re)connect: what exists in the switch against what the state says, and the difference made good. */
import type { ContactId, LegId } from '../base/ids.ts';
import { contactOfCaller, isDialled } from '../telephony/ids.ts';
import type { Fact, SeenLeg } from '../telephony/port.ts';
import { askAgain, callbacksStalled } from './callbacks.ts';
import { due } from './deadlines.ts';
import { deviceSeen } from './devices.ts';
import { arrive } from './intake.ts';
import { legDown, legUp } from './legs.ts';
import type { Refusal } from './commands.ts';
import type { Contact } from './contact.ts';
import { hasLeft } from './open-callbacks.ts';
import { repairOrders } from './repair.ts';
import { rehome } from './rehome.ts';
import { restoreByTickets } from './restore.ts';
import { endContact } from './talk.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { offerOver } from './whisper.ts';

type Seen = Extract<Fact, { type: 'switch-seen' }>;

export function switchLost(turn: Turn): Refusal | undefined {
  if (!turn.centre.switchUp) return { code: 'already' };
  emit(turn, { type: 'switch-changed', up: false });
  return undefined;
}

/** What had been held up has come before this. */
export function switchResumed(turn: Turn): Refusal | undefined {
  const { centre } = turn;
  if (centre.switchUp) return { code: 'already' };
  // A phone whose time ran out meanwhile may never have been asked to ring: nobody has missed anything.
  for (const offer of [...centre.offers.values()]) if (offer.until <= turn.at) offerOver(turn, offer, 'gone');
  callbacksStalled(turn);
  emit(turn, { type: 'switch-changed', up: true, version: centre.routing.version });
  due(turn);
  return undefined;
}

export function switchSeen(turn: Turn, seen: Seen): Refusal | undefined {
  const { centre } = turn;
  const legs = new Map(seen.legs.map((leg) => [leg.leg, leg]));
  const known = [...centre.contacts.keys()];
  // Who left the phone has no leg, and one that rang at him is looked for below.
  for (const contact of [...centre.contacts.values()]) if (!legs.has(contact.leg) && !hasLeft(contact)) callerGone(turn, contact, seen);
  const oldestFirst = [...legs.values()].sort((a, b) => ageOf(a) - ageOf(b));
  const talking = restoreByTickets(turn, oldestFirst);
  for (const leg of [...centre.legs.keys()]) if (!legs.has(leg)) legDown(turn, leg, 'gone');
  takeIn(turn, oldestFirst);
  for (const device of seen.devices) deviceSeen(turn, device);
  for (const id of new Set([...known, ...talking])) repair(turn, id, seen, turn.touched.contacts.has(id) && !talking.includes(id));
  rehome(turn);
  removeBridges(turn, seen);
  if (!centre.switchUp) emit(turn, { type: 'switch-changed', up: true, version: centre.routing.version });
  due(turn);
  return undefined;
}

function callerGone(turn: Turn, { id, arrivedAt, state }: Contact, { startedAt }: Seen): void {
  if (state.status === 'closing') emit(turn, { type: 'contact-closed', contact: id });
  else endContact(turn, id, startedAt > arrivedAt ? 'switch-restarted' : 'caller-hung-up');
}

/** Legs that are there: answered meanwhile, unknown callers, strays of ours. Oldest first, so that the line is right. */
function takeIn(turn: Turn, legs: readonly SeenLeg[]): void {
  for (const leg of legs) {
    const known = turn.centre.legs.has(leg.leg);
    if (leg.role === 'caller' && !known) arrive(turn, { ...leg, contact: contactOfCaller(leg.leg), at: leg.since });
    else if (isDialled(leg.role) && (!known || leg.state === 'up')) legUp(turn, leg.leg);
  }
}

const ageOf = (leg: SeenLeg): number => leg.ticket?.queuedAt ?? leg.since;

/** What this very turn connected has been `ordered` to be so. */
function repair(turn: Turn, id: ContactId, seen: Seen, ordered: boolean): void {
  const contact = turn.centre.contacts.get(id);
  if (contact === undefined || (hasLeft(contact) && !seen.legs.some(({ leg }) => leg === contact.leg))) return;
  const { state } = contact;
  if (hasLeft(contact) && state.status === 'dialling' && !ordered) askAgain(turn, contact);
  const talks = ordered
    || (state.status === 'connected' && inOneBridge(seen, state.bridge, [contact.leg, state.agentLeg]))
    || (state.status === 'transferred' && inOneBridge(seen, state.bridge, [contact.leg, state.leg]));
  emit(turn, { type: 'contact-repaired', contact: contact.id, orders: repairOrders(turn.centre, contact, talks) });
}

function inOneBridge(seen: Seen, id: string, legs: readonly LegId[]): boolean {
  const members = seen.bridges.find(({ bridge }) => bridge === id)?.legs ?? [];
  return legs.every((leg) => members.includes(leg));
}

/** The order to dissolve them did not get through. */
function removeBridges(turn: Turn, { bridges }: Seen): void {
  const used = new Set([...turn.centre.contacts.values()].flatMap(({ state }) => ('bridge' in state ? [state.bridge] : [])));
  for (const { bridge } of bridges) if (!used.has(bridge)) emit(turn, { type: 'bridge-removed', bridge });
}
