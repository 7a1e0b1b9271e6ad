import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginning, comeTo, follow } from '../../src/acd/moment.ts';
import type { Moment } from '../../src/acd/moment.ts';
import type { Centre } from '../../src/acd/model.ts';
import { offerExplained } from '../../src/acd/explain.ts';
import { agentId } from '../../src/base/ids.ts';
import { history } from '../../src/store/history.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { Table, linesOf } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';
import { project } from './support/rows.ts';
import { newCentre, newDatabase, type TestDatabase } from './support/stores.ts';

let own: TestDatabase;
beforeAll(async () => void (own = await newDatabase()));
afterAll(() => own.drop());

const seal = makeSeal('a key of this test and of no other');
const routing = sampleRouting();
const picture = (centre: Centre): unknown => structuredClone({ contacts: [...centre.contacts].sort(), agents: [...centre.agents].sort(), offers: [...centre.offers].sort(), lines: [...linesOf(centre)].sort() });

test('whoever waits for days to be called back is part of that moment, and nobody else of those days', async () => {
  const table = new Table(sampleCentre(sampleRouting({ queues: { callback: { dial: 'customer-first', key: '9', allow: ['1'], otherNumber: true, accept: 'answer', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: 60_000, noAnswer: 60_000, unreachable: 60_000 }, expiresMs: 72 * 3_600_000, openMax: 9 } } })));
  table.at = Date.now() - 70 * 3_600_000;
  const memory = { node: 'line' };
  const [waits, lost] = [table.queued('general', 0, { memory }), table.queued('general', 0, { memory })];
  table.press(waits, '9');
  table.do({ type: 'flow-moved', contact: waits, path: [], data: {}, language: 'zh', memory, orders: [], callback: { number: '13900000000' } });
  table.hangUp(waits);
  const before = table.history.length;
  table.wait(69 * 3_600_000);
  table.queued();
  const centre = newCentre();
  await project(own.db, centre, table.history.map((event, index) => ({ id: `8-${index + 1}`, text: seal.stringify(event) })));
  const told = await history(own.db, { centre, seal }).upTo(`8-${table.history.length}`);
  const of = (contact: string) => told.filter(({ event }) => 'contact' in event && event.contact === contact).length;
  expect(before).toBeGreaterThan(5);
  expect([of(waits) > 5, of(lost)]).toEqual([true, 0]);
});

test('a moment is made again from Postgres, and every offer after it explained', async () => {
  const table = new Table();
  table.at = Date.now() - 3_600_000;
  const pictures = new Map<number, unknown>();
  const seen = (): void => void pictures.set(table.history.length, picture(table.centre));
  table.do({ type: 'switch-lost' });
  table.do({ type: 'switch-resumed' });
  table.signIn('1001', '1002', '1003');
  table.do({ type: 'device-changed', agent: agentId('1003'), device: 'in-call' });
  const first = table.queued('billing', 5);
  seen();
  table.answer(first);
  const second = table.queued();
  seen();
  table.answer(second);
  const third = table.queued('billing');
  table.queued('general', 7);
  seen();
  table.at += 5_000;
  table.hangUp(first);
  table.do({ type: 'dispose', agent: agentId('1001'), contact: first, disposition: { code: 'solved', note: '' } });
  seen();
  table.wait(25_000);
  seen();
  table.hangUp(third);
  table.wait(120_000);
  table.queued();
  seen();
  const centre = newCentre();
  await project(own.db, centre, table.history.map((event, index) => ({ id: `7-${index + 1}`, text: seal.stringify(event) })));
  const past = history(own.db, { centre, seal });
  const at = async (position: string): Promise<Moment> => {
    const moment = beginning(routing, () => routing);
    for (const journalled of await past.upTo(position)) follow(moment, journalled);
    return moment;
  };
  expect(pictures.size).toBe(6);
  for (const [count, expected] of pictures) expect(picture((await at(`7-${count}`)).centre)).toEqual(expected);
  const life = await past.lifeOf(third);
  const moment = await at(life?.before ?? '');
  const after = await past.between(life?.before ?? '', life?.last);
  expect(after.at(-1)?.id).toBe(life?.last);
  let offers = 0;
  for (const journalled of after) {
    comeTo(moment, journalled.event.at);
    if (journalled.event.type === 'offer-made') expect(offerExplained(moment.centre, journalled.event).recomputed).toBe(true);
    offers += Number(journalled.event.type === 'offer-made');
    follow(moment, journalled);
  }
  expect(offers).toBeGreaterThan(0);
  const last = table.history.at(-1);
  expect(await past.positionAt(last?.at ?? 0)).toBe(`7-${table.history.length}`);
  expect(await past.positionAt((table.history[0]?.at ?? 0) - 1)).toBe('0-0');
  expect(await past.lifeOf('c-never')).toBeUndefined();
});
