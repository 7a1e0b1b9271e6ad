// A switch that obeys and tells the truth, and a wire to it that loses, doubles and mixes up what it carries. When the
// wire is whole again and both sides have compared, the switch must be what the state says, whatever was lost.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentId, contactId, legId, queueId, type LegId } from '../../src/base/ids.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Input } from '../../src/acd/messages.ts';
import { step } from '../../src/acd/step.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import type { Fact, Order, SeenBridge, SeenLeg } from '../../src/telephony/port.ts';
import { sampleCentre } from '../support/sample-routing.ts';

type Move = readonly [kind: 'call' | 'answer' | 'refuse' | 'leave' | 'wait' | 'reconnect' | 'stall', pick: number, wire: number];
const moves = fc.array(fc.tuple(fc.constantFrom<Move[0]>('call', 'call', 'answer', 'answer', 'refuse', 'leave', 'wait', 'reconnect', 'stall'), fc.nat(1000), fc.nat(1000)), { minLength: 20, maxLength: 150, size: 'max' });

/** Channels and bridges as Asterisk has them: every order is safe to give twice. */
class Switch {
  readonly legs = new Map<LegId, 'ringing' | 'up'>();
  readonly bridges = new Map<string, readonly LegId[]>();
  readonly music = new Set<LegId>();

  obey(order: Order): Fact | undefined {
    switch (order.type) {
      case 'ring':
        if (!this.legs.has(order.leg)) this.legs.set(order.leg, 'ringing');
        return { type: 'leg-ringing', at: 0, leg: order.leg };
      case 'answer':
        if (this.legs.has(order.leg)) this.legs.set(order.leg, 'up');
        return undefined;
      case 'start-music':
        this.music.add(order.leg);
        return undefined;
      case 'stop-music':
        this.music.delete(order.leg);
        return undefined;
      case 'connect':
        if (order.legs.every((leg) => this.legs.has(leg))) this.bridges.set(order.bridge, order.legs);
        return undefined;
      case 'dissolve':
        this.bridges.delete(order.bridge);
        return undefined;
      case 'hang-up':
        return this.drop(order.leg);
      default:
        return undefined;
    }
  }

  drop(leg: LegId): Fact | undefined {
    if (!this.legs.delete(leg)) return undefined;
    this.music.delete(leg);
    for (const [bridge, members] of this.bridges) this.bridges.set(bridge, members.filter((member) => member !== leg));
    return { type: 'leg-down', at: 0, leg, end: 'hung-up' };
  }
}

class World {
  readonly centre = sampleCentre();
  readonly there = new Switch();
  /** On their way to us. */
  news: Fact[] = [];
  at = 0;
  #calls = 0;

  constructor() {
    this.tell({ type: 'switch-seen', at: 0, startedAt: -1, legs: [], bridges: [], devices: [] });
    for (const agent of ['1001', '1002', '1003'].map(agentId)) for (const type of ['sign-in', 'make-ready'] as const) this.tell({ type, at: 0, agent });
  }

  /** Over a wire that is hurt an order in so many is lost; its number says which. */
  tell(input: Input, wire?: number): void {
    const decision = step(this.centre, { ...input, at: this.at });
    expect(violations(this.centre)).toEqual([]);
    for (const [index, order] of (decision.ok ? decision.orders : []).entries()) {
      if (wire !== undefined && (wire + index * 7) % 6 === 0) continue;
      const news = this.there.obey(order);
      if (news !== undefined) this.news.push(news);
    }
  }

  move([kind, pick, wire]: Move): void {
    this.at += wire % 300;
    const { there, news } = this;
    const some = [...there.legs.keys()];
    const leg = some[pick % Math.max(1, some.length)];
    if (kind === 'call') {
      const caller = legId(`1700000000.${(this.#calls += 1)}`);
      there.legs.set(caller, 'ringing');
      news.push({ type: 'call-arrived', at: 0, contact: contactId(`c-1700000000-${this.#calls}`), leg: caller, ani: '1', dnis: '4000' });
    } else if (kind === 'answer' && leg !== undefined && roleOf(leg) === 'agent' && there.legs.get(leg) === 'ringing') {
      there.legs.set(leg, 'up');
      news.push({ type: 'leg-up', at: 0, leg });
    } else if ((kind === 'leave' || (kind === 'refuse' && leg !== undefined && roleOf(leg) === 'agent')) && leg !== undefined) {
      const gone = there.drop(leg);
      if (gone !== undefined) news.push(gone);
    } else if (kind === 'wait') this.tell({ type: 'tick', at: (this.at += pick * 20) }, wire);
    else if (kind === 'reconnect') return this.reconnect();
    else if (kind === 'stall') for (const type of ['switch-stalled', 'switch-resumed'] as const) this.tell({ type, at: 0 });
    this.#hear(wire);
  }

  /** Lost, late and overtaken, or twice. */
  #hear(wire: number): void {
    const now = this.news.splice(0);
    if (wire % 5 === 1) now.reverse();
    for (const [index, fact] of now.entries()) {
      const fate = (wire + index) % 10;
      if (fate === 0) continue;
      if (fate === 3) this.news.push(fact);
      else if (fact.type !== 'key-pressed' && fact.type !== 'play-ended') {
        this.tell(fact, wire);
        if (fate === 5) this.tell(fact, wire);
        this.#intoLine();
      }
    }
  }

  #intoLine(): void {
    for (const { id, state } of [...this.centre.contacts.values()]) if (state.status === 'in-flow') this.tell({ type: 'flow-moved', at: 0, contact: id, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'queue', queue: queueId('general'), priority: 0 } });
  }

  /** From here on the wire is whole. */
  reconnect(): void {
    this.news = [];
    this.tell({ type: 'switch-lost', at: 0 });
    const legs = [...this.there.legs].map(([leg, state]): SeenLeg => ({ leg, role: roleOf(leg), state, ani: '1', dnis: '4000', since: 0 }));
    const bridges = [...this.there.bridges].map(([bridge, members]) => ({ bridge, legs: members }) as SeenBridge); // made from a bridge's own id above
    this.tell({ type: 'switch-seen', at: 0, startedAt: -1, legs, bridges, devices: [] });
    this.#intoLine();
    for (let rounds = 0; rounds < 50 && this.news.length > 0; rounds += 1) for (const fact of this.news.splice(0)) this.tell(fact as Input); // no keys and no plays are made here
  }
}

test('after a comparison the switch is what the state says, whatever the wire has done before', () => {
  fc.assert(
    fc.property(moves, (day) => {
      const world = new World();
      for (const move of day) world.move(move);
      world.reconnect();
      const { centre, there } = world;
      const legs = [...centre.contacts.values()].flatMap(({ leg, state }) => (state.status === 'connected' ? [leg, state.agentLeg] : [leg]));
      expect([...there.legs.keys()].sort()).toEqual([...legs, ...[...centre.offers.values()].map((offer) => offer.leg)].sort());
      const bridges = [...centre.contacts.values()].flatMap(({ leg, state }) => (state.status === 'connected' ? [[state.bridge, [leg, state.agentLeg].sort()]] : []));
      expect([...there.bridges].map(([bridge, members]) => [bridge, [...members].sort()]).sort()).toEqual(bridges.sort());
      for (const { leg, state } of centre.contacts.values()) {
        expect(there.legs.get(leg), `${leg} is answered`).toBe('up');
        expect(there.music.has(leg), `${leg} hears music while ${state.status}`).toBe(state.status !== 'connected');
      }
    }),
    { numRuns: 400 },
  );
});
