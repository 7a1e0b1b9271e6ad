import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, contactId, legId, playId, queueId } from '../../src/base/ids.ts';
import type { AgentId, ContactId, LegId, QueueId } from '../../src/base/ids.ts';
import { wrapUpModes } from '../../src/config/agent-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Announcements } from '../../src/config/centre-config.ts';
import { offerExplained } from '../../src/acd/explain.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Event, Input, JournalEvent } from '../../src/acd/messages.ts';
import type { Centre, Routing } from '../../src/acd/model.ts';
import { beginning, comeTo, follow } from '../../src/acd/moment.ts';
import type { Moment } from '../../src/acd/moment.ts';
import { meets, resolved } from '../../src/acd/needs.ts';
import { beforeAcrossQueues, beforeInLine, inLine, rankOf } from '../../src/acd/ranking.ts';
import type { InLine } from '../../src/acd/ranking.ts';
import { mayTalk } from '../../src/acd/recordings.ts';
import { callsAt } from '../../src/acd/open-callbacks.ts';
import { takesAnother } from '../../src/acd/ring-all.ts';
import { replay } from '../../src/acd/replay.ts';
import { step } from '../../src/acd/step.ts';
import { nextOf } from '../../src/acd/wait-deadline.ts';
import { agentLeg, bridgeOf, contactOfCaller, roleOf } from '../../src/telephony/ids.ts';
import { recorderFaults } from '../../src/telephony/port.ts';
import type { LegEnd, Order, SeenLeg } from '../../src/telephony/port.ts';
import { levelIn } from '../../src/config/agent-config.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import { strategies } from '../../src/config/centre-config.ts';
import type { CallbackRule, LineOrder, NeedsRule, QueueConfig, QueueHours, Widening } from '../../src/config/centre-config.ts';
import { readNeeds } from '../../src/config/needs.ts';
import type { CallEventRow } from '../../src/store/tables.ts';
import { causesComeFirst } from '../../torture/history/causes-first.ts';
import type { History } from '../../torture/history/history.ts';
import { oneCallAPhone } from '../../torture/history/one-call-a-phone.ts';
import { servedOnce } from '../../torture/history/served-once.ts';
import { callerLeg, linesOf } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

/**
 * Random callers, phones, agents, lost and late facts, failed orders, reconnects with missing legs, jumps of time.
 * The numbers choose among what exists at that moment, so that most steps do something.
 */
type Move = readonly [kind: (typeof kinds)[number], pick: number, more: number];
const kinds = ['call', 'call', 'enqueue', 'enqueue', 'answer', 'answer', 'heard', 'heard', 'phone-says', 'leg-up', 'leg-down', 'leg-ringing', 'command', 'command', 'wait', 'device', 'order-failed', 'switch-lost', 'switch-seen', 'configure', 'stray', 'load', 'recorder', 'recorder', 're-prioritise', 'key', 'withdraw', 'wish', 'known', 'close', 'ask-callback', 'ask-callback', 'callback-says'] as const;
const commands = ['sign-in', 'make-ready', 'make-ready', 'pause', 'finish-wrap-up', 'ask-wrap-up', 'hang-up', 'sign-out', 'answer', 'answer', 'pause-recording', 'resume-recording'] as const;
const wishes = ['escalate', 'leave-queue', 'join-queue', 'grant-break', 'deny-break'] as const;
const ends: readonly LegEnd[] = ['hung-up', 'busy', 'rejected', 'no-answer', 'unallocated', 'unreachable', 'failed', 'gone'];
const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };
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
const moves = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(1000), fc.nat(1000)), { minLength: 40, maxLength: 250, size: 'max' });
const runs = { numRuns: 400 } as const;

