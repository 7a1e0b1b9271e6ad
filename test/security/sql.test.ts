// SQL where a value is expected: in every parameter of every route that reads Postgres, over the real database.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { intervals } from '../../src/reports/intervals.ts';
import { audit } from '../../src/store/audit.ts';
import { contacts } from '../../src/store/contacts.ts';
import { directory } from '../../src/store/directory.ts';
import { recordings } from '../../src/store/recordings.ts';
import { openHouse, type House } from '../cti/house.ts';
import { entries } from '../store/support/rows.ts';
import { newDatabase, type TestDatabase } from '../store/support/stores.ts';
import { answered } from '../store/support/story.ts';
import { projectBatch } from '../../src/store/project-batch.ts';

const centre = 'sql-test';
const secret = 'of-another-centre';
let store: TestDatabase;
let house: House;

beforeAll(async () => {
  store = await newDatabase();
  const { db } = store;
  await projectBatch(db, centre, entries(answered({ id: 'c-mine' })), { serviceLevelMs: () => 15_000 });
  await projectBatch(db, secret, entries(answered({ id: secret, ani: '13911112222' })), { serviceLevelMs: () => 15_000 });
  house = await openHouse({ parts: { contacts: contacts(db, { centre }), recordings: recordings(db, { centre }), intervals: intervals(db, { centre, timeZone: () => 'Asia/Shanghai' }), audit: audit(db, { centre }) } });
});
afterAll(async () => {
  await house?.stop();
  await store?.drop();
});

/** Longer than any answer takes on the slowest machine, and less than the limit of a statement, so that it would show. */
const sleepS = 9;
const payloads: readonly string[] = [
  "' OR '1'='1", "' OR 1=1--", "'; DROP TABLE contact;--", "') OR true--", '" OR ""="', `1; SELECT pg_sleep(${sleepS})`, `' AND pg_sleep(${sleepS}) IS NULL--`, `'||pg_sleep(${sleepS})||'`, '1 OR 1=1', '0) UNION SELECT * FROM audit--',
  "' UNION SELECT ani, ani FROM contact--", '$1', '$$', '%', '_', '%%', '\\', "\\'", "\u0000'; DROP TABLE contact;--", "E'\\x27'", 'null', 'NaN', 'Infinity', '-1', '9'.repeat(30), '1e309', '0x10', '1753000000000.5',
  'arrived_at desc', 'id;--', '*', '/**/', '-- ', "'::int", "(select 'x')", '{"a":1}', "c-1' OR centre <> 'x", '\ud800', '工号', `${'x'.repeat(64)}'`, "1970-01-01'; --",
];

interface Documented {
  readonly paths: Readonly<Record<string, { readonly get?: { readonly parameters?: readonly { readonly name: string; readonly in: string }[] } }>>;
}

/** Each person has a rate limit of its own, which is not what is tried here. */
const askers = ['2001', '3001'] as const;
let asked = 0;

async function get(url: string): Promise<{ status: number; body: string; ms: number }> {
  const startedAt = performance.now();
  const { statusCode, body } = await house.server.inject({ method: 'GET', url, headers: { authorization: `Bearer ${await house.token(askers[(asked += 1) % 2] ?? '')}` } });
  return { status: statusCode, body, ms: performance.now() - startedAt };
}

const good: Readonly<Record<string, string>> = { from: '1753000000000', to: '1753003600000', id: 'c-mine' };

test('every parameter of every reading route, as the interface itself lists them, takes SQL for a value or refuses it', async () => {
  // Read from the running server, so that a route which is added is tried too.
  const { paths } = (await house.server.inject({ method: 'GET', url: '/openapi.json' })).json<Documented>();
  const routes = Object.entries(paths).flatMap(([path, { get: read }]) => (read?.parameters?.length ? [{ path, parameters: read.parameters }] : []));
  expect(routes.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/contacts', '/api/contacts/{id}', '/api/reports/intervals']));
  const rows = async (): Promise<number> => (await sql<{ count: number }>`select count(*)::int as count from contact`.execute(store.db)).rows[0]?.count ?? 0;
  const before = await rows();
  const wrong: string[] = [];
  let tried = 0;
  for (const { path, parameters } of routes) {
    for (const { name, in: where } of parameters) {
      for (const payload of payloads) {
        const value = payload.isWellFormed() ? encodeURIComponent(payload) : '%ed%a0%80';
        const filled = path.replace(/\{(\w+)\}/g, (_, each: string) => (where === 'path' && each === name ? value : good[each] ?? 'x'));
        const needed = parameters.filter((each) => each.in === 'query' && each.name !== name && (path.includes('intervals') && (each.name === 'from' || each.name === 'to')));
        const query = [...(where === 'query' ? [`${name}=${value}`] : []), ...needed.map((each) => `${each.name}=${good[each.name] ?? ''}`)].join('&');
        const { status, body, ms } = await get(`${filled}${query === '' ? '' : `?${query}`}`);
        tried += 1;
        if (![200, 400, 404, 409].includes(status) || ms >= sleepS * 1_000 || body.includes(secret) || body.includes('13911112222') || /syntax error|pg_|relation "/.test(body)) wrong.push(`${path} ${name}=${JSON.stringify(payload)}: ${status} in ${Math.round(ms)} ms ${body.slice(0, 120)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(300);
  expect(await rows()).toBe(before);
});

test('the search of customers takes it for a name', async () => {
  const people = directory(store.db, { centre });
  const card = await people.upsert({ name: "Robert'); DROP TABLE customer;--", number: '13800138000', note: '%' });
  for (const payload of payloads.filter((each) => !each.includes('\0') && each.isWellFormed())) {
    const found = await people.search(payload, 10);
    // Its name or number is in it, or it is not found; never anybody else, and nothing breaks.
    expect(found.filter(({ id }) => id !== card.id), payload).toEqual([]);
  }
  expect(await people.search("Robert')", 10)).toEqual([card]);
});

test('a page’s cursor is worth nothing when it is made up', async () => {
  const cursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
  for (const place of [["1' OR 1=1--", 'c'], [1, "'; DROP TABLE contact;--"], [1, { $gt: '' }], [-1, 'c'], [1e300, 'c'], [1], [1, 'c', 'd'], 'x', null, { length: 2 }, [1, 'x'.repeat(129)], [1, 'c\u0000']]) {
    const { status, body } = await get(`/api/contacts?after=${cursor(place)}`);
    expect([200, 400], JSON.stringify(place)).toContain(status);
    expect(body).not.toContain(secret);
  }
});
