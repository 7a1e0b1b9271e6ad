/** Which contact: the rule of docs/routing.md, example by example. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, contactId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { effectivePriority, inLine } from '../../src/acd/ranking.ts';
import type { Input } from '../../src/acd/messages.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { LineOrder } from '../../src/config/centre-config.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };
const at = (order: Partial<LineOrder>, queues = {}): Table =>
  new Table(sampleCentre(sampleRouting({ order: { vip: 10, vipTiers: ['vip'], acrossQueues: 'priority', ...order }, queues, agents: [agent('1001', { billing: 5 }), agent('1003', {}), supervisor] })));
const general = (table: Table): ContactId[] => standingIn(table.centre, queueId('general'));

describe('in one line', () => {
  test('without ageing, priority is strict: an ordinary caller waits behind every other, however long', () => {
    const table = at({});
    const ordinary = table.queued('general');
    table.at += 3_600_000;
    const important = table.queued('general', 1);
    expect(general(table)).toEqual([important, ordinary]);
  });

  test('with ageing, a point of priority is worth so many seconds of waiting, and no more', () => {
    const table = at({ ageingMs: 30_000 });
    const ordinary = table.queued('general');
    table.at = 59_999;
    const soon = table.queued('general', 2);
    table.at = 60_001;
    const late = table.queued('general', 2);
    expect(general(table)).toEqual([soon, ordinary, late]);
  });

  test('a VIP has the points of the tier on top of the own', () => {
    const table = at({ vip: 3 });
    const two = table.queued('general', 2);
    const four = table.queued('general', 4);
    const vip = table.queued('general', 0, { tier: 'vip' });
    expect(general(table)).toEqual([four, vip, two]);
  });

  test('who is a VIP by the records stands there as one from the moment they say so, in every queue', () => {
    const table = at({ vipTiers: ['gold', 'platinum'] });
    const [first, silver, gold] = [table.queued('general'), table.queued('general'), table.queued('general')];
    const known = (contact: ContactId, tier: string | null) => table.do({ type: 'caller-known', contact, last: null, tier });
    known(silver, 'silver');
    expect(table.types()).toEqual(['nothing-to-do']);
    known(gold, 'gold');
    expect(general(table)).toEqual([gold, first, silver]);
    expect(table.last).toMatchObject({ orders: [{ type: 'write-ticket', ticket: { contact: gold, tier: 'vip' } }] });
    const early = table.call();
    known(early, 'platinum');
    table.enqueue(early);
    expect(general(table)).toEqual([gold, early, first, silver]);
  });

  test('a VIP who is known in the middle of a talk keeps the talk in the ticket, which alone may be left of it', () => {
    const table = at({});
    table.signIn('1003');
    const contact = table.queued('general');
    table.answer(contact);
    const { state } = table.centre.contacts.get(contact) ?? {};
    table.do({ type: 'caller-known', contact, last: null, tier: 'vip' });
    expect(state).toMatchObject({ status: 'connected', agent: '1003' });
    expect(table.last).toMatchObject({ orders: [{ type: 'write-ticket', ticket: { contact, tier: 'vip', talk: { agent: '1003' } } }] });
  });

  test('a VIP who asked for a place goes by the own rank once the records have said so', () => {
    const table = at({});
    const [first, second] = [table.queued('general', 5), table.queued('general', 5)];
    const asks = table.queued('general', 0, { position: 1 });
    expect(general(table)).toEqual([first, second, asks]);
    table.do({ type: 'caller-known', contact: asks, last: null, tier: 'vip' });
    expect(general(table)).toEqual([asks, first, second]);
  });

  test('of equals the older one goes first, and of those who came at once the one with the smaller id', () => {
    const table = at({});
    const [first, second] = [table.call(), table.call()];
    table.enqueue(second);
    table.enqueue(first);
    expect(general(table)).toEqual([first, second]);
  });
});

describe('over several queues', () => {
  test('the queue’s own weight counts like the contact’s priority', () => {
    const table = at({}, {});
    const { routing } = table.centre;
    table.do({ type: 'configure', routing: { ...routing, version: 'heavier', queues: new Map([...routing.queues].map(([id, queue]) => [id, id === 'billing' ? { ...queue, priority: 5 } : queue])) } });
    const old = table.queued('general', 4);
    const heavy = table.queued('billing');
    table.signIn('1001');
    expect([table.rungFor(heavy), table.rungFor(old)]).toEqual(['1001', undefined]);
  });

  test('longest waiting first, where that is chosen, whatever the priorities of the two queues’ first', () => {
    const table = at({ acrossQueues: 'longest-waiting' });
    const old = table.queued('billing');
    const important = table.queued('general', 50);
    const ordinary = table.queued('general');
    expect(general(table)).toEqual([important, ordinary]);
    table.signIn('1001');
    expect(table.rungFor(old)).toBe('1001');
  });

  test('a change of the rule puts the same callers into the new order', () => {
    const table = at({});
    const ordinary = table.queued('general');
    table.at += 100_000;
    const important = table.queued('general', 1);
    expect(general(table)).toEqual([important, ordinary]);
    table.do({ type: 'configure', routing: sampleRouting({ version: 'ageing', order: { vip: 10, vipTiers: ['vip'], acrossQueues: 'priority', ageingMs: 30_000 } }) });
    expect(general(table)).toEqual([ordinary, important]);
    // The ordinary one has the score it had, and 100,000 contacts are not written for a reload.
    expect(table.last.ok && [[...table.last.touched.places], [...table.last.touched.contacts]]).toEqual([[important], []]);
  });
});

describe('a place that is asked for', () => {
  test('is taken in front of who stood there', () => {
    const table = at({});
    const [one, two, three] = [table.queued(), table.queued(), table.queued()];
    const asked = table.queued('general', 0, { position: 2 });
    expect(general(table)).toEqual([one, asked, two, three]);
    expect(table.last.ok && table.last.events.find((event) => event.type === 'contact-queued')).toMatchObject({ position: 2 });
  });

  test('overtakes nobody of higher priority', () => {
    const table = at({});
    const [important, ordinary] = [table.queued('general', 5), table.queued()];
    const asked = table.queued('general', 0, { position: 1 });
    expect(general(table)).toEqual([important, asked, ordinary]);
  });

  test('leaves no gap where the line is shorter, and is no worse than the caller’s own', () => {
    const table = at({});
    const one = table.queued();
    const far = table.queued('general', 0, { position: 7 });
    const important = table.queued('general', 9, { position: 3 });
    expect(general(table)).toEqual([important, one, far]);
  });

  test('is the same after the ones in front have gone, and after a restart', () => {
    const table = at({});
    const [one, two] = [table.queued(), table.queued()];
    const asked = table.queued('general', 0, { position: 2 });
    table.hangUp(one);
    expect(general(table)).toEqual([asked, two]);
    table.hangUp(asked);
    expect(general(table)).toEqual([two]);
  });

  test('is where the rule says, whoever else asked for one', () => {
    const wish = fc.record({ priority: fc.integer({ min: -2, max: 2 }), vip: fc.boolean(), position: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }), after: fc.nat(40_000) });
    fc.assert(
      fc.property(fc.array(wish, { minLength: 5, maxLength: 25 }), fc.constantFrom(undefined, 1_000, 20_000), (wishes, ageingMs) => {
        const table = at({ vip: 1, ...(ageingMs === undefined ? {} : { ageingMs }) });
        for (const { priority, vip, position, after } of wishes) {
          table.at += after;
          const before = general(table);
          const tier = vip ? ({ tier: 'vip' } as const) : {};
          const contact = table.queued('general', priority, { ...tier, ...(position === undefined ? {} : { position }) });
          const line = general(table);
          expect(line.filter((id) => id !== contact)).toEqual(before);
          if (position === undefined) continue;
          const points = (id: ContactId): number => {
            const there = inLine(table.centre.contacts.get(id));
            return there === undefined ? Number.NaN : effectivePriority(table.centre.routing, there.state);
          };
          const index = line.indexOf(contact);
          expect(line.slice(index).every((id) => points(id) <= points(contact) || ageingMs !== undefined)).toBe(true);
          // Further back than it asked for only behind somebody of higher priority.
          if (index > position - 1) expect(points(line[index - 1] ?? contact) > points(contact) || index === line.length - 1 || isNatural(table, contact, index)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** It stands where it would have stood anyway. */
