import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/base/ids.ts';
import type { Announcements } from '../../src/config/centre-config.ts';
import { estimateMedia } from '../../src/acd/announce.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { EventOf } from '../../src/acd/messages.ts';
import type { Media } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const place = { firstMs: 10_000, everyMs: 20_000, position: 'yes', limit: 2, onlyUp: false, estimate: 'no' } as const;
const tableOf = (announce: Announcements): Table => new Table(sampleCentre(sampleRouting({ queues: { announce } })));
const word = (media: Media): string => (media.say === 'prompt' ? media.name : media.say === 'number' ? String(media.number) : media.say);
const told = (table: Table, contact: ContactId) =>
  table.history.filter((event): event is EventOf<'contact-told'> => event.type === 'contact-told' && event.contact === contact).map(({ at, media }) => `${at / 1000}: ${media.map(word).join(' ')}`);
/** Second by second, so that what is due is said in its second. */
const listen = (table: Table, seconds: number): void => {
  for (let second = 0; second < seconds; second += 1) table.wait(1_000);
};

describe('a waiting caller is told', () => {
  test('once after the time that there is nobody free, and then no more', () => {
    const table = tableOf({ apology: { afterMs: 10_000, prompt: 'all-busy' } });
    const contact = table.call();
    table.enqueue(contact);
    listen(table, 60);
    expect(told(table, contact)).toEqual(['10: all-busy']);
    expect(table.centre.deadlines.filter(({ kind }) => kind === 'waiting')).toEqual([]);
  });

  test('the place, again and again as it gets better', () => {
    const table = tableOf({ place });
    const [first, second] = [table.call(), table.call()];
    table.enqueue(first);
    table.enqueue(second);
    listen(table, 15);
    table.hangUp(first);
    listen(table, 40);
    expect(told(table, second)).toEqual(['10: position-before 2 position-after', '30: position-next', '50: position-next']);
    expect(told(table, first)).toEqual(['10: position-next']);
  });

  test.each([
    ['no', []], ['yes', ['10: position-before 3 position-after']], ['limit', []], ['more', ['10: position-more-before 2 position-more-after']],
  ] as const)('third in line, with the limit at two and position: %s', (position, said) => {
    const table = tableOf({ place: { ...place, position } });
    const all = [table.call(), table.call(), table.call()] as const;
    for (const contact of all) table.enqueue(contact);
    listen(table, 20);
    expect(told(table, all[2])).toEqual(said);
    // Those who are told nothing are asked about again all the same.
    table.hangUp(all[0]);
    listen(table, 20);
    expect(told(table, all[2]).slice(said.length)).toEqual(position === 'no' ? [] : ['30: position-before 2 position-after']);
  });

  test('only better places than the last, where that is asked for', () => {
    const table = tableOf({ place: { ...place, onlyUp: true } });
    const [first, second] = [table.call(), table.call()];
    table.enqueue(first);
    table.enqueue(second);
    listen(table, 35);
    const urgent = table.call();
    table.enqueue(urgent, 'general', 5);
    table.hangUp(first);
    listen(table, 20);
    table.hangUp(urgent);
    listen(table, 20);
    expect(told(table, second)).toEqual(['10: position-before 2 position-after', '70: position-next']);
  });

  test('comfort messages in their order, or by a chance that is the same each time', () => {
    const comfort = { everyMs: 10_000, prompts: ['a', 'b', 'c'], order: 'in-order' } as const;
    const ordered = tableOf({ comfort });
    const contact = ordered.call();
    ordered.enqueue(contact);
    listen(ordered, 45);
    expect(told(ordered, contact)).toEqual(['10: a', '20: b', '30: c', '40: a']);
    const [one, other] = [0, 1].map(() => {
      const table = tableOf({ comfort: { ...comfort, order: 'random' } });
      const caller = table.call();
      table.enqueue(caller);
      listen(table, 600);
      return told(table, caller);
    });
    expect(one).toEqual(other);
    expect(new Set(one?.map((said) => said.split(' ')[1])).size).toBe(3);
  });

  test('what is due at once in one announcement', () => {
    const table = tableOf({ apology: { afterMs: 10_000, prompt: 'all-busy' }, place, comfort: { everyMs: 10_000, prompts: ['a'], order: 'in-order' } });
    const contact = table.call();
    table.enqueue(contact);
    listen(table, 12);
    expect(told(table, contact)).toEqual(['10: all-busy position-next a']);
  });

  test('nothing while a phone rings for him, and on when it is not answered', () => {
    const table = tableOf({ comfort: { everyMs: 10_000, prompts: ['a', 'b', 'c', 'd'], order: 'in-order' } });
    table.signIn('1001');
    const contact = table.call();
    table.enqueue(contact);
    listen(table, 25);
    expect(told(table, contact).map((said) => said.split(' ')[1])).toEqual(['b']);
  });

  test('nothing while the switch is away, and no more than one thing when it is back', () => {
    const table = tableOf({ comfort: { everyMs: 10_000, prompts: ['a', 'b', 'c', 'd'], order: 'in-order' } });
    const contact = table.call();
    table.enqueue(contact);
    listen(table, 11);
    table.do({ type: 'switch-stalled' });
    listen(table, 24);
    expect(told(table, contact)).toEqual(['10: a']);
    table.do({ type: 'switch-resumed' });
    listen(table, 10);
    expect(told(table, contact)).toEqual(['10: a', '35: c', '40: d']);
  });

  test('on after a restart, in the same order', () => {
    const table = tableOf({ comfort: { everyMs: 10_000, prompts: ['a', 'b', 'c', 'd'], order: 'in-order' } });
    const contact = table.call();
    table.enqueue(contact);
    listen(table, 21);
    const again = new Table(makeCentre(table.centre.routing, { contacts: [...table.centre.contacts.values()], agents: [...table.centre.agents.values()], offers: [], closed: [] }, table.at));
    again.centre.switchUp = true;
    again.at = table.at;
    listen(again, 20);
    expect(told(again, contact)).toEqual(['30: c', '40: d']);
  });

  test('one deadline at a time', () => {
    const table = tableOf({ apology: { afterMs: 10_000, prompt: 'all-busy' }, place, comfort: { everyMs: 7_000, prompts: ['a'], order: 'in-order' } });
    for (let calls = 0; calls < 5; calls += 1) table.queued();
    for (let second = 0; second < 120; second += 1) {
      table.wait(1_000);
      expect(table.centre.deadlines.filter(({ kind }) => kind === 'waiting')).toHaveLength(5);
    }
  });
});

