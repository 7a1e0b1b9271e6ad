/**
 * Ids that carry their meaning. A caller's leg has the id Asterisk gave its channel and its contact's id is made
 * from it; all that we order has an id of ours, minted from the contact's before it is ordered, so that no event
 * can arrive that we cannot place and a repeated order is recognised.
 *
 *   contact    c-<channel id, dots as dashes>      c-rx1-1732300000-12
 *   legs       rx-a-<contact>-<n>, rx-t-<contact>-<n>, and of a caller who is called back rx-k-<contact>-<n>
 *   others     rx-b-, rx-p-, rx-r-<contact>-<n>
 */
import { bridgeId, contactId, legId, playId, recordingId } from '../base/ids.ts';
import type { BridgeId, ContactId, LegId, PlayId, RecordingId } from '../base/ids.ts';
import type { LegRole } from './port.ts';

export const contactOfCaller = (leg: LegId): ContactId => contactId(`c-${leg.replaceAll('.', '-')}`);
export const agentLeg = (contact: ContactId, n: number): LegId => legId(`rx-a-${contact}-${n}`);
export const transferLeg = (contact: ContactId, n: number): LegId => legId(`rx-t-${contact}-${n}`);
export const callbackLeg = (contact: ContactId, n: number): LegId => legId(`rx-k-${contact}-${n}`);
export const bridgeOf = (contact: ContactId, n: number): BridgeId => bridgeId(`rx-b-${contact}-${n}`);
export const playOf = (contact: ContactId, n: number | string): PlayId => playId(`rx-p-${contact}-${n}`);
export const recordingOf = (contact: ContactId, n: number | string): RecordingId => recordingId(`rx-r-${contact}-${n}`);

/** Of a customer's own leg, whichever of us called the other. */
export const contactOfCustomer = (leg: LegId): ContactId => contactId(/^rx-k-(.+)-\d+$/.exec(leg)?.[1] ?? contactOfCaller(leg));

/** Which kind of leg a channel is, from its id alone; inbound callers have ids that Asterisk made. */
export function roleOf(channel: string): LegRole {
  if (channel.startsWith('rx-a-')) return 'agent';
  if (channel.startsWith('rx-t-')) return 'transfer';
  if (channel.startsWith('rx-k-')) return 'callback';
  return /^(?:[A-Za-z0-9_]+-)?\d{9,11}\.\d+$/.test(channel) ? 'caller' : 'other';
}

/** We called it, and it called nobody. */
export const isDialled = (role: LegRole): role is 'agent' | 'transfer' | 'callback' => role === 'agent' || role === 'transfer' || role === 'callback';
