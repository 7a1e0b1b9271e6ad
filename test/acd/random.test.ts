import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, contactId, legId } from '../../src/base/ids.ts';
import type { ContactId, LegId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Event, Input } from '../../src/acd/messages.ts';
import type { Centre } from '../../src/acd/model.ts';
import { replay } from '../../src/acd/replay.ts';
import { step } from '../../src/acd/step.ts';
import { agentLeg, bridgeOf, contactOfCaller, roleOf } from '../../src/telephony/ids.ts';
import { recorderFaults } from '../../src/telephony/port.ts';
import type { LegEnd, Order, SeenLeg } from '../../src/telephony/port.ts';
import type { CallEventRow } from '../../src/store/tables.ts';
import { causesComeFirst } from '../../torture/history/causes-first.ts';
import type { History } from '../../torture/history/history.ts';
import { oneCallAPhone } from '../../torture/history/one-call-a-phone.ts';
import { servedOnce } from '../../torture/history/served-once.ts';
import { callerLeg } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

/**
 * Random callers, phones, agents, lost and late facts, failed orders, reconnects with missing legs, jumps of time.
 * The numbers choose among what exists at that moment, so that most steps do something.
 */
type Move = readonly [kind: (typeof kinds)[number], pick: number, more: number];
const kinds = ['call', 'call', 'enqueue', 'enqueue', 'answer', 'answer', 'phone-says', 'leg-up', 'leg-down', 'leg-ringing', 'command', 'command', 'wait', 'device', 'order-failed', 'switch-lost', 'switch-seen', 'configure', 'stray', 'load', 'recorder', 'recorder'] as const;
const commands = ['sign-in', 'make-ready', 'make-ready', 'pause', 'finish-wrap-up', 'hang-up', 'sign-out', 'answer', 'pause-recording', 'resume-recording'] as const;
const ends: readonly LegEnd[] = ['hung-up', 'busy', 'rejected', 'no-answer', 'unreachable', 'failed', 'gone'];
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
          expect(violations(world.centre)).toEqual([]);
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
        const again = makeCentre(centre.routing, { contacts: [...centre.contacts.values()].reverse(), agents: [...centre.agents.values()], offers: [...centre.offers.values()] }, centre.at);
        expect(violations(again)).toEqual([]);
        expect(sorted(again.lines)).toEqual(sorted(centre.lines));
        expect(sorted(again.idle)).toEqual(sorted(centre.idle));
        expect(sorted(again.legs)).toEqual(sorted(centre.legs));
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
        const made = replay(centre.routing, { contacts, agents: history.filter(({ type }) => type === 'presence-changed' || type === 'presence-requested' || type === 'disposition-set') });
        expect(made.leftOut).toEqual([]);
        expect(sorted(new Map(made.contacts.map((contact) => [contact.id, contact])))).toEqual(sorted(centre.contacts));
        expect(sorted(new Map(made.offers.map((offer) => [offer.id, offer])))).toEqual(sorted(centre.offers));
        const presences = ({ agents: all }: Centre) => [...all.values()].map(({ id, presence, then }) => ({ id, presence, then }));
        expect(presences(makeCentre(centre.routing, made, 0))).toEqual(presences(centre));
      }),
      runs,
    );
  });
});

const rowsOf = (events: readonly Event[]): CallEventRow[] =>
  events.map((event, seq) => ({ centre: '', epoch: 1, seq, at: new Date(event.at), type: event.type, n: null, queue: null, contact: 'contact' in event ? event.contact : null, agent: 'agent' in event ? (event.agent ?? null) : null, body: { ...event } }));

