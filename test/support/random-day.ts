/** Random days of a centre, for the decider to withstand. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { agentId, contactId, legId, playId, queueId } from '../../src/base/ids.ts';
import type { LegId } from '../../src/base/ids.ts';
import { wrapUpModes } from '../../src/config/agent-config.ts';
import type { Announcements } from '../../src/config/centre-config.ts';
import type { Event, Input, JournalEvent } from '../../src/acd/messages.ts';
import type { Centre, Routing } from '../../src/acd/model.ts';
import { step } from '../../src/acd/step.ts';
import { agentLeg, bridgeOf, contactOfCaller, roleOf } from '../../src/telephony/ids.ts';
import { recorderFaults } from '../../src/telephony/port.ts';
import type { LegEnd, Order, SeenLeg } from '../../src/telephony/port.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import { strategies } from '../../src/config/centre-config.ts';
import type { CallbackRule, LineOrder, NeedsRule, QueueConfig, QueueHours, Widening } from '../../src/config/centre-config.ts';
import { readNeeds } from '../../src/config/needs.ts';
import { callerLeg } from './decider.ts';
import { agent, sampleCentre, sampleRouting } from './sample-routing.ts';
import { overtakenBy } from './overtaken.ts';

/**
 * Random callers, phones, agents, lost and late facts, failed orders, reconnects with missing legs, jumps of time.
 * The numbers choose among what exists at that moment, so that most steps do something.
 */
type Move = readonly [kind: (typeof kinds)[number], pick: number, more: number];
const kinds = ['call', 'call', 'enqueue', 'enqueue', 'answer', 'answer', 'heard', 'heard', 'phone-says', 'leg-up', 'leg-down', 'leg-ringing', 'command', 'command', 'wait', 'device', 'order-failed', 'switch-lost', 'switch-seen', 'configure', 'stray', 'load', 'recorder', 'recorder', 're-prioritise', 'key', 'withdraw', 'wish', 'known', 'close', 'ask-callback', 'ask-callback', 'callback-says'] as const;
const commands = ['sign-in', 'make-ready', 'make-ready', 'pause', 'finish-wrap-up', 'ask-wrap-up', 'hang-up', 'sign-out', 'answer', 'answer', 'pause-recording', 'resume-recording'] as const;
const wishes = ['escalate', 'leave-queue', 'join-queue', 'grant-break', 'deny-break'] as const;
const ends: readonly LegEnd[] = ['hung-up', 'busy', 'rejected', 'no-answer', 'unallocated', 'unreachable', 'failed', 'gone'];
export const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };
const people = [agent('1001', { billing: 5, lang: 2 }), { ...agent('1002', { billing: 3, lang: 1 }), levels: { billing: { level: 3, position: 1 } } }, { ...agent('1003', {}), levels: { general: { level: 2, position: 1 } } }, supervisor];
const needs = (text: string): NeedsRule => readNeeds(text, new Set(['billing', 'lang']), []).rule ?? expect.fail(text);
const asks: readonly Widening[] = [{ afterMs: 0, needs: needs('lang >= 1') }, { afterMs: 3_000, needs: needs('true') }];
const rings: readonly Partial<QueueConfig>[] = [
  {},
  { relax: [{ afterMs: 2_000, needs: needs('billing >= 3 || lang == caller.lang') }, { afterMs: 9_000, needs: needs('true') }] },
  { needs: needs('lang >= caller.lang'), levelWaitMs: 4_000 },
];
const ordinary: LineOrder = { vip: 10, vipTiers: ['vip'], acrossQueues: 'priority' };
const orders = [ordinary, { ...ordinary, ageingMs: 1_000 }, { ...ordinary, acrossQueues: 'longest-waiting' }, { ...ordinary, ageingMs: 30_000, acrossQueues: 'longest-waiting' }] as const;
const agents = ['1001', '1002', '1003'].map(agentId);
export const moves = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(1000), fc.nat(1000)), { minLength: 40, maxLength: 250, size: 'max' });

