/** One call from dialling to the last wrap-up, as the decider tells it. */
import type { Batch, Changes } from '../../../src/acd/journal-port.ts';
import type { Event } from '../../../src/acd/messages.ts';
import type { Contact } from '../../../src/acd/contact.ts';
import { agentId, bridgeId, contactId, legId, offerId, queueId, recordingId } from '../../../src/base/ids.ts';

export interface StoryOptions {
  readonly id?: string;
  readonly at?: number;
  readonly ani?: string;
  readonly agent?: string;
  readonly waitMs?: number;
}

export const billing = queueId('billing');

/** Arrives, presses 1, waits 5 s, agent 1001 answers, both talk 20 s, the caller hangs up, the agent sums up. */
export function answered(options: StoryOptions = {}): Event[] {
  const { id = 'c-1', at = Date.UTC(2026, 4, 20, 2), ani = '13800138000', waitMs = 5_000 } = options;
  const contact = contactId(id);
  const agent = agentId(options.agent ?? '1001');
  const leg = legId(`leg-${id}`);
  const agentLeg = legId(`rx-a-${id}-1`);
  const offer = offerId(`rx-o-${id}-1`);
  const recording = recordingId(`rx-r-${id}-1`);
  const queued = at + 4_000;
  const up = queued + waitMs;
  const over = up + 20_000;
  return [
    { type: 'contact-arrived', at, n: 1, contact, leg, ani, dnis: '4000', language: 'zh', flow: 'hotline', version: 'v1' },
    { type: 'flow-moved', at: at + 10, n: 2, contact, path: [{ node: 'welcome', took: 'next', at }], data: {}, language: 'zh', memory: null, orders: [] },
    { type: 'flow-moved', at: queued, n: 3, contact, path: [{ node: 'menu', took: '1', at: queued }], data: { topic: '账单' }, language: 'zh', memory: null, orders: [] },
    { type: 'contact-queued', at: queued, n: 4, contact, queue: billing, priority: 0, queuedAt: queued, position: 1, restored: false },
    { type: 'offer-made', at: up - 2_000, n: 5, offer, contact, agent, queue: billing, leg: agentLeg, until: up + 13_000, waitMs: waitMs - 2_000 },
    { type: 'presence-changed', at: up - 2_000, agent, from: 'ready', presence: { status: 'offered', since: up - 2_000, idleSince: at, offer }, because: 'offer' },
    { type: 'offer-rang', at: up - 1_800, n: 6, offer, contact, agent },
    { type: 'offer-ended', at: up, n: 7, offer, contact, agent, queue: billing, outcome: 'accepted', ringMs: 1_800 },
    { type: 'contact-connected', at: up, n: 8, offer, contact, agent, queue: billing, leg: agentLeg, bridge: bridgeId(`rx-b-${id}-1`), waitMs, ringMs: 1_800 },
    { type: 'presence-changed', at: up, agent, from: 'offered', presence: { status: 'talking', since: up, contact }, because: 'connected' },
    { type: 'recording-started', at: up, n: 9, recording, contact, agent, queue: billing, leg },
    { type: 'recording-stopped', at: over, n: 10, recording, contact, leg },
    { type: 'contact-ended', at: over, n: 11, contact, reason: 'caller-hung-up', during: 'talk', queue: billing, agent, waitMs, talkMs: 20_000 },
    { type: 'presence-changed', at: over, agent, from: 'talking', presence: { status: 'wrap-up', since: over, contact, until: over + 20_000 }, because: 'talk-over' },
    { type: 'disposition-set', at: over + 3_000, agent, contact, disposition: { code: 'solved', note: '已解决' } },
    { type: 'presence-changed', at: over + 4_000, agent, from: 'wrap-up', presence: { status: 'ready', since: over + 4_000, idleSince: over }, because: 'asked' },
  ];
}

/** Waits for `waitMs`, is offered once in vain, and hangs up. */
export function abandoned(options: StoryOptions = {}): Event[] {
  const { id = 'c-2', at = Date.UTC(2026, 4, 20, 2), ani = '02161234567', waitMs = 40_000 } = options;
  const contact = contactId(id);
  const agent = agentId(options.agent ?? '1002');
  const leg = legId(`leg-${id}`);
  const offer = offerId(`rx-o-${id}-1`);
  const agentLeg = legId(`rx-a-${id}-1`);
  const over = at + waitMs;
  return [
    { type: 'contact-arrived', at, n: 1, contact, leg, ani, dnis: '4000', language: 'en', flow: 'hotline', version: 'v1' },
    { type: 'contact-queued', at, n: 2, contact, queue: billing, priority: 5, queuedAt: at, position: 1, restored: false },
    { type: 'offer-made', at: at + 1_000, n: 3, offer, contact, agent, queue: billing, leg: agentLeg, until: at + 16_000, waitMs: 1_000 },
    { type: 'offer-ended', at: at + 16_000, n: 4, offer, contact, agent, queue: billing, outcome: 'no-answer', ringMs: 14_000 },
    { type: 'presence-changed', at: at + 16_000, agent, from: 'offered', presence: { status: 'paused', since: at + 16_000, idleSince: at, reason: 'missed' }, because: 'missed' },
    { type: 'contact-overflowed', at: at + 30_000, n: 5, contact, from: billing, queue: queueId('general'), priority: 0 },
    { type: 'contact-ended', at: over, n: 6, contact, reason: 'caller-hung-up', during: 'queue', queue: queueId('general'), waitMs, talkMs: 0 },
  ];
}

export const noChanges: Changes = { contacts: new Map(), agents: new Map(), offers: new Map(), closed: new Map(), left: new Map(), lines: new Map() };

export function batch(firstSeq: number, events: readonly Event[], changes: Partial<Changes> = {}): Batch {
  return { firstSeq, events, changes: { ...noChanges, ...changes } };
}

export function waitingContact(id: string, queuedAt = 1_000): Contact {
  return {
    id: contactId(id), leg: legId(`leg-${id}`), ani: '13800138000', dnis: '4000', arrivedAt: queuedAt, flow: { name: 'hotline', version: 'v1' },
    language: 'zh', data: { topic: '账单' }, path: [], next: 3, offersMade: 0,
    state: { status: 'waiting', queue: billing, queuedAt, enteredAt: queuedAt, priority: 0 },
  };
}