describe('random days', () => {
  test('no promise is broken after any step', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) {
          world.make(move);
          expect([...violations(world.centre), ...world.overtaken]).toEqual([]);
        }
      }),
      runs,
    );
  });

  test('every contact ends exactly once, its events counted without a gap', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        for (const contact of [...world.centre.contacts.values()]) world.do({ type: 'leg-down', leg: contact.leg, end: 'hung-up', at: world.at });
        // Who is to be called back is not on the phone; a supervisor ends that, once there is one again.
        world.do({ type: 'configure', routing: { ...world.first, version: 'last' }, at: world.at });
        for (const contact of [...world.centre.contacts.values()]) world.do({ type: 'withdraw', agent: supervisor.id, contact: contact.id, reason: '', at: world.at });
        const byContact = new Map<string, Event[]>();
        for (const event of world.history) if ('contact' in event && event.n !== undefined) byContact.set(event.contact, [...(byContact.get(event.contact) ?? []), event]);
        for (const [contact, events] of byContact) {
          expect(events.map((event) => event.n), contact).toEqual(events.map((_, index) => index + 1));
          expect(events.filter((event) => event.type === 'contact-ended')).toHaveLength(1);
          expect(events.at(-1)?.type).toBe('contact-ended');
        }
      }),
      runs,
    );
  });

  test('left alone, nobody stays in a transient state past its deadline', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        // While the switch is away nothing falls due.
        world.make(['switch-seen', 0, 0]);
        for (let minutes = 0; minutes < 30; minutes += 1) world.do({ type: 'tick', at: (world.at += 60_000) });
        expect([...world.centre.offers.values()].filter((offer) => offer.until <= world.at)).toEqual([]);
        expect([...world.centre.agents.values()].filter(({ presence }) => presence.status === 'wrap-up' && presence.until !== undefined && presence.until <= world.at)).toEqual([]);
        expect([...world.centre.contacts.values()].filter(({ state }) => state.status === 'transferring' && state.until <= world.at)).toEqual([]);
        expect([...world.centre.contacts.values()].filter((contact) => (callsAt(contact) ?? Number.POSITIVE_INFINITY) <= world.at)).toEqual([]);
        expect([...world.centre.contacts.values()].filter((contact) => (nextOf(world.centre, contact) ?? Number.POSITIVE_INFINITY) <= world.at)).toEqual([]);
      }),
      runs,
    );
  });

  test('a checker of the journal from outside finds no event before its cause, and nobody served twice', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const history: History = { events: rowsOf(world.history), asked: [], faults: [], dials: [], phoneCalls: [], agents: [], numbers: new Map(), recordings: [], talkMs: 0 };
        expect([...causesComeFirst(history), ...servedOnce(history), ...oneCallAPhone(history)]).toEqual([]);
      }),
      runs,
    );
  });

  test('the state taken up again from what was stored is the same state', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const { centre } = world;
        const again = makeCentre(centre.routing, { contacts: [...centre.contacts.values()].reverse(), agents: [...centre.agents.values()], offers: [...centre.offers.values()], closed: [...centre.closed.values()], left: [...centre.hungUp.values()].reverse() }, centre.at);
        expect(violations(again)).toEqual([]);
        expect(sorted(configured(linesOf(again), centre))).toEqual(sorted(configured(linesOf(centre), centre)));
        expect([...again.floor.free.keys()].sort()).toEqual(freeOnceSeen(centre));
        for (const id of centre.floor.free.keys()) expect(spotsOf(again, id)).toEqual(spotsOf(centre, id));
        for (const [queue, { agent, n }] of centre.floor.turns) if (again.agents.has(agent)) expect(again.floor.turns.get(queue)).toEqual({ agent, n });
        expect(sorted(again.legs)).toEqual(sorted(centre.legs));
        expect(sorted(again.closed)).toEqual(sorted(centre.closed));
        expect(sorted(again.hungUp)).toEqual(sorted(centre.hungUp));
        expect(sorted(again.callbacks)).toEqual(sorted(centre.callbacks));
        expect(again.deadlines.length > 0 || [...centre.offers].length === 0).toBe(true);
      }),
      runs,
    );
  });

  test('the state made again from all that happened is the same state', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const { centre, history } = world;
        const contacts = new Map<ContactId, Event[]>();
        for (const event of history) if ('contact' in event) contacts.set(event.contact, [...(contacts.get(event.contact) ?? []), event]);
        const made = replay(centre.routing, { contacts, agents: sinceLastChange(history), queues: history.filter(({ type }) => type === 'queue-closed' || type === 'queue-reopened') });
        expect(made.leftOut).toEqual([]);
        expect(sorted(new Map(made.contacts.map((contact) => [contact.id, contact])))).toEqual(sorted(centre.contacts));
        expect(sorted(new Map(made.offers.map((offer) => [offer.id, offer])))).toEqual(sorted(centre.offers));
        expect(sorted(new Map(made.closed.map((queue) => [queue.id, queue])))).toEqual(sorted(centre.closed));
        // Whoever left the configuration is forgotten, but for the call that is still with them.
        const presences = ({ agents: all }: Centre) => [...all.values()].filter(({ id, presence }) => centre.routing.agents.has(id) || presence.status === 'talking' || presence.status === 'offered').sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, presence, then, wantsWrapUp, outOf, asked, work }) => ({ id, presence, then, wantsWrapUp, outOf, asked, work }));
        expect(presences(makeCentre(centre.routing, made, 0))).toEqual(presences(centre));
      }),
      runs,
    );
  });

  test('every offer is explained by the very choice that was made, whatever else is told', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const moment = beginningOf(world);
        for (const journalled of world.journal()) {
          const { event } = journalled;
          comeTo(moment, event.at);
          if (event.type === 'offer-made') {
            const { asked, recomputed } = offerExplained(moment.centre, event);
            expect(recomputed, JSON.stringify(event)).toBe(true);
            expect(asked?.candidates.filter(({ verdict }) => verdict.code === 'rung').map(({ agent }) => agent)).toEqual([event.agent]);
            expect(asked?.candidates.filter(({ verdict }) => verdict.code === 'free')).toEqual([]);
          }
          follow(moment, journalled);
        }
      }),
      runs,
    );
  });

  test('the state of any moment is made again from the events before it', () => {
    fc.assert(
      fc.property(moves, fc.array(fc.nat(250), { minLength: 5, maxLength: 20 }), (day, when) => {
        const world = new World();
        const seen = new Map<number, unknown>();
        for (const [index, move] of day.entries()) {
          world.make(move);
          if (when.includes(index)) seen.set(world.history.length, pictureOf(world.centre));
        }
        const moment = beginningOf(world);
        for (const [index, journalled] of [...world.journal(), undefined].entries()) {
          if (seen.has(index)) expect(pictureOf(moment.centre)).toEqual(seen.get(index));
          if (journalled !== undefined) follow(moment, journalled);
        }
        expect(moment.leftOut.size).toBe(0);
        expect(moment.version).toBe(world.centre.routing.version);
      }),
      runs,
    );
  });
});

