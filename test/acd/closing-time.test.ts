import { describe, expect, test } from 'vitest';
import { queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { Calendar, QueueConfig } from '../../src/config/centre-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { standingIn } from '../../src/acd/lines.ts';
import type { Centre, Routing } from '../../src/acd/model.ts';
import { ruleOf } from '../../src/acd/rules.ts';
import { queueFigures } from '../../src/cti/figures.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const general = queueId('general');
const minute = 60_000;
const hour = 60 * minute;
/** Every day, by the clock of Shanghai. */
const open = (from: number, to: number) => ({ calendar: { name: 'office', week: new Map([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ fromMinute: from * 60, toMinute: to * 60 }]])), chineseHolidays: false, days: new Map() } satisfies Calendar, timeZone: 'Asia/Shanghai' });
const office = open(9, 18);
/** 2026-03-02 in Shanghai. */
const midnight = Date.UTC(2026, 2, 1, 16);
const six = midnight + 18 * hour;

/** `general` keeps hours; billing overflows into it. */
const routingWith = (rules: Partial<QueueConfig>, version = 'test'): Routing => {
  const routing = sampleRouting({ version });
  return { ...routing, queues: new Map([...routing.queues].map(([id, queue]) => [id, id === general ? { ...queue, ...rules } : queue])) };
};
function tableAt(at: number, rules: Partial<QueueConfig> = {}): Table {
  const table = new Table(sampleCentre(routingWith({ hours: office, ...rules }), at));
  table.at = at;
  return table;
}
const statusOf = ({ centre }: Table, contact: ContactId) => centre.contacts.get(contact)?.state.status;
const left = (table: Table) => table.history.flatMap((event) => (event.type === 'contact-left-queue' ? [[event.contact, event.because, event.at]] : []));
const leave = { atClosing: 'leave' } as const;
const restarted = ({ contacts, agents, offers, closed, routing }: Centre, at: number): Table => {
  const table = new Table(makeCentre(routing, JSON.parse(JSON.stringify({ contacts: [...contacts.values()], agents: [...agents.values()], offers: [...offers.values()], closed: [...closed.values()] })) as never, at));
  table.at = at;
  return table;
};
const switchSeen = (table: Table) => table.do({ type: 'switch-seen', startedAt: 0, legs: [...table.centre.legs.keys()].map((leg) => ({ leg, role: roleOf(leg), state: 'up', ani: '', dnis: '4000', since: 0 }) as const), bridges: [], devices: [] });

describe('out of hours', () => {
  test('nobody enters, from the very minute; until it the last one does', () => {
    const table = tableAt(six - 1);
    const last = table.queued();
    const late = table.queued();
    expect([statusOf(table, last), statusOf(table, late)]).toEqual(['waiting', 'in-flow']);
    const turnedAway = table.history.find(({ type }) => type === 'contact-turned-away');
    expect(turnedAway).toMatchObject({ contact: late, reason: 'closed', at: six });
    expect(turnedAway).not.toHaveProperty('by');
    expect(turnedAway?.type === 'contact-turned-away' && ruleOf(table.centre, turnedAway)).toEqual({ file: 'queues.yaml', path: ['general', 'hours'] });
  });

  test('the wall says so, and is told at the minute', () => {
    const table = tableAt(six - minute);
    const closed = () => queueFigures(table.centre, [general])[0]?.closed;
    expect(closed()).toBeNull();
    table.wait(minute);
    expect([table.types(), closed()]).toEqual([['hours-changed'], { since: six, by: null, reason: '', waiting: 'serve' }]);
    table.wait(15 * hour);
    expect([table.history.at(-1), closed()]).toEqual([{ type: 'hours-changed', at: six + 15 * hour, queue: general, open: true }, null]);
  });
});

