import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCentre } from '../../src/config/load.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { whys } from '../../src/store/whys.ts';
import { openHouse, type House } from '../cti/house.ts';
import { sampleDir } from '../config/sample.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre } from '../support/sample-routing.ts';
import { project } from './support/rows.ts';
import { newCentre, newDatabase, type TestDatabase } from './support/stores.ts';

const storeKey = 'a key of this test and of no other, long enough';
const centre = newCentre();
let own: TestDatabase;
let house: House;
let rung: ContactId;
const loaded = loadCentre(sampleDir);
if (!loaded.ok) throw new Error('the sample has faults');
const { config } = loaded;
const asking = (databaseUrl: string) => whys(() => ({ databaseUrl, storeKey, centre, present: { version: config.version, files: config.files } }));
let asked: ReturnType<typeof whys>;

beforeAll(async () => {
  own = await newDatabase();
  const table = new Table(sampleCentre(config));
  table.at = Date.now() - 600_000;
  table.do({ type: 'switch-lost' });
  table.do({ type: 'switch-resumed' });
  table.signIn('1004', '1001');
  rung = table.queued('billing');
  table.answer(rung);
  await project(own.db, centre, table.history.map((event, index) => ({ id: `7-${index + 1}`, text: makeSeal(storeKey).stringify(event) })));
  asked = asking(own.url);
  house = await openHouse({ parts: { whys: asked } });
});
afterAll(async () => {
  await asked?.stop();
  await house?.stop();
  await own?.drop();
});

const get = async (url: string, agent = '2001') => house.server.inject({ method: 'GET', url, headers: { authorization: `Bearer ${await house.token(agent)}` } });

test('GET /api/contacts/ID/why tells each decision, with the line of the file, and no memory of the flow', async () => {
  const response = await get(`/api/contacts/${rung}/why`);
  expect(response.statusCode).toBe(200);
  const why = response.json<{ decisions: readonly Record<string, unknown>[]; over: boolean }>();
  expect(why).toMatchObject({ contact: rung, over: false });
  expect(why.decisions.find(({ event }) => (event as { type: string }).type === 'offer-made')).toMatchObject({
    event: { agent: '1004' }, recomputed: true, line: expect.stringMatching(/^queues\.yaml:\d+$/),
    asked: { strategy: 'longest-idle', candidates: [{ agent: '1004', verdict: { code: 'rung' } }, { agent: '1001', verdict: { code: 'lower-rank', by: 'key' }, line: expect.stringContaining('queues.yaml:') }, {}] },
  });
  expect(response.body).not.toContain('"memory"');
});

test('?agent= tells why that one did not get it', async () => {
  const response = await get(`/api/contacts/${rung}/why?agent=1002`);
  expect(response.json()).toMatchObject({ contact: rung, agent: '1002', spans: [{ verdict: { code: 'not-signed-in' } }] });
});

test('404 for one that never was, 400 for what is no agent, 403 for agents', async () => {
  const statuses = await Promise.all(['/api/contacts/c-never-1/why', `/api/contacts/${rung}/why?agent=everybody`].map(async (url) => (await get(url)).statusCode));
  expect([...statuses, (await get(`/api/contacts/${rung}/why`, '1001')).statusCode]).toEqual([404, 400, 403]);
});

test('with Postgres away it is said, and more who ask at once than are answered are told to come again', async () => {
  const away = asking('postgres://nobody:none@127.0.0.1:1/none');
  const codes = await Promise.allSettled(Array.from({ length: 6 }, () => away.ask({ contact: 'c-1', at: 0 })));
  expect(codes.map((one) => (one.status === 'rejected' ? one.reason.code : 'answered'))).toEqual(['away', 'away', 'away', 'away', 'busy', 'busy']);
  await away.stop();
  await expect(away.ask({ contact: 'c-1', at: 0 })).rejects.toMatchObject({ code: 'away' });
});