function beginningOf(world: World): Moment {
  const moment = beginning(world.first, (version) => world.routings.get(version));
  moment.centre.switchUp = true;
  return moment;
}

/** All but what only time tells. */
const pictureOf = (centre: Centre): unknown =>
  structuredClone({
    contacts: sorted(centre.contacts), agents: sorted(centre.agents), offers: sorted(centre.offers), lines: sorted(configured(linesOf(centre), centre)), legs: sorted(centre.legs), closed: sorted(centre.closed),
    switchUp: centre.switchUp, alarms: [...centre.alarms.keys()].sort(), queues: sorted(centre.routing.queues),
  });

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

const rowsOf = (events: readonly Event[]): CallEventRow[] =>
  events.map((event, seq) => ({ centre: '', epoch: 1, seq, at: new Date(event.at), type: event.type, n: null, queue: null, contact: 'contact' in event ? event.contact : null, agent: 'agent' in event ? (event.agent ?? null) : null, body: { ...event } }));

/** Of a queue that is no more an empty line is nothing. */
const configured = (lines: ReadonlyMap<QueueId, readonly string[]>, { routing }: Centre) => new Map([...lines].filter(([id, line]) => line.length > 0 || routing.queues.has(id)));

/** What a phone is like is forgotten with the process, so that one who is ready may be rung; a rest is not. */
const freeOnceSeen = ({ agents, at }: Centre): string[] => [...agents.values()].flatMap(({ id, presence, restUntil }) => (presence.status === 'ready' && restUntil <= at ? [id] : [])).sort();

/** In the pools that are always there; those of single callers come and go. */
/** Of each agent what Postgres is asked for: from the change to what they are now. */
function sinceLastChange(history: readonly Event[]): Event[] {
  const kinds: ReadonlySet<string> = new Set(['presence-changed', 'presence-requested', 'wrap-up-requested', 'queue-left', 'queue-joined', 'break-asked', 'break-decided', 'disposition-set']);
  const own = Map.groupBy(history.filter((event) => 'agent' in event && kinds.has(event.type)), (event) => ('agent' in event ? event.agent : undefined));
  return [...own.values()].flatMap((events) => events.slice(Math.max(0, events.findLastIndex(({ type }) => type === 'presence-changed'))));
}

const spotsOf = ({ floor }: Centre, id: AgentId): string[] => (floor.free.get(id) ?? []).flatMap(({ pool, candidate }) => (pool.lasting ? [`${pool.want.key}: ${JSON.stringify(candidate)}`] : [])).sort();

