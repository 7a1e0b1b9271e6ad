import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Directory as DeskDirectory } from '../../src/cti/desk.ts';
import { openDatabase } from '../../src/store/database.ts';
import { directory, DirectoryAway, type Directory } from '../../src/store/directory.ts';
import { ownTime } from '../support/own-time.ts';
import { patientMs } from '../support/patient.ts';
import { entries, project } from './support/rows.ts';
import { linkTo, newCentre, newDatabase, silent, type TestDatabase } from './support/stores.ts';
import { abandoned, answered } from './support/story.ts';

let own: TestDatabase;
let centre: string;
let people: Directory;
beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());
beforeEach(() => {
  centre = newCentre();
  people = directory(own.db, { centre, withinMs: patientMs });
});

test('a caller is found however the line spells the number, and only in the own centre', async () => {
  const card = await people.upsert({ name: '王小明', number: '138 0013 8000', tier: 'vip', data: { 卡号: '尾号 8821' } });
  expect(card).toMatchObject({ number: '+8613800138000', note: '' });
  // What the desktops ask for is what this is.
  const desk: DeskDirectory = people;
  for (const ani of ['13800138000', '013800138000', '+8613800138000']) expect(await desk.lookUp(ani)).toEqual(card);
  expect(await people.lookUp('13900139000')).toBeNull();
  expect(await people.lookUp('anonymous')).toBeNull();
  expect(await directory(own.db, { centre: newCentre(), withinMs: patientMs }).lookUp('13800138000')).toBeNull();
});

test('a number has one customer, and the newest word holds', async () => {
  const first = await people.upsert({ name: '王小明', number: '13800138000', tier: 'vip' });
  const second = await people.upsert({ name: '王晓明', number: '+8613800138000' });
  expect(second).toMatchObject({ id: first.id, name: '王晓明', tier: null });
});

test('customers are searched by name or by the beginning of the number', async () => {
  await people.upsert({ name: '王小明', number: '13800138000' });
  await people.upsert({ name: '100% Ltd', number: '02161234567' });
  const names = async (text: string) => (await people.search(text, 10)).map(({ name }) => name);
  expect(await names('小')).toEqual(['王小明']);
  expect(await names('1380013')).toEqual(['王小明']);
  expect(await names('%')).toEqual(['100% Ltd']);
  expect(await names('_')).toEqual([]);
});

test('earlier contacts are those that are over, newest first, and a known caller has them by customer', async () => {
  const card = await people.upsert({ name: '王小明', number: '13800138000' });
  const day = 86_400_000;
  await project(own.db, centre, [
    ...entries(answered({ id: 'c-1' }), 7),
    ...entries(abandoned({ id: 'c-2', at: Date.UTC(2026, 4, 20) + day, ani: '013800138000' }), 8),
    ...entries(answered({ id: 'c-3', at: Date.UTC(2026, 4, 20) + 2 * day }).slice(0, 6), 9),
  ]);
  expect(await people.earlierContacts('13800138000', 5)).toMatchObject([
    { contact: 'c-2', answered: false, disposition: null, note: '' },
    { contact: 'c-1', answered: true, agent: '1001', queue: 'billing', disposition: 'solved', note: '已解决' },
  ]);
  expect(await people.earlierContacts('13800138000', 1)).toHaveLength(1);
  const row = await own.db.selectFrom('contact').select('customer_id').where('centre', '=', centre).where('id', '=', 'c-3').executeTakeFirst();
  expect(row?.customer_id).toBe(card.id);
});

test('a Postgres that does not answer is given up in the time that a screen-pop may wait', async () => {
  const link = await linkTo(own.url);
  const db = openDatabase(link.url, { log: silent });
  const far = directory(db, { centre, withinMs: 300 });
  // The connection is there before it is asked in haste.
  await directory(db, { centre, withinMs: patientMs }).lookUp('13800138000');
  link.swallow();
  const took = ownTime();
  await expect(far.lookUp('13800138000')).rejects.toMatchObject({ reason: 'late' });
  expect(took()).toBeLessThan(1_000);
  link.restore();
  await link.close();
  await expect(far.lookUp('13800138000')).rejects.toBeInstanceOf(DirectoryAway);
  await db.destroy();
});
