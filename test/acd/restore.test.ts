import { describe, expect, test } from 'vitest';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Contact } from '../../src/acd/contact.ts';
import { agentId, type LegId } from '../../src/base/ids.ts';
import { contactOfCaller, roleOf } from '../../src/telephony/ids.ts';
import type { Order, SeenBridge, SeenLeg, Ticket } from '../../src/telephony/port.ts';
import { callerLeg, Table, linesOf } from '../support/decider.ts';
import { sampleRouting } from '../support/sample-routing.ts';

/** The switch after a centre's orders: its legs with the last tickets that were written on them, its bridges. */
class Switch {
  readonly tickets = new Map<LegId, Ticket>();
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  follow(): void {
    const { last } = this.#table;
    for (const order of last.ok ? last.orders : []) if (order.type === 'write-ticket') this.tickets.set(order.leg, order.ticket);
  }

  legs(but?: LegId): SeenLeg[] {
    const ringing = new Set([...this.#table.centre.offers.values()].map(({ leg }) => leg));
    return [...this.#table.centre.legs.keys()].filter((leg) => leg !== but).map((leg) => {
      const ticket = this.tickets.get(leg);
      return { leg, role: roleOf(leg), state: ringing.has(leg) ? 'ringing' : 'up', ani: '13800000000', dnis: '4000', since: 0, ...(ticket === undefined ? {} : { ticket }) };
    });
  }

  bridges(): SeenBridge[] {
    return [...this.#table.centre.contacts.values()].flatMap(({ leg, state }) => (state.status === 'connected' ? [{ bridge: state.bridge, legs: [leg, state.agentLeg] }] : state.status === 'transferred' ? [{ bridge: state.bridge, legs: [leg, state.leg] }] : []));
  }
}

/** A day whose every step is ordered in the switch. */
class Day extends Table {
  readonly switch = new Switch(this);
  override do(input: Parameters<Table['do']>[0]): ReturnType<Table['do']> {
    const decision = super.do(input);
    this.switch.follow();
    return decision;
  }
}

/** A service that knows nothing looks at the switch of the one before. */
function successor(day: Day, { legs = day.switch.legs(), bridges = day.switch.bridges(), centre = makeCentre(sampleRouting(), { contacts: [], agents: [], offers: [], closed: [] }, day.at) } = {}): Table {
  const table = new Table(centre);
  table.at = day.at + 1_000;
  table.do({ type: 'switch-seen', startedAt: -1, legs, bridges, devices: [] });
  return table;
}

const stateOf = (table: Table, contact: Contact['id']) => table.centre.contacts.get(contact)?.state;
const ordersFor = ({ last }: Table, leg: LegId): Order[] => (last.ok ? last.orders.filter((order) => 'leg' in order && order.leg === leg) : []);

function talking(): { day: Day; contact: Contact['id'] } {
  const day = new Day();
  day.signIn('1001', '1002');
  const contact = day.queued('billing', 5);
  day.answer(contact);
  day.at += 30_000;
  return { day, contact };
}

describe('a talk of which only the ticket knows', () => {
  test('goes on: the same agent, legs, bridge, times and recording; nobody is joined anew', () => {
    const { day, contact } = talking();
    const was = stateOf(day, contact);
    const table = successor(day);
    expect(stateOf(table, contact)).toEqual(was);
    expect(table.centre.agents.get(agentId('1001'))?.presence).toEqual({ status: 'talking', since: was?.status === 'connected' ? was.connectedAt : 0, contact });
    expect(table.orders()).not.toContain('connect');
    expect(table.orders()).not.toContain('hang-up');
    expect(table.orders()).not.toContain('dissolve');
    table.do({ type: 'leg-down', leg: callerLeg(contact), end: 'hung-up' });
    expect(table.history.filter((event) => 'contact' in event && event.n !== undefined).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    expect(table.presence('1001')).toBe('wrap-up');
  });

  test('is joined where its bridge was not made yet', () => {
    const { day } = talking();
    expect(successor(day, { bridges: [] }).orders()).toContain('connect');
  });

  test('is over where the agent has left: the caller is let go, the agent sums up', () => {
    const { day, contact } = talking();
    const was = stateOf(day, contact);
    const table = successor(day, { legs: day.switch.legs(was?.status === 'connected' ? was.agentLeg : undefined) });
    expect(table.history.find(({ type }) => type === 'contact-ended')).toMatchObject({ reason: 'agent-hung-up', during: 'talk', talkMs: 31_000 });
    expect(table.presence('1001')).toBe('wrap-up');
  });

  test('a recording that was paused stays paused', () => {
    const { day, contact } = talking();
    day.do({ type: 'pause-recording', agent: agentId('1001') });
    const table = successor(day);
    expect(stateOf(table, contact)).toMatchObject({ recording: { paused: true } });
    expect(ordersFor(table, callerLeg(contact)).map(({ type }) => type)).toContain('pause-recording');
    expect(ordersFor(table, callerLeg(contact)).map(({ type }) => type)).not.toContain('resume-recording');
  });

  test('with a number that the flow transferred to goes on too', () => {
    const day = new Day();
    const contact = day.call();
    day.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'number', target: { number: '10086' }, timeoutMs: 9_000 } });
    const dialled = day.switch.legs().find(({ role }) => role === 'transfer')?.leg ?? ('' as LegId);
    day.do({ type: 'leg-up', leg: dialled });
    const table = successor(day);
    expect(stateOf(table, contact)).toMatchObject({ status: 'transferred', leg: dialled });
    expect(table.orders()).not.toContain('hang-up');
  });

  test('later offers of the contact have ids of their own', () => {
    const { day, contact } = talking();
    const table = successor(day);
    const state = stateOf(table, contact);
    table.signIn('1002');
    table.do({ type: 'leg-down', leg: state?.status === 'connected' ? state.agentLeg : ('' as LegId), end: 'failed' });
    expect(table.rungFor(contact)).toBe('1002');
    expect(day.history.map((event) => ('leg' in event ? event.leg : ''))).not.toContain(table.ringing(contact));
  });
});