describe('at closing time those who wait', () => {
  test('are served, where nothing else is said', () => {
    const table = tableAt(six - minute);
    const contact = table.queued();
    table.wait(hour);
    expect(statusOf(table, contact)).toBe('waiting');
    table.signIn('1001');
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('leave, where it says so: not a millisecond before', () => {
    const table = tableAt(six - minute, leave);
    const contact = table.queued();
    table.wait(minute - 2);
    expect(statusOf(table, contact)).toBe('waiting');
    table.wait(1);
    expect(left(table)).toEqual([[contact, 'closed', six]]);
    const event = table.history.find(({ type }) => type === 'contact-left-queue');
    expect(event?.type === 'contact-left-queue' && ruleOf(table.centre, event)).toEqual({ file: 'queues.yaml', path: ['general', 'atClosing'] });
  });

  test('for whom a phone rings are left to it; unanswered they leave, and no other is rung', () => {
    const table = tableAt(six - 5_000, leave);
    table.signIn('1001', '1002');
    const contact = table.queued();
    table.wait(6_000);
    expect(statusOf(table, contact)).toBe('offered');
    table.phoneSays(contact, 'rejected');
    expect([left(table), table.presence('1002')]).toEqual([[[contact, 'closed', table.at]], 'ready']);
  });

  test('go to the queue that theirs overflows into, where both fall on one moment', () => {
    const table = tableAt(six - minute, { ...leave, overflow: { afterMs: minute, to: queueId('billing') } });
    const contact = table.queued();
    table.wait(minute);
    expect(standingIn(table.centre, queueId('billing'))).toEqual([contact]);
  });

  test.each([['by a second', 1_000], ['over the whole night', 16 * hour]])('leave also where nobody was there at the minute, %s', (_, away) => {
    const before = tableAt(six - minute, leave);
    const contact = before.queued();
    const table = restarted(before.centre, six + away);
    switchSeen(table);
    table.wait(0);
    expect(left(table)).toEqual([[contact, 'closed', six + away]]);
  });

  test('leave when the clock jumps over the minute, and when the switch is back that was away at it', () => {
    const jumped = tableAt(six - minute, leave);
    const [one] = [jumped.queued()];
    jumped.wait(20 * hour);
    expect(left(jumped)).toEqual([[one, 'closed', jumped.at]]);
    const cut = tableAt(six - minute, leave);
    const other = cut.queued();
    cut.do({ type: 'switch-lost' });
    cut.wait(hour);
    expect(left(cut)).toEqual([]);
    switchSeen(cut);
    cut.wait(0);
    expect(left(cut)).toEqual([[other, 'closed', cut.at]]);
  });

  test('leave by the hours that hold then: a reload moves the minute both ways', () => {
    const table = tableAt(six - 2 * hour, leave);
    const contact = table.queued();
    table.do({ type: 'configure', routing: routingWith({ ...leave, hours: open(9, 20) }, 'later') });
    table.wait(3 * hour);
    expect(statusOf(table, contact)).toBe('waiting');
    table.do({ type: 'configure', routing: routingWith({ ...leave, hours: open(9, 19.5) }, 'sooner') });
    table.wait(hour);
    expect(left(table).map(([, because]) => because)).toEqual(['closed']);
    expect(table.history.filter(({ type }) => type === 'hours-changed')).toHaveLength(1);
  });
});

test('an overflow waits for the other queue to open', () => {
  const nine = midnight + 9 * hour;
  const table = tableAt(nine - 10 * minute);
  const contact = table.queued('billing');
  table.wait(9 * minute);
  expect(standingIn(table.centre, queueId('billing'))).toEqual([contact]);
  table.wait(minute);
  expect(standingIn(table.centre, general)).toEqual([contact]);
});

describe('who is to be called back', () => {
  const callback = { dial: 'customer-first', key: '9', trunk: 'carrier', allow: ['1'], otherNumber: true, accept: 'answer', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: minute, noAnswer: minute, unreachable: minute }, expiresMs: 24 * hour, openMax: 2 } as const;
  /** Has left the phone ten minutes before the end, behind somebody who waits for the only agent. */
  function promised(): { table: Table; contact: ContactId; first: ContactId } {
    const table = tableAt(six - 10 * minute, { ...leave, callback });
    table.signIn('1001');
    const talker = table.queued();
    table.answer(talker);
    const first = table.queued();
    const contact = table.queued('general', 0, { memory: { node: 'line' } });
    table.press(contact, '9');
    table.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: { node: 'line' }, orders: [], callback: { number: '13900000000' } });
    table.hangUp(contact);
    return { table, contact, first };
  }
  const answers = (table: Table, contact: ContactId) => table.do({ type: 'leg-up', leg: table.centre.contacts.get(contact)?.leg ?? expect.fail('gone') });

  const sentAway = (table: Table) => left(table).flatMap(([who, because]) => (because === 'closed' ? [who] : []));

  test('keeps the place over the night, is dialled when the queue opens, and is not sent away for the night', () => {
    const { table, contact, first } = promised();
    table.wait(20 * minute);
    expect([statusOf(table, contact), sentAway(table)]).toEqual(['callback', [first]]);
    table.wait(14 * hour + 50 * minute);
    expect(statusOf(table, contact)).toBe('dialling');
    answers(table, contact);
    expect([statusOf(table, contact), sentAway(table)]).toEqual(['waiting', [first]]);
    table.wait(9 * hour);
    expect(sentAway(table)).toEqual([first, contact]);
  });

  test('is served where the queue closes while he is dialled', () => {
    const { table, contact, first } = promised();
    table.wait(9 * minute + 40_000);
    table.hangUp(first);
    table.wait(25_000);
    expect(statusOf(table, contact)).toBe('dialling');
    answers(table, contact);
    table.wait(hour);
    expect([statusOf(table, contact), sentAway(table)]).toEqual(['waiting', []]);
  });
});
