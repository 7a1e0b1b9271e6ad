import { expect, test, vi } from 'vitest';
import { agentId, contactId, type ContactId } from '../../src/base/ids.ts';
import { Allowance } from '../../src/cti/allowance.ts';
import { CallerRecords } from '../../src/cti/caller-records.ts';
import { Tickets, ticketMs } from '../../src/cti/tickets.ts';
import { strangers } from './house.ts';

test('a ticket lives 30 s and is good once', () => {
  let now = 0;
  const tickets = new Tickets({ now: () => now });
  const ticketed = { agent: agentId('1001'), session: 's', sessionUntil: 9 };
  const first = tickets.issue(ticketed) ?? expect.fail('none');
  const second = tickets.issue(ticketed) ?? expect.fail('none');
  expect(tickets.redeem(first)).toMatchObject(ticketed);
  expect(tickets.redeem(first)).toBeNull();
  now = ticketMs;
  expect(tickets.redeem(second)).toBeNull();
  expect(tickets.redeem('made up')).toBeNull();
});

test('tickets that nobody redeems do not pile up', () => {
  let now = 0;
  const tickets = new Tickets({ now: () => now });
  const ticketed = { agent: agentId('1001'), session: 's', sessionUntil: 9 };
  let issued = 0;
  while (tickets.issue(ticketed) !== null) issued += 1;
  expect(issued).toBe(10_000);
  now = ticketMs;
  expect(tickets.issue(ticketed)).not.toBeNull();
});

test('an allowance gives a burst, then so many a second', () => {
  const allowance = new Allowance(3, 2, 0);
  const taken = (now: number) => Array.from({ length: 5 }, () => allowance.take(now)).filter(Boolean).length;
  expect([taken(0), taken(1_000), taken(1_100), taken(60_000)]).toEqual([3, 2, 0, 3]);
});

test('look-ups go a few at a time, a hung one gives its place back, the oldest caller is forgotten first', async () => {
  vi.useFakeTimers();
  let running = 0;
  let most = 0;
  const known: ContactId[] = [];
  const records = new CallerRecords({
    directory: {
      ...strangers,
      lookUp: (ani) => {
        running += 1;
        most = Math.max(most, running);
        if (ani === 'hangs') return new Promise(() => undefined);
        return new Promise((resolve) => setTimeout(() => {
          running -= 1;
          resolve(null);
        }, 10));
      },
    },
    onKnown: (contact) => known.push(contact),
    onAway: () => undefined,
    contactsMax: 100, atOnceMax: 4, lookUpMsMax: 500, retryMs: 100,
  });
  records.want(contactId('c-hung'), 'hangs');
  for (let count = 0; count < 100; count += 1) records.want(contactId(`c-${count}`), '138');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(most).toBeLessThanOrEqual(5);
  expect(known).toHaveLength(100);
  records.want(contactId('c-new'), '138');
  await vi.advanceTimersByTimeAsync(100);
  expect(records.recordOf(contactId('c-0'))).toBeUndefined();
  expect(records.recordOf(contactId('c-new'))).toEqual({ customer: null, earlier: [] });
  records.stop();
  vi.useRealTimers();
});