describe('the line of which only the tickets know', () => {
  test('stands in its order, with its priorities and ages, and overflows when it would have', () => {
    const day = new Day();
    const contacts = [day.queued('billing'), day.queued('billing', 5), day.queued('billing'), day.queued('general', 9)];
    day.at += 40_000;
    const table = successor(day, { legs: day.switch.legs().reverse() });
    expect(linesOf(table.centre)).toEqual(linesOf(day.centre));
    for (const contact of contacts) expect(stateOf(table, contact)).toEqual(stateOf(day, contact));
    table.wait(19_000);
    expect(stateOf(table, contacts[0] ?? ('' as never))).toMatchObject({ queue: 'general' });
  });
});

describe('what a contact asked for itself', () => {
  const level = (skill: string, atLeast: number) => ({ text: `${skill} >= ${atLeast}`, tree: { type: 'level', skill, is: '>=', level: atLeast } }) as const;

  test('its own needs and a requested place are there again, and its asking has widened as far as its wait says', () => {
    const day = new Day();
    const asks = [{ afterMs: 0, needs: level('vip', 1) }, { afterMs: 50_000, needs: level('vip', 0) }];
    const [first, second, third] = [day.queued('general'), day.queued('general', 0, { asks }), day.queued('general', 0, { position: 1 })];
    expect(stateOf(day, third)).toHaveProperty('seat');
    day.at += 40_000;
    const table = successor(day, { legs: day.switch.legs().reverse() });
    expect(linesOf(table.centre)).toEqual(linesOf(day.centre));
    for (const contact of [first, second, third]) expect(stateOf(table, contact)).toEqual(stateOf(day, contact));
    // Nobody has the skill: the agent gets the two others, and the one who asks for it when that is asked no more.
    table.signIn('1003');
    expect(table.rungFor(third)).toBe('1003');
    table.answer(third);
    table.hangUp(first);
    table.hangUp(third);
    table.wait(8_000);
    expect(stateOf(table, second)).toMatchObject({ status: 'waiting' });
    table.wait(20_000);
    expect(table.rungFor(second)).toBe('1003');
  });

  test('with the caller’s own values in it; the next queue and another priority take the place away from the ticket too', () => {
    const day = new Day();
    const asks = [{ afterMs: 0, needs: { text: 'billing == caller.lang', tree: { type: 'variable', skill: 'billing', is: '==', variable: 'lang' } } }] as const;
    const contact = day.queued('billing', 0, { asks, data: { lang: '5' } });
    const ticket = (of = contact) => day.switch.tickets.get(callerLeg(of));
    expect(ticket()?.asks).toEqual([{ afterMs: 0, needs: { text: 'billing == 5', tree: { type: 'level', skill: 'billing', is: '==', level: 5 } } }]);
    const seated = day.queued('billing', 0, { position: 1 });
    expect(ticket(seated)?.seat).toMatchObject({ like: { id: contact } });
    day.do({ type: 're-prioritise', agent: agentId('1001'), contact: seated, priority: 3 });
    day.wait(61_000);
    expect(ticket(seated)).toMatchObject({ queue: 'general' });
    expect(ticket(seated)).not.toHaveProperty('seat');
    expect(ticket()).toMatchObject({ queue: 'general', asks: [{ afterMs: 0 }] });
  });
});