describe('the connection', () => {
  test('cuts an announcement off: it is stopped before the bridge', () => {
    const table = tableOf({ comfort: { everyMs: 10_000, prompts: ['a'], order: 'in-order' } });
    const contact = table.call();
    table.enqueue(contact);
    listen(table, 10);
    table.signIn('1001');
    table.answer(contact);
    expect(table.orders().slice(0, 3)).toEqual(['stop-play', 'stop-music', 'connect']);
  });

  test('so does a key', () => {
    const table = tableOf({ comfort: { everyMs: 10_000, prompts: ['a'], order: 'in-order' } });
    const contact = table.call();
    table.enqueue(contact, 'general', 0, { keys: ['1'], memory: {} });
    listen(table, 10);
    table.press(contact, '1');
    expect(table.orders()).toEqual(['stop-play', 'stop-music', 'write-ticket']);
  });
});

test.each([
  [10, 50, 'estimate-under-one'], [40, 60, 'estimate-one'], [50, 100, 'estimate-before 1 estimate-to 2 estimate-after'], [150, 290, 'estimate-before 3 estimate-to 5 estimate-after'],
  [110, 119, 'estimate-about 2 estimate-after'], [20, 70, 'estimate-before 1 estimate-to 2 estimate-after'],
])('a wait of %d s as likely as not and %d s at most nine times in ten is said as: %s', (p50, p90, said) => {
  expect(estimateMedia({ p50Ms: p50 * 1_000, p90Ms: p90 * 1_000 }, 'zh').map(word).join(' ')).toBe(said);
});
