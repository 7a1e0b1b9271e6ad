import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { standingIn } from '../../src/acd/lines.ts';
import type { EventOf } from '../../src/acd/messages.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const tableOf = (queues: Partial<QueueConfig>): Table => new Table(sampleCentre(sampleRouting({ queues })));
const turnedAway = (table: Table) => table.history.flatMap((event) => (event.type === 'contact-turned-away' ? [[event.contact, event.reason]] : []));
const general = queueId('general');

describe('callers for each agent', () => {
  test('past the ratio the next one is diverted; those who are signed in count, whatever they do', () => {
    const table = tableOf({ divert: { callersPerAgent: 1.5 } });
    table.signIn('1001', '1002');
    table.do({ type: 'pause', agent: agentId('1001'), reason: 'lunch' });
    table.do({ type: 'pause', agent: agentId('1002'), reason: 'lunch' });
    for (let calls = 0; calls < 3; calls += 1) table.queued();
    expect(turnedAway(table)).toEqual([]);
    const fourth = table.queued();
    expect(turnedAway(table)).toEqual([[fourth, 'diverted']]);
    table.do({ type: 'sign-in', agent: agentId('1003') });
    table.queued();
    expect(turnedAway(table)).toHaveLength(1);
  });

  test('with nobody signed in the first waits, and the second is diverted', () => {
    const table = tableOf({ divert: { callersPerAgent: 10 } });
    table.queued();
    const second = table.queued();
    expect(turnedAway(table)).toEqual([[second, 'diverted']]);
  });

  test('who comes back by a key is not diverted', () => {
    const table = tableOf({ divert: { callersPerAgent: 1 } });
    const first = table.call();
    table.enqueue(first, 'general', 0, { keys: ['1'], memory: {} });
    table.press(first, '1');
    table.queued();
    table.enqueue(first, 'general', 0, { memory: {} });
    expect([turnedAway(table), standingIn(table.centre, general)[0]]).toEqual([[], first]);
  });
});

describe('the estimated wait', () => {
  /** One leaves the line every 20 s while another waits. */
  const seen = (queues: Partial<QueueConfig>): Table => {
    const table = tableOf(queues);
    table.queued();
    for (let left = 0; left < 12; left += 1) {
      const contact = table.queued();
      table.wait(20_000);
      table.hangUp(contact);
    }
    return table;
  };

  test('too long: diverted; short enough or not yet known: let in', () => {
    const short = seen({ divert: { estimatedWaitMs: 60_000 } });
    short.queued();
    expect(turnedAway(short)).toEqual([]);
    const long = seen({ divert: { estimatedWaitMs: 20_000 } });
    const last = long.queued();
    expect(turnedAway(long).at(-1)).toEqual([last, 'diverted']);
    const fresh = tableOf({ divert: { estimatedWaitMs: 10_000 } });
    for (let calls = 0; calls < 5; calls += 1) fresh.queued();
    expect(turnedAway(fresh)).toEqual([]);
  });
});

