/** One good order of each kind, and every place in them where a text stands. */
import { agentId, bridgeId, contactId, legId, playId, recordingId } from '../../../src/base/ids.ts';
import type { Order } from '../../../src/telephony/port.ts';

const leg = legId('rexian-1700000000.1');
const agentLeg = legId('rx-a-c-1-1');
const contact = contactId('c-rexian-1700000000-1');
const recording = recordingId('rx-r-c-1-1');

export const everyOrder: readonly Order[] = [
  { type: 'claim', leg },
  { type: 'write-ticket', leg, ticket: { contact, arrivedAt: 1_700_000_000_000, language: 'zh', queue: 'billing', queuedAt: 1_700_000_000_001, priority: 3 } },
  { type: 'answer', leg },
  { type: 'play', leg, play: playId('rx-p-c-1-1'), media: [{ say: 'prompt', name: 'welcome', language: 'zh' }, { say: 'agent-number', agent: agentId('1001'), language: 'zh' }, { say: 'digits', digits: '12', language: 'en' }] },
  { type: 'stop-play', leg, play: playId('rx-p-c-1-1') },
  { type: 'start-music', leg, music: 'default' },
  { type: 'start-music', leg, music: 'ringing' },
  { type: 'stop-music', leg },
  { type: 'ring', leg: legId('rx-a-c-1-2'), to: { kind: 'agent', agent: agentId('1001') }, caller: '13800138000', contact, timeoutMs: 15_000 },
  { type: 'ring', leg: legId('rx-t-c-1-1'), to: { kind: 'number', number: '01088886666', trunk: 'carrier' }, caller: '13800138000', contact, timeoutMs: 15_000 },
  { type: 'answer-phone', leg: agentLeg, agent: agentId('1001') },
  { type: 'answer-phone', leg: legId('rx-a-c-1-9'), agent: agentId('1001') },
  { type: 'connect', bridge: bridgeId('rx-b-c-1-1'), legs: [leg, agentLeg] },
  { type: 'dissolve', bridge: bridgeId('rx-b-c-1-1') },
  { type: 'hang-up', leg, because: 'normal' },
  { type: 'start-recording', recording, leg },
  { type: 'pause-recording', recording, leg },
  { type: 'resume-recording', recording, leg },
  { type: 'stop-recording', recording, leg },
];

/** Paths to every text in it, such as `to.number` or `media.0.name`; what only says which kind it is stays. */
export function everyPlace(order: Order): string[] {
  const places: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string' && !/(?:^|\.)(?:type|say|kind)$/.test(path)) places.push(path);
    else if (typeof value === 'object' && value !== null) for (const [key, each] of Object.entries(value)) walk(each, path === '' ? key : `${path}.${key}`);
  };
  walk(order, '');
  return places;
}

export function replaced(order: Order, place: string, value: string): Order {
  const copy = structuredClone(order) as unknown as Record<string, unknown>;
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  // The path was found by walking this very order.
  const parent = steps.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy as unknown as Order;
}