describe('a state that is behind the tickets, as Postgres may be after an outage of its own', () => {
  /** As the state was before the last steps. */
  const behind = (day: Day, steps: () => void) => {
    const { contacts, agents, offers } = day.centre;
    const stored = structuredClone({ contacts: [...contacts.values()], agents: [...agents.values()], offers: [...offers.values()], closed: [] });
    steps();
    return makeCentre(sampleRouting(), stored, day.at);
  };

  test('takes up the talk that began since', () => {
    const day = new Day();
    day.signIn('1001');
    const contact = day.call();
    const centre = behind(day, () => {
      day.enqueue(contact);
      day.answer(contact);
    });
    const table = successor(day, { centre });
    expect(stateOf(table, contact)).toEqual(stateOf(day, contact));
    expect(table.presence('1001')).toBe('talking');
    expect(table.orders()).not.toContain('hang-up');
  });

  test('withdraws what it believed to be offered to an agent who talks', () => {
    const day = new Day();
    day.signIn('1001');
    const [first, second] = [day.queued(), day.queued('general', 3)];
    const centre = behind(day, () => {
      day.phoneSays(first, 'gone');
      day.wait(3_000);
      day.answer(second);
    });
    expect(stateOf(new Table(centre), first)).toMatchObject({ status: 'offered' });
    const table = successor(day, { centre });
    expect(stateOf(table, second)).toMatchObject({ status: 'connected', agent: '1001' });
    expect(stateOf(table, first)).toMatchObject({ status: 'waiting' });
  });

  test('gives back the place of a caller whose agent was lost since', () => {
    const { day, contact } = talking();
    const centre = behind(day, () => {
      const state = stateOf(day, contact);
      day.do({ type: 'leg-down', leg: state?.status === 'connected' ? state.agentLeg : ('' as LegId), end: 'failed' });
    });
    const table = successor(day, { centre });
    expect(['waiting', 'offered']).toContain(stateOf(table, contact)?.status);
    expect(table.centre.legs.has(callerLeg(contact))).toBe(true);
  });
});

test('a state that has counted further than the ticket is believed', () => {
  const { day, contact } = talking();
  const ticket = day.switch.tickets.get(callerLeg(contact));
  const state = stateOf(day, contact);
  day.do({ type: 'leg-down', leg: state?.status === 'connected' ? state.agentLeg : ('' as LegId), end: 'failed' });
  const { contacts, agents, offers } = day.centre;
  const centre = makeCentre(sampleRouting(), { contacts: [...contacts.values()], agents: [...agents.values()], offers: [...offers.values()], closed: [] }, day.at);
  const old = day.switch.legs().map((leg) => (leg.leg === callerLeg(contact) && ticket !== undefined ? { ...leg, ticket } : leg));
  const table = successor(day, { centre, legs: old });
  expect(stateOf(table, contact)?.status).toBe(stateOf(day, contact)?.status);
});

test('a ticket that is another contact’s is no ticket', () => {
  const { day, contact } = talking();
  const legs = day.switch.legs().map((leg) => (leg.ticket === undefined ? leg : { ...leg, ticket: { ...leg.ticket, contact: contactOfCaller('1700000000.999' as LegId) } }));
  const table = successor(day, { legs });
  expect(stateOf(table, contact)).toMatchObject({ status: 'in-flow' });
});