describe('a caller who hung up and calls again', () => {
  const redial = { redialMs: 60_000 };
  const again = (table: Table, ani: string) => {
    const contact = table.call(ani);
    table.enqueue(contact);
    return contact;
  };
  const placeOf = (table: Table, contact: string) => table.history.findLast((event): event is EventOf<'contact-queued'> => event.type === 'contact-queued' && event.contact === contact);

  test('within the time has the old place, once', () => {
    const table = tableOf(redial);
    const first = again(table, '13900000001');
    table.at += 1_000;
    const second = again(table, '13900000002');
    table.wait(30_000);
    table.hangUp(first);
    table.wait(59_000);
    const back = again(table, '13900000001');
    expect(standingIn(table.centre, general)).toEqual([back, second]);
    expect(placeOf(table, back)).toMatchObject({ queuedAt: 0, position: 1 });
    table.at += 1;
    const twin = again(table, '13900000001');
    expect(placeOf(table, twin)).toMatchObject({ queuedAt: table.at, position: 3 });
  });

  test('past the time, from another number, without a number or in another queue stands at the end', () => {
    const table = tableOf(redial);
    const [late, withheld] = [again(table, '13900000001'), again(table, '')];
    table.at += 1_000;
    const second = again(table, '13900000002');
    table.hangUp(late);
    table.hangUp(withheld);
    table.wait(1_000);
    for (const contact of [again(table, '13900000003'), again(table, '')]) expect(placeOf(table, contact)).toMatchObject({ queuedAt: table.at });
    const other = table.call('13900000001');
    table.enqueue(other, 'billing');
    expect(placeOf(table, other)).toMatchObject({ queuedAt: table.at });
    table.wait(60_000);
    expect(placeOf(table, again(table, '13900000001'))).toMatchObject({ queuedAt: table.at });
    expect(standingIn(table.centre, general)[0]).toBe(second);
  });

  test('is let in though the queue is full; where the queue has no such rule nothing is kept', () => {
    const table = tableOf({ ...redial, maxWaiting: 1 });
    const first = again(table, '13900000001');
    table.at += 1;
    table.hangUp(first);
    const second = again(table, '13900000002');
    const back = again(table, '13900000001');
    expect([turnedAway(table), standingIn(table.centre, general)]).toEqual([[], [back, second]]);
    const plain = tableOf({});
    plain.hangUp(again(plain, '13900000001'));
    expect(plain.centre.hungUp.size).toBe(0);
  });

  test('also where the service was another meanwhile, as far as the store has said; what is long past is forgotten there', () => {
    const table = tableOf(redial);
    const first = again(table, '13900000001');
    table.at += 1_000;
    const second = again(table, '13900000002');
    table.hangUp(first);
    const left = new Map(table.last.ok ? table.last.touched.left : []);
    expect([...left]).toEqual([[first, { id: first, queue: general, ani: '13900000001', queuedAt: 0, leftAt: table.at }]]);
    const { contacts, agents } = table.centre;
    const other = new Table(makeCentre(table.centre.routing, JSON.parse(JSON.stringify({ contacts: [...contacts.values()], agents: [...agents.values()], offers: [], closed: [], left: [...left.values()] })) as never, table.at));
    other.at = table.at + 30_000;
    const back = other.call('13900000001');
    other.enqueue(back);
    expect(standingIn(other.centre, general)).toEqual([back, second]);
    expect(other.last.ok && [...other.last.touched.left]).toEqual([[first, null]]);
    table.wait(3_700_000);
    table.hangUp(second);
    expect(table.last.ok && [...table.last.touched.left.keys()].sort()).toEqual([first, second].sort());
    expect([...table.centre.hungUp.values()].map(({ id }) => id)).toEqual([second]);
  });

  test('keeps nothing of one who was answered, or hung up in the flow', () => {
    const table = tableOf(redial);
    table.signIn('1001');
    const talked = again(table, '13900000001');
    table.answer(talked);
    table.hangUp(talked);
    table.hangUp(table.call('13900000002'));
    expect(table.centre.hungUp.size).toBe(0);
  });
});

function supervised(): Table {
  const routing = sampleRouting();
  return new Table(sampleCentre({ ...routing, agents: new Map([...routing.agents, [agentId('2001'), { ...agent('2001', {}, []), role: 'supervisor' }]]) }));
}

describe('a supervisor who takes a caller out of the line', () => {
  test('sends him back into his flow, with the reason and who it was', () => {
    const table = supervised();
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { memory: { node: 'line' } });
    table.at += 5_000;
    table.do({ type: 'withdraw', agent: agentId('2001'), contact, reason: 'called back' });
    expect(table.last.ok && table.last.events).toEqual([{ type: 'contact-left-queue', at: 5_000, n: 4, contact, queue: 'general', because: 'withdrawn', waitMs: 5_000, memory: { node: 'line' }, by: '2001', note: 'called back' }]);
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ status: 'in-flow', memory: { node: 'line' } });
  });

  test('stops the phone that rings for him', () => {
    const table = supervised();
    table.signIn('1001');
    const contact = table.queued();
    table.do({ type: 'withdraw', agent: agentId('2001'), contact, reason: '' });
    expect([table.orders()[0], table.presence('1001')]).toEqual(['hang-up', 'ready']);
  });

  test('is refused where there is no such caller, where he does not wait, and where an agent asks', () => {
    const table = supervised();
    const contact = table.call();
    const asked = (agent: string, which = contact): string[] => {
      table.do({ type: 'withdraw', agent: agentId(agent), contact: which, reason: '' });
      return table.types();
    };
    expect(asked('2001')).toEqual(['not-waiting']);
    table.enqueue(contact);
    expect([asked('1001'), asked('9999'), asked('2001', 'c-none' as typeof contact)]).toEqual([['not-allowed'], ['unknown-agent'], ['unknown-contact']]);
  });
});