const announce: Announcements = {
  callback: { afterMs: 1_500, key: '9' },
  apology: { afterMs: 1_000, prompt: 'all-busy' }, comfort: { everyMs: 3_000, prompts: ['a', 'b'], order: 'random' },
  place: { firstMs: 2_000, everyMs: 5_000, position: 'more', limit: 2, onlyUp: true, estimate: 'yes' },
};
const callback: CallbackRule = { dial: 'customer-first', key: '9', trunk: 'carrier', allow: ['1', '+'], otherNumber: true, accept: 'key', near: 1, ringMs: 8_000, tries: 2, againMs: { busy: 2_000, noAnswer: 5_000, unreachable: 9_000 }, expiresMs: 90_000, openMax: 3 };
/** Open and closed by turns, for some minutes each. */
const minutes = [[0, 1], [2, 4], [5, 7], [9, 15], [15, 24 * 60]].map(([fromMinute = 0, toMinute = 0]) => ({ fromMinute, toMinute }));
const hours: QueueHours = { calendar: { name: 'minutes', week: new Map([1, 2, 3, 4, 5, 6, 7].map((day) => [day, minutes])), chineseHolidays: false, days: new Map() }, timeZone: 'UTC' };
/** Under which callers wait: as the sample has it, no longer than so, not without agents, told of it, and in opening hours. */
const rules: readonly Partial<QueueConfig>[] = [{}, { maxWaitMs: 20_000, maxWaiting: 3, redialMs: 10_000, divert: { callersPerAgent: 1 } }, { empty: { joining: ['offline'], waiting: ['offline', 'paused', 'unreachable'] } }, { announce }, { callback }, { hours, atClosing: 'leave' }, { hours }, { callback: { ...callback, dial: 'agent-first' }, hours }, { callback: { ...callback, dial: 'agent-first', accept: 'answer' } }, { music: 'ringing', announce }, { callback, hours, atClosing: 'leave' }, { callback: { ...callback, accept: 'answer', near: 3, tries: 1 }, announce, redialMs: 10_000, empty: { joining: [], waiting: ['offline'] } }];

export class World {
  readonly centre: Centre = sampleCentre(sampleRouting({ agents: people, admission: { callsPerSecond: 60, perCaller: { calls: 5, withinMs: 60_000, except: [] } } }));
  readonly first = this.centre.routing;
  readonly routings = new Map([[this.first.version, this.first]]);
  readonly history: Event[] = [];
  /** Of each offer, whom the agent should have had before. */
  readonly overtaken: string[] = [];
  readonly #orders: Order[] = [];
  at = 0;
  #calls = 0;
  #versions = 0;

  constructor() {
    for (const agent of agents.slice(0, 2)) for (const type of ['sign-in', 'make-ready'] as const) this.do({ type, at: 0, agent });
  }

  do(input: Input): void {
    const decision = step(this.centre, input);
    if (!decision.ok) return;
    this.history.push(...decision.events);
    this.overtaken.push(...overtakenBy(this.centre, decision.events));
    this.#orders.push(...decision.orders);
  }

  journal(): JournalEvent[] {
    return this.history.map((event, index) => ({ id: `1-${index + 1}`, event }));
  }

