import { afterEach, expect, test } from 'vitest';
import type { LastTalk } from '../../src/acd/contact.ts';
import { openCti } from '../../src/cti/cti.ts';
import type { Cti } from '../../src/cti/cti.ts';
import { steadyClock } from '../../src/base/clock.ts';
import type { Directory } from '../../src/cti/desk.ts';
import type { EarlierContact } from '../../src/store/directory.ts';
import { openHouse, type House } from './house.ts';

let house: House;
let cti: Cti;
afterEach(async () => {
  cti.stop();
  await house.stop();
});

const earlier = (arrivedAt: number, agent: string | null, answered = true): EarlierContact => ({ contact: `c-${arrivedAt}`, arrivedAt, queue: 'general', agent, answered, disposition: null, note: '' });

/** What is told of a caller whose records are these. */
async function toldOf(contacts: readonly EarlierContact[]): Promise<LastTalk | null> {
  const directory: Directory = { lookUp: async () => null, earlierContacts: async () => contacts };
  house = await openHouse();
  return new Promise((told) => {
    cti = openCti({ desk: house.engine, directory, clock: steadyClock, name: () => ({ zh: '', en: '' }), onDirectoryAway: () => undefined, onKnown: (_, { last }) => told(last) });
    void house.call();
  });
}

test('the newest talk counts, not a call that nobody answered', async () => {
  expect(await toldOf([earlier(30, null, false), earlier(20, '1002', false), earlier(10, '1001'), earlier(5, '1003')])).toEqual({ agent: '1001', at: 10 });
});

test('of a stranger it is told that there is nobody', async () => {
  expect(await toldOf([])).toBeNull();
});
