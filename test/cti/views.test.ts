import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/acd/messages.ts';
import type { Centre } from '../../src/acd/model.ts';
import { agentId, queueId } from '../../src/base/ids.ts';
import { changes } from '../../src/cti/protocol.ts';
import { snapshotFor } from '../../src/cti/snapshot.ts';
import { queuesTouched, recordViews, viewsOf } from '../../src/cti/views.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';
import { houseRouting } from './house.ts';

const nobody = () => undefined;

/** What the last step showed, as `who: what`. */
function shown(table: Table): string[] {
  const events: readonly Event[] = table.last.ok ? table.last.events : [];
  return events.flatMap((event) => viewsOf(event, { centre: table.centre, recordOf: nobody })).map(({ to, change }) => `${to.kind === 'agent' ? to.agent : to.kind}: ${change.type}`);
}

describe('given a centre, when it moves, then', () => {
  test('a caller in the menu is shown to supervisors only', () => {
    const table = new Table();
    table.call();
    expect(new Set(shown(table))).toEqual(new Set(['supervisors: contact-changed']));
  });

  test('an offer pops up at its agent before anything else is shown', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.call();
    table.enqueue(contact, 'billing');
    const views = shown(table);
    expect(views.filter((view) => view.includes('screen-pop'))).toEqual(['1001: screen-pop']);
    expect(views).toContain('1001: my-state');
    expect(views.filter((view) => view.startsWith('1002'))).toEqual([]);
  });

  test('of phones that ring at once each has its own card, and the others lose theirs with the answer', () => {
    const table = new Table(sampleCentre(sampleRouting({ queues: { strategy: 'ring-all' } })));
    table.signIn('1001', '1002');
    const contact = table.queued('billing');
    const cards = recordViews(contact, { centre: table.centre, recordOf: nobody }).map(({ to, change }) => [to.kind === 'agent' && to.agent, change.type === 'screen-pop-updated' && change.screenPop.offer]);
    expect(cards).toEqual([['1001', `${contact}-o1`], ['1002', `${contact}-o2`]]);
    table.answer(contact, '1002');
    const events: readonly Event[] = table.last.ok ? table.last.events : [];
    const ends = events.flatMap((event) => viewsOf(event, { centre: table.centre, recordOf: nobody })).flatMap(({ to, change }) => (change.type === 'screen-pop-withdrawn' && to.kind === 'agent' ? [[to.agent, change.outcome]] : []));
    expect(ends).toEqual([['1001', 'answered-elsewhere'], ['1002', 'accepted']]);
    expect(snapshotFor(agentId('1001'), { centre: table.centre, recordOf: nobody, stream: 's', at: table.at, name: { zh: '', en: '' } }).screenPop).toBeNull();
  });

  test('the answer keeps the card and begins the call', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued('billing');
    table.at += 4_000;
    table.answer(contact);
    expect(shown(table)).toEqual(expect.arrayContaining(['1001: screen-pop-withdrawn', '1001: my-state', 'supervisors: contact-changed', 'supervisors: agent-changed']));
    const { me, screenPop } = snapshotFor(agentId('1001'), { centre: table.centre, recordOf: nobody, stream: 's', at: table.at, name: { zh: '', en: '' } });
    expect(me?.call).toMatchObject({ contact, queue: 'billing' });
    expect(screenPop?.waitMs).toBe(4_001);
  });

  test('the end leaves the supervisors’ list and not one number behind', () => {
    const table = new Table();
    const contact = table.queued();
    table.hangUp(contact);
    expect(shown(table)).toContain('supervisors: contact-ended');
  });
});

test('a closed queue is an alarm for supervisors, also for one who signs in later, until it is open again', () => {
  const table = new Table(sampleCentre(houseRouting()));
  const [supervisor, general] = [agentId('2001'), queueId('general')];
  table.do({ type: 'close-queue', agent: supervisor, queue: general, reason: 'fire drill' });
  expect(shown(table)).toEqual(['supervisors: alarm-raised']);
  const seen = (by: string) => snapshotFor(agentId(by), { centre: table.centre, recordOf: nobody, stream: 's', at: table.at, name: { zh: '', en: '' } });
  expect(seen('2001')).toMatchObject({ alarms: [{ code: 'queue-closed', queue: general, since: 0 }], queues: [{ closed: null }, { queue: general, closed: { since: 0, by: '2001', reason: 'fire drill', waiting: 'serve' } }] });
  expect([seen('1001').alarms, seen('1003').queues]).toMatchObject([[], [{ closed: { by: '2001' } }]]);
  const [event] = table.history.slice(-1);
  expect(event && queuesTouched(event, table.centre)).toEqual([general]);
  table.do({ type: 'reopen-queue', agent: supervisor, queue: general });
  expect([shown(table), seen('2001').alarms]).toEqual([['supervisors: alarm-cleared'], []]);
});

test('every view that a random day makes is as the protocol says', () => {
  const table = new Table(sampleCentre(houseRouting()));
  table.signIn('1001', '1002', '1003');
  const days: (() => unknown)[] = [
    () => table.queued('billing'), () => table.queued('general', 5), () => table.wait(61_000),
    () => [...table.centre.offers.values()].slice(0, 1).forEach((offer) => table.answer(offer.contact)),
    () => [...table.centre.offers.values()].slice(0, 1).forEach((offer) => table.phoneSays(offer.contact, 'busy')),
    () => [...table.centre.contacts.keys()].slice(0, 1).forEach((contact) => table.hangUp(contact)),
    () => table.do({ type: 'pause', agent: agentId('1002'), reason: 'lunch' }), () => table.do({ type: 'make-ready', agent: agentId('1002') }),
    () => table.do({ type: 'switch-lost' }), () => table.do({ type: 'device-changed', agent: agentId('1003'), device: 'unreachable' }),
  ];
  let seed = 7;
  for (let step = 0; step < 400; step += 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    table.at += seed % 2_000;
    days[seed % days.length]?.();
    for (const event of table.last.ok ? table.last.events : []) {
      for (const { change } of viewsOf(event, { centre: table.centre, recordOf: nobody })) changes[change.type].parse(change);
      for (const queue of queuesTouched(event, table.centre)) expect(table.centre.routing.queues.has(queue)).toBe(true);
    }
    if (step % 20 === 0) for (const agent of ['1001', '2001']) changes.snapshot.parse(snapshotOf(table.centre, agent, table.at));
  }
});

test('figures count each agent once and the longest wait, not the first in line', () => {
  const table = new Table();
  const waits = table.queued('general');
  table.at += 30_000;
  table.queued('general', 10);
  table.signIn('1003');
  const { queues } = snapshotOf(table.centre, '1001', table.at);
  const general = queues.find(({ queue }) => queue === queueId('general'));
  expect(general).toMatchObject({ waiting: 2, agents: { offered: 1, offline: 2, ready: 0 } });
  expect(general?.longestSince).toBe(queuedAt(table.centre, waits));
});

const snapshotOf = (centre: Centre, agent: string, at: number) => snapshotFor(agentId(agent), { centre, recordOf: nobody, stream: 's', at, name: { zh: '', en: '' } });

function queuedAt(centre: Centre, contact: Parameters<Centre['contacts']['get']>[0]): number {
  const state = centre.contacts.get(contact)?.state;
  return state && 'queuedAt' in state ? state.queuedAt : expect.fail('not in line');
}