  make([kind, pick, more]: Move): void {
    const { centre } = this;
    const at = (this.at += more % 50);
    const leg = one([...centre.legs.keys()], pick);
    const agent = one(agents, pick) ?? agentId('1001');
    switch (kind) {
      case 'call': {
        const contact = contactId(`c-1700000000-${(this.#calls += 1)}`);
        return this.do({ type: 'call-arrived', at: at - (more % 7), contact, leg: callerLeg(contact), ani: one(['1', '13800000000', ''], more) ?? '', dnis: '4000', trunk: one(['a', 'b'], pick) ?? '' });
      }
      case 'enqueue': {
        const contact = one([...centre.contacts.values()].filter(({ state }) => state.status === 'in-flow' || more % 10 === 0), pick)?.id;
        const queue = one([...centre.routing.queues.keys()], more);
        if (contact === undefined || queue === undefined) return;
        const exit = more % 9 === 0 ? ({ to: 'number', target: { number: '10086' }, timeoutMs: 9_000 } as const) : more % 11 === 0 ? ({ to: 'end' } as const) : ({ to: 'queue', queue, priority: (more % 5) - 2, ...(more % 4 === 1 ? ({ tier: 'vip' } as const) : {}), ...(more % 3 === 1 ? { position: 1 + (pick % 4) } : {}), ...(pick % 3 === 1 ? { asks } : {}), ...(pick % 5 === 1 ? { agent: { id: one(agents, more) ?? agentId('1001'), waitMs: 5_000 } } : {}), ...(more % 4 === 0 ? { keys: ['1', '#'] as const } : {}) } as const);
        return this.do({ type: 'flow-moved', at, contact, path: [], data: { lang: String(pick % 4) }, language: 'zh', memory: more % 6 === 0 ? null : { node: 'queue' }, orders: [], exit });
      }
      case 'answer':
      case 'phone-says': {
        const offered = one([...centre.offers.values()], pick)?.leg;
        if (offered === undefined) return;
        return this.do(kind === 'answer' ? { type: 'leg-up', at, leg: offered } : { type: 'leg-down', at, leg: offered, end: one(ends, more) ?? 'gone' });
      }
      case 'heard': {
        const offer = one([...centre.offers.values()].filter(({ whisper }) => whisper !== undefined), pick);
        if (offer?.whisper === undefined) return;
        if (offer.whisper.confirm && more % 2 === 0) return this.do({ type: 'key-pressed', at, leg: offer.leg, key: more % 3 === 0 ? '2' : '1', heldMs: 80 });
        return this.do({ type: 'play-ended', at, leg: offer.leg, play: more % 5 === 0 ? playId('rx-p-other') : offer.whisper.play, outcome: 'finished' });
      }
      case 'leg-up':
      case 'leg-ringing':
        return leg === undefined ? undefined : this.do({ type: kind, at, leg });
      case 'leg-down':
        return leg === undefined ? undefined : this.do({ type: 'leg-down', at, leg, end: one(ends, more) ?? 'gone' });
      case 'stray':
        return this.do({ type: more % 2 === 0 ? 'leg-up' : 'leg-down', at, leg: `rx-a-c-${pick}-1` as LegId, end: 'hung-up' } as Input);
      case 'withdraw':
        return this.do({ type: 'withdraw', at, agent: one([agentId('2001'), agent], more) ?? agent, contact: one([...centre.contacts.keys()], pick) ?? contactId('c-none'), reason: '' });
      case 're-prioritise':
        return this.do({ type: 're-prioritise', at, agent: one([agentId('2001'), agent], more) ?? agent, contact: one([...centre.contacts.keys()], pick) ?? contactId('c-none'), priority: (pick % 7) - 3 });
      case 'close': {
        const queue = one([queueId('general'), queueId('billing'), queueId('none')], pick) ?? queueId('general');
        if (more % 3 === 0) return this.do({ type: 'close-queue', at, agent: one([agentId('2001'), agent], more) ?? agent, queue, reason: '', ...(pick % 4 === 0 ? {} : { waiting: pick % 2 === 0 ? 'leave' : 'serve' }) });
        return this.do({ type: 'reopen-queue', at, agent: agentId('2001'), queue });
      }
      case 'command':
        return this.do({ type: one(commands, more) ?? 'sign-in', at, agent, reason: 'lunch' } as Input);
      case 'known': {
        const contact = one([...centre.contacts.keys()], pick);
        return contact === undefined ? undefined : this.do({ type: 'caller-known', at, contact, last: more % 4 === 0 ? null : { agent, at: at - more * 10 }, tier: more % 3 === 0 ? 'vip' : null });
      }
      case 'wish':
        return this.wish(one(wishes, more) ?? 'leave-queue', pick);
      case 'wait':
        return this.do({ type: 'tick', at: (this.at += more % 3 === 0 ? pick * 40 : pick) });
      case 'device':
        return this.do({ type: 'device-changed', at, agent, device: one(['idle', 'in-call', 'ringing', 'unreachable', 'unknown'] as const, more) ?? 'idle', remoteAnswer: pick % 2 === 0 });
      case 'order-failed': {
        const order = one(this.#orders.slice(-10), pick);
        return order === undefined ? undefined : this.do({ type: 'order-failed', at, order, reason: one(['gone', 'refused', 'disconnected'] as const, more) ?? 'gone', detail: '' });
      }
      case 'key':
        return leg === undefined ? undefined : this.do({ type: 'key-pressed', at, leg, key: one(['1', '7', '9'] as const, more) ?? '1', heldMs: 80 });
      case 'ask-callback': {
        // Most who ask have pressed the key just now.
        const waiting = one([...centre.contacts.values()].filter(({ state }) => state.status === 'waiting' && centre.routing.queues.get(state.queue)?.callback !== undefined), pick);
        if (waiting !== undefined && more % 3 !== 0) this.do({ type: 'key-pressed', at, leg: waiting.leg, key: '9', heldMs: 80 });
        const contact = waiting?.id ?? one([...centre.contacts.values()].filter(({ state }) => state.status === 'in-flow'), pick)?.id;
        if (contact === undefined) return;
        const number = one(['13800000000', '+13900000000', '12'], more) ?? '';
        return this.do({ type: 'flow-moved', at, contact, path: [], data: {}, language: 'zh', memory: { node: 'promised' }, orders: [], callback: { number, ...(pick % 4 === 0 ? { queue: queueId('general') } : {}) }, ...(more % 2 === 0 ? { exit: { to: 'end' } as const } : {}) });
      }
      case 'callback-says': {
        const called = one([...centre.contacts.values()].filter(({ state }) => state.status === 'dialling'), pick)?.leg;
        if (called === undefined) return;
        if (more % 3 === 0) return this.do({ type: 'leg-down', at, leg: called, end: one(ends, pick) ?? 'gone' });
        return this.do(more % 3 === 1 ? { type: 'leg-up', at, leg: called } : { type: 'key-pressed', at, leg: called, key: pick % 5 === 0 ? '2' : '1', heldMs: 80 });
      }
      case 'load':
        return this.do({ type: 'load-seen', at, pace: one([0.1, 0.5, 1], more) ?? 1 });
      case 'recorder': {
        const paused = one([...centre.contacts.values()].flatMap(({ state }) => (state.status === 'connected' && state.recording?.paused ? state.agent : [])), pick);
        if (paused !== undefined && pick % 3 === 0) return this.do({ type: 'resume-recording', at, agent: paused });
        const recording = one([...centre.contacts.values()].flatMap(({ state }) => (state.status === 'connected' ? (state.recording?.id ?? []) : [])), pick);
        if (recording !== undefined && more % 3 === 0) return this.do({ type: 'recording-lost', at, recording, why: 'disk-full' });
        return this.do({ type: 'recorder-seen', at, low: more % 2 === 0, ...(more % 3 === 1 ? { fault: one(recorderFaults, pick) ?? 'recordings-full' } : {}) });
      }
      case 'switch-lost':
        return this.do({ type: 'switch-lost', at });
      case 'switch-seen':
        return this.do({ type: 'switch-seen', at, startedAt: more % 10 === 0 ? at : 0, legs: this.#seen(pick, more), bridges: [], devices: [] });
      case 'configure':
        return this.do({ type: 'configure', at, routing: this.#keep(this.#reconfigured(pick, more)) });
    }
  }

  wish(type: (typeof wishes)[number], pick: number): void {
    const agent = one(agents, pick) ?? agentId('1001');
    if (type === 'grant-break' || type === 'deny-break') return this.do({ type, at: this.at, agent: supervisor.id, of: agent });
    if (type === 'escalate') return this.do({ type, at: this.at, agent });
    this.do({ type, at: this.at, agent, queue: queueId(pick % 2 === 0 ? 'general' : 'billing') });
  }

  #keep(routing: Routing): Routing {
    this.routings.set(routing.version, routing);
    return routing;
  }

  /** Now and then without the queue `billing`, its callers taken by another or not, and with other agents. */
  #reconfigured(pick: number, more: number): Routing {
    const routing = sampleRouting({ version: `v${(this.#versions += 1)}`, recording: more % 2 === 0 ? 'no-call' : 'go-on', order: one(orders, pick) ?? ordinary, agents: people, queues: rules[more % rules.length] ?? {} });
    const billing = more % 3 !== 0;
    const queues = [...routing.queues.values()].filter(({ id }) => billing || id !== 'billing').map((queue) => ({ ...queue, ...(pick % 3 === 0 ? { strategy: 'ring-all' as const, ringAtOnce: 2 + (more % 3) } : { strategy: one(strategies, pick) ?? 'longest-idle' }), ...one(rings, pick + more), ...(more % 6 === 1 && { whisper: true as const }), ...(pick % 2 === 0 ? { sticky: { withinMs: 5_000, waitMs: 10_000 } } : {}), ...(queue.id === 'general' ? { escalation: queueId('billing') } : {}), ...(billing || more % 2 === 0 ? {} : { replaces: [queueId('billing')] }) }));
    const modes = wrapUpModes.map((mode) => ({ mode, ms: 5_000 }));
    const serving = [...routing.agents.values()].filter((_, index) => pick % 7 !== index);
    const backOffMs = { ...routing.centre.backOffMs, ...(more % 5 === 0 && { rejected: 2_000, noAnswer: 3_000 }) };
    const breaks = new Map([['lunch', { approval: more % 7 > 3, ...(more % 4 === 0 && { atOnce: 1 }), ...(pick % 3 === 0 && { longestMs: 10_000 }) }]]);
    return { ...routing, centre: { ...routing.centre, backOffMs, breaks }, queues: new Map(queues.map((queue) => [queue.id, queue])), agents: new Map(serving.map((agent, index) => [agent.id, { ...agent, ...(pick % 4 === 1 && { autoAnswer: true as const }), ...(pick % 4 === 2 && index !== 1 && { mobile: { number: '13800000001' } }), ...(modes[(pick + index) % 5] && { wrapUp: modes[(pick + index) % 5] }) }])) };
  }

  /** Some of our legs are missing, some phones were answered meanwhile, a caller came that we never heard of. */
  #seen(pick: number, more: number): SeenLeg[] {
    const seen = [...this.centre.legs].filter((_, index) => (index * 7 + pick) % 5 !== 0).map(([leg], index) => this.#leg(leg, index + more));
    const stranger = this.#leg(legId(`1800000000.${(this.#calls += 1)}`), 0);
    const contact = contactOfCaller(stranger.leg);
    const ticket = { contact, arrivedAt: 1, language: 'zh', queue: 'general', queuedAt: 1, priority: 0 } as const;
    const talk = { ...(more % 2 === 0 ? { agent: one(agents, pick) ?? agentId('1001') } : {}), leg: agentLeg(contact, 7), bridge: bridgeOf(contact, 7), connectedAt: 2 };
    switch (more % 5) {
      case 0: return [...seen, stranger];
      case 1: return [...seen, { ...stranger, ticket }];
      case 2: return [...seen, { ...stranger, ticket: { ...ticket, talk } }, ...(pick % 2 === 0 ? [this.#leg(talk.leg, 0)] : [])];
      // One that we know, and that its ticket knows better.
      case 3: return seen.map((leg) => (leg.role === 'caller' && pick % 3 === 0 ? { ...leg, ticket: { ...ticket, contact: contactOfCaller(leg.leg), n: 1_000, ...(pick % 2 === 0 ? { talk: { ...talk, leg: agentLeg(contactOfCaller(leg.leg), 7) } } : {}) } } : leg));
      default: return seen;
    }
  }

  #leg(leg: LegId, salt: number): SeenLeg {
    const role = roleOf(leg);
    return { leg, role, state: role === 'caller' || salt % 2 === 0 ? 'up' : 'ringing', ani: '', dnis: '4000', since: 0 };
  }
}

function one<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}