const sorted = (map: ReadonlyMap<string, unknown>): unknown[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

class World {
  readonly centre: Centre = sampleCentre(sampleRouting({ admission: { callsPerSecond: 60, perCaller: { calls: 5, withinMs: 60_000, except: [] } } }));
  readonly history: Event[] = [];
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
    this.#orders.push(...decision.orders);
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
        const exit = more % 9 === 0 ? ({ to: 'number', target: { number: '10086' }, timeoutMs: 9_000 } as const) : more % 11 === 0 ? ({ to: 'end' } as const) : ({ to: 'queue', queue, priority: (more % 5) - 2 } as const);
        return this.do({ type: 'flow-moved', at, contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit });
      }
      case 'answer':
      case 'phone-says': {
        const offered = one([...centre.offers.values()], pick)?.leg;
        if (offered === undefined) return;
        return this.do(kind === 'answer' ? { type: 'leg-up', at, leg: offered } : { type: 'leg-down', at, leg: offered, end: one(ends, more) ?? 'gone' });
      }
      case 'leg-up':
      case 'leg-ringing':
        return leg === undefined ? undefined : this.do({ type: kind, at, leg });
      case 'leg-down':
        return leg === undefined ? undefined : this.do({ type: 'leg-down', at, leg, end: one(ends, more) ?? 'gone' });
      case 'stray':
        return this.do({ type: more % 2 === 0 ? 'leg-up' : 'leg-down', at, leg: `rx-a-c-${pick}-1` as LegId, end: 'hung-up' } as Input);
      case 'command':
        return this.do({ type: one(commands, more) ?? 'sign-in', at, agent, reason: 'lunch' } as Input);
      case 'wait':
        return this.do({ type: 'tick', at: (this.at += more % 3 === 0 ? pick * 40 : pick) });
      case 'device':
        return this.do({ type: 'device-changed', at, agent, device: one(['idle', 'in-call', 'ringing', 'unreachable', 'unknown'] as const, more) ?? 'idle', remoteAnswer: pick % 2 === 0 });
      case 'order-failed': {
        const order = one(this.#orders.slice(-10), pick);
        return order === undefined ? undefined : this.do({ type: 'order-failed', at, order, reason: one(['gone', 'refused', 'disconnected'] as const, more) ?? 'gone', detail: '' });
      }
      case 'load':
        return this.do({ type: 'load-seen', at, pace: one([0.1, 0.5, 1], more) ?? 1 });
      case 'recorder': {
        const recording = one([...centre.contacts.values()].flatMap(({ state }) => (state.status === 'connected' ? (state.recording?.id ?? []) : [])), pick);
        if (recording !== undefined && more % 3 === 0) return this.do({ type: 'recording-lost', at, recording, why: 'disk-full' });
        return this.do({ type: 'recorder-seen', at, low: more % 2 === 0, ...(more % 3 === 1 ? { fault: one(recorderFaults, pick) ?? 'recordings-full' } : {}) });
      }
      case 'switch-lost':
        return this.do({ type: 'switch-lost', at });
      case 'switch-seen':
        return this.do({ type: 'switch-seen', at, startedAt: more % 10 === 0 ? at : 0, legs: this.#seen(pick, more), bridges: [], devices: [] });
      case 'configure':
        return this.do({ type: 'configure', at, routing: sampleRouting({ version: `v${(this.#versions += 1)}`, recording: more % 2 === 0 ? 'no-call' : 'go-on' }) });
    }
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

test('the random days reach nearly every kind of event, or they would prove nothing', () => {
  const seen = new Set<string>();
  for (const day of fc.sample(moves, { numRuns: 600, seed: 7 })) {
    const world = new World();
    for (const move of day) world.make(move);
    for (const event of world.history) seen.add(event.type);
  }
  const all = ['contact-arrived', 'flow-moved', 'contact-queued', 'contact-overflowed', 'contact-requeued', 'contact-restored', 'offer-made', 'offer-rang', 'offer-ended', 'contact-connected', 'transfer-started', 'transfer-connected', 'transfer-failed', 'contact-ended', 'presence-changed', 'presence-requested', 'rest-set', 'device-changed', 'answer-asked', 'recording-started', 'recording-paused', 'recording-resumed', 'recording-stopped', 'recording-failed', 'contact-repaired', 'stray-removed', 'switch-changed', 'pace-changed', 'alarm-raised', 'alarm-cleared', 'configured'];
  expect(all.filter((type) => !seen.has(type))).toEqual([]);
});