const sorted = (map: ReadonlyMap<string, unknown>): unknown[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

class World {
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

/** By a walk over all, and the rule alone: of each queue the first whom the agent may have, and of those who is first. */
function overtakenBy(centre: Centre, events: readonly Event[]): string[] {
  const found: string[] = [];
  for (const [index, event] of events.entries()) {
    // Whoever is offered later in this step still waited then, and may have stood in front of one of the same line.
    const next = events.slice(index + 1).flatMap((event) => (event.type === 'offer-made' ? [event] : []));
    const later = new Set(next.map(({ contact }) => contact));
    const made = new Set(next.map(({ offer }) => offer));
    const taken = event.type === 'offer-made' ? inLine(centre.contacts.get(event.contact)) : undefined;
    const config = event.type === 'offer-made' ? centre.routing.agents.get(event.agent) : undefined;
    if (taken === undefined || config === undefined) continue;
    const rank = (contact: InLine) => rankOf(centre.routing, contact);
    for (const queue of config.queues) {
      if (centre.agents.get(config.id)?.outOf?.includes(queue) || !mayTalk(centre, queue)) continue;
      const waiting = [...centre.contacts.values()].flatMap((contact) => ((takesAnother(centre, contact) || later.has(contact.id)) && 'queue' in contact.state && contact.state.queue === queue ? (inLine(contact) ?? []) : [])).filter((contact) => mayServe(centre, config, contact) && !ringsBelow(centre, config, contact, made));
      const [other] = waiting.sort((a, b) => beforeInLine(rank(a), rank(b)));
      if (other === undefined) continue;
      if (beforeAcrossQueues(centre, rank(other), rank(taken)) < 0) found.push(`${config.id} is rung for ${taken.id} before ${other.id}`);
    }
  }
  return found;
}

/** One level rings at a time. Without the offers that were not made yet. */
function ringsBelow({ routing, offers }: Centre, config: AgentConfig, { state }: InLine, later: ReadonlySet<string>): boolean {
  const queue = routing.queues.get(state.queue);
  if (state.status !== 'offered' || queue?.strategy !== 'ring-all' || queue.levelWaitMs !== undefined) return false;
  const levels = state.offers.flatMap((id) => (later.has(id) ? [] : (routing.agents.get(offers.get(id)?.agent ?? config.id) ?? []))).map((agent) => levelIn(agent, queue.id).level);
  return levels.length > 0 && levelIn(config, queue.id).level > Math.max(...levels);
}

function mayServe({ routing }: Centre, config: AgentConfig, { state, data, hold }: InLine): boolean {
  const queue = routing.queues.get(state.queue);
  if (queue === undefined) return false;
  const { needs: step, own, level } = state.widened ?? { needs: 0, own: 0, level: 0 };
  const rules = [[queue.needs, ...(queue.relax ?? []).map(({ needs }) => needs)].slice(0, step + 1).at(-1), state.asks?.slice(0, own + 1).at(-1)?.needs];
  // Kept for one agent, it is nobody else's, and that one's whatever the level.
  if (hold !== undefined && hold.for !== config.id) return false;
  if (hold === undefined && queue.levelWaitMs !== undefined && levelIn(config, queue.id).level > level + 1) return false;
  return rules.every((rule) => rule === undefined || meets(config.skills, resolved(rule.tree, data)));
}

function one<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

test('the random days reach nearly every kind of event, or they would prove nothing', () => {
  const seen = new Set<string>();
  for (const day of fc.sample(moves, { numRuns: 1_600, seed: 7 })) {
    const world = new World();
    for (const move of day) world.make(move);
    for (const event of world.history) seen.add(event.type === 'offer-ended' && event.outcome === 'answered-elsewhere' ? event.outcome : event.type === 'callback-attempted' && event.for !== undefined ? 'dialled-for-agent' : event.type === 'presence-changed' && event.because === 'callback-over' ? event.because : event.type);
  }
  const all = ['answered-elsewhere', 'dialled-for-agent', 'callback-over', 'contact-arrived', 'caller-known', 'contact-held', 'hold-ended', 'contact-escalated', 'flow-moved', 'contact-queued', 'contact-turned-away', 'contact-left-queue', 'contact-told', 'contact-overflowed', 'contact-re-prioritised', 'contact-widened', 'callback-asked', 'callback-waiting', 'callback-attempted', 'callback-answered', 'callback-missed', 'callback-due', 'callback-connected', 'contact-requeued', 'contact-restored', 'offer-made', 'offer-rang', 'offer-answered', 'offer-ended', 'contact-connected', 'transfer-started', 'transfer-connected', 'transfer-failed', 'contact-ended', 'presence-changed', 'presence-requested', 'wrap-up-requested', 'queue-left', 'queue-joined', 'break-asked', 'break-decided', 'rest-set', 'device-changed', 'answer-asked', 'recording-started', 'recording-paused', 'recording-resumed', 'recording-stopped', 'recording-failed', 'contact-repaired', 'stray-removed', 'switch-changed', 'pace-changed', 'alarm-raised', 'alarm-cleared', 'queue-closed', 'queue-reopened', 'hours-changed', 'configured'];
  expect(all.filter((type) => !seen.has(type))).toEqual([]);
});
