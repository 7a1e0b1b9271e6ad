/** Contacts, agents, offers, closed queues and places that were left as Redis keeps them: JSON with the version of its shape at the end. */
import type { Agent, Presence } from '../acd/agent.ts';
import type { Contact, ContactState } from '../acd/contact.ts';
import type { ClosedQueue, Offer } from '../acd/model.ts';
import type { LeftPlace } from '../acd/redial.ts';
import { pack, unpack } from './packed.ts';
import type { Seal } from './seal.ts';

/**
 * Raised with every change of the model that an older service could not read. 1: one offer at a time, and nobody waited
 * away from the phone. 2: each personal field was sealed by itself.
 */
const version = 3;

export interface Unreadable {
  readonly unreadable: 'contact' | 'agent' | 'offer' | 'closed' | 'left';
  readonly id: string;
  readonly reason: string;
}

/** Written by a newer service: going on would throw its callers away, so the start is refused. */
export class NewerState extends Error {
  constructor(found: number) {
    super(`the state in Redis was written by a newer version of Rexian (format ${found}, this one reads ${version})`);
  }
}

export function versioned(entity: Contact | Agent | Offer | ClosedQueue | LeftPlace, seal: Seal): string {
  return `${pack(entity, seal).slice(0, -1)},"v":${version}}`;
}

const contactStates: Record<ContactState['status'], true> = {
  'in-flow': true, waiting: true, callback: true, dialling: true, offered: true, connected: true, transferring: true, transferred: true, closing: true,
};
const presences: Record<Presence['status'], true> = { offline: true, ready: true, paused: true, offered: true, talking: true, 'wrap-up': true };

export function readContact(id: string, text: string, seal: Seal): Contact | Unreadable {
  return read<Contact>('contact', id, text, seal, (value) =>
    hasStrings(value, 'leg', 'ani', 'dnis', 'language') && hasNumbers(value, 'arrivedAt', 'next', 'offersMade')
    && Array.isArray(value['path']) && statusOf(value['state'], contactStates));
}

export function readAgent(id: string, text: string, seal: Seal): Agent | Unreadable {
  return read<Agent>('agent', id, text, seal, (value) =>
    hasStrings(value, 'device') && hasNumbers(value, 'restUntil') && statusOf(value['presence'], presences));
}

export function readOffer(id: string, text: string, seal: Seal): Offer | Unreadable {
  return read<Offer>('offer', id, text, seal, (value) =>
    hasStrings(value, 'contact', 'agent', 'queue', 'leg') && hasNumbers(value, 'madeAt', 'until'));
}

export function readClosed(id: string, text: string, seal: Seal): ClosedQueue | Unreadable {
  return read<ClosedQueue>('closed', id, text, seal, (value) => hasStrings(value, 'by', 'reason', 'waiting') && hasNumbers(value, 'since'));
}

export function readLeft(id: string, text: string, seal: Seal): LeftPlace | Unreadable {
  return read<LeftPlace>('left', id, text, seal, (value) => hasStrings(value, 'queue', 'ani') && hasNumbers(value, 'queuedAt', 'leftAt'));
}

type Fields = Record<string, unknown>;

function read<Entity>(kind: Unreadable['unreadable'], id: string, text: string, seal: Seal, hasShape: (value: Fields) => boolean): Entity | Unreadable {
  let entity: Fields;
  let v: unknown;
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isFields(parsed)) return { unreadable: kind, id, reason: 'not an object' };
    v = parsed['v'];
    if (typeof v === 'number' && v > version) throw new NewerState(v);
    entity = v === version ? unpacked(parsed, seal) : before3(parsed, seal);
  } catch (error) {
    if (error instanceof NewerState) throw error;
    return { unreadable: kind, id, reason: String(error) };
  }
  if ((v !== version && v !== 2 && v !== 1) || entity['id'] !== id || !hasShape(entity)) return { unreadable: kind, id, reason: 'not the shape that was written' };
  if (v === 1 && kind === 'contact') offersOf(entity);
  // The shape was checked above as far as it could have been damaged; the fields inside were written by this very type.
  return entity as Entity;
}

/** Both are the last fields: taken off in this order the object stays as quick as one that never had them. */
function unpacked(parsed: Fields, seal: Seal): Fields {
  delete parsed['v'];
  unpack(parsed, seal);
  return parsed;
}

function before3({ v: _, ...entity }: Fields, seal: Seal): Fields {
  seal.opened(entity);
  return entity;
}

/** Of version 1. */
function offersOf({ state }: Fields): void {
  if (!isFields(state) || state['status'] !== 'offered' || !('offer' in state)) return;
  state['offers'] = [state['offer']];
  delete state['offer'];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasStrings(value: Fields, ...names: string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function hasNumbers(value: Fields, ...names: string[]): boolean {
  return names.every((name) => Number.isFinite(value[name]));
}

function statusOf(value: unknown, known: Readonly<Record<string, true>>): boolean {
  return isFields(value) && typeof value['status'] === 'string' && Object.hasOwn(known, value['status']);
}
