import { afterEach, expect, test } from 'vitest';
import { agentId, contactId } from '../../src/base/ids.ts';
import type { Directory } from '../../src/cti/desk.ts';
import { Desktop } from './desktop.ts';
import { callerLeg, openHouse, strangers, type House } from './house.ts';

const wang = { id: '7', name: '王女士', number: '+8613800001234', tier: 'vip', note: '只打手机', data: { city: '杭州' } };
const earlier = [{ contact: 'c-1-1', arrivedAt: 1_700_000_000_000, queue: 'billing', agent: '1002', answered: true, disposition: 'solved', note: '' }];

let house: House;
afterEach(() => house.stop());

async function withAgent(directory: Directory): Promise<Desktop> {
  house = await openHouse({ directory });
  const desktop = await Desktop.open(house, '1001');
  await desktop.ask({ type: 'sign-in' });
  await desktop.ask({ type: 'make-ready' });
  return desktop;
}

test('the record, asked for when the caller arrives, is on the card when the phone rings', async () => {
  const desktop = await withAgent({ lookUp: async () => wang, earlierContacts: async () => earlier });
  const contact = contactId('c-1700000000-9');
  await house.submit({ type: 'call-arrived', contact, leg: callerLeg(contact), ani: '13800001234', dnis: '4000' });
  await house.call();
  const { screenPop } = await desktop.until('screen-pop');
  expect(screenPop).toMatchObject({ record: { customer: { name: '王女士', tier: 'vip' }, earlier }, waitMs: expect.any(Number), until: expect.any(Number) });
  await desktop.close();
});

test('with the database hanging, the card goes out in the turn of the commit, and the record follows', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof wang>();
  const desktop = await withAgent({ lookUp: () => promise, earlierContacts: async () => [] });
  const before = house.cti.desktops.seqOf(agentId('1001')) ?? expect.fail('no stream');
  const pushed: boolean[] = [];
  // This listener stands behind the desktops': with the card pushed before it runs, nothing was waited for.
  const release = house.engine.onCommitted((events) => {
    if (events.some(({ event }) => event.type === 'offer-made')) pushed.push((house.cti.desktops.seqOf(agentId('1001')) ?? 0) > before);
  });
  await house.call();
  release();
  expect(pushed).toEqual([true]);
  const pop = await desktop.until('screen-pop');
  expect(pop['screenPop']).toMatchObject({ ani: '13800001234', record: null });
  resolve(wang);
  expect(await desktop.until('screen-pop-updated')).toMatchObject({ screenPop: { record: { customer: { name: '王女士' } } } });
  await desktop.close();
});

test('a database that is away is asked again while the caller lives', async () => {
  let away = true;
  const directory: Directory = {
    lookUp: async () => {
      if (away) throw new Error('connection refused');
      return wang;
    },
    earlierContacts: async () => [],
  };
  const desktop = await withAgent(directory);
  await house.call();
  expect(await desktop.until('screen-pop')).toMatchObject({ screenPop: { record: null } });
  away = false;
  expect(await desktop.until('screen-pop-updated')).toMatchObject({ screenPop: { record: { customer: { id: '7' } } } });
  await desktop.close();
});

test('the card is withdrawn when the caller leaves while it rings', async () => {
  const desktop = await withAgent(strangers);
  const contact = await house.call();
  await desktop.until('screen-pop');
  await house.hangUp(contact);
  expect(await desktop.until('screen-pop-withdrawn')).toMatchObject({ contact, outcome: 'withdrawn' });
  const again = await Desktop.open(house, '1001');
  expect(await again.until('snapshot')).toMatchObject({ screenPop: null });
  await again.close();
});

test('a desktop that comes back in the middle of a call has the card in its snapshot', async () => {
  const desktop = await withAgent({ lookUp: async () => wang, earlierContacts: async () => [] });
  const contact = await house.call();
  await desktop.until('screen-pop');
  await house.answer(contact);
  const again = await Desktop.open(house, '1001');
  expect(await again.until('snapshot')).toMatchObject({ me: { call: { contact } }, screenPop: { contact, until: null } });
  await again.close();
});

test('nobody else is shown the card', async () => {
  const desktop = await withAgent(strangers);
  const other = await Desktop.open(house, '1002');
  const supervisor = await Desktop.open(house, '2001');
  await house.call();
  await desktop.until('screen-pop');
  await other.until('queue-changed', ({ queue }) => (queue as { waiting: number }).waiting === 1);
  await supervisor.until('contact-changed');
  for (const { received } of [other, supervisor]) expect(received.map(({ type }) => type)).not.toContain('screen-pop');
  expect(other.received.map(({ type }) => type)).not.toContain('contact-changed');
  await Promise.all([desktop.close(), other.close(), supervisor.close()]);
});