const isNatural = (table: Table, id: ContactId, index: number): boolean => {
  const contact = inLine(table.centre.contacts.get(id));
  return contact !== undefined && contact.state.seat === undefined && general(table)[index] === id;
};

describe('another priority for one who waits', () => {
  const ask = (contact: ContactId, priority: number, by = '2001') => ({ type: 're-prioritise', agent: agentId(by), contact, priority }) as const satisfies Omit<Extract<Input, { type: 're-prioritise' }>, 'at'>;

  test('puts the caller where it and the age say, at once', () => {
    const table = at({});
    const [one, two, three] = [table.queued(), table.queued(), table.queued()];
    table.do(ask(three, 3));
    expect(table.last.ok && table.last.events).toMatchObject([{ type: 'contact-re-prioritised', contact: three, priority: 3, position: 1, by: '2001' }]);
    expect(general(table)).toEqual([three, one, two]);
    table.do(ask(three, -1));
    expect(table.last.ok && table.last.events).toMatchObject([{ position: 3 }]);
    expect(general(table)).toEqual([one, two, three]);
  });

  test('takes away a place that had been asked for', () => {
    const table = at({});
    const [one, two] = [table.queued(), table.queued()];
    const asked = table.queued('general', 0, { position: 1 });
    table.do(ask(asked, -1));
    expect(general(table)).toEqual([one, two, asked]);
  });

  test('holds while the phone rings, and when nobody answers it', () => {
    const table = at({});
    table.signIn('1003');
    const [ringing, other] = [table.queued(), table.queued()];
    table.do(ask(ringing, -5));
    expect(table.rungFor(ringing)).toBe('1003');
    table.phoneSays(ringing, 'rejected');
    expect(general(table)).toEqual([other, ringing]);
  });

  test.each([
    ['an agent', () => ['1001', 3] as const, 'not-allowed'],
    ['somebody unknown', () => ['9999', 3] as const, 'unknown-agent'],
    ['a supervisor, with no whole number', () => ['2001', 1.5] as const, 'bad-priority'],
    ['a supervisor, with too much', () => ['2001', 1_001] as const, 'bad-priority'],
    ['a supervisor, with what it is', () => ['2001', 0] as const, 'already'],
  ])('is refused: %s', (_, asks, code) => {
    const table = at({});
    const contact = table.queued();
    const [by, priority] = asks();
    table.do(ask(contact, priority, by));
    expect(table.types()).toEqual([code]);
  });

  test('is refused for one who does not wait or is not there', () => {
    const table = at({});
    table.do(ask(table.call(), 3));
    expect(table.types()).toEqual(['not-waiting']);
    table.do(ask(contactId('c-none'), 3));
    expect(table.types()).toEqual(['unknown-contact']);
  });
});
