// A thousand numbers, typed, called from and noted down through real calls, are then looked for in everything that is
// kept: logs, database, Redis and its files, recordings and their names.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { maskCards } from '../../src/base/card-number.ts';
import { until } from '../../runtime/until.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { cards, finder, inFiles, inPostgres, inRedis, injected, phones, typingScenario, type Found } from './support/plant.ts';

const asks = '4301';
const asksSecretly = '4302';
/** Whoever calls, and what they type; a telephone number is ended with #. */
const crowds = [
  { to: asks, callers: phones(220, 100_000_007), typed: cards(220, 11) },
  { to: asks, callers: cards(180, 300_000_011), typed: phones(180, 500_000_003) },
  { to: asksSecretly, callers: phones(50, 700_000_001), typed: cards(50, 600_000_007) },
] as const;
const noted = { phones: phones(50, 900_000_011), cards: cards(50, 900_000_019) };
const planted = [...crowds.flatMap(({ callers, typed }) => [...callers, ...typed]), ...noted.phones, ...noted.cards];
/** Only here: the search must find what is really there. */
const onPurpose = '13579135790';
const find = finder([...planted, onPurpose]);

let centre: LiveCentre;
let configDir: string;

beforeAll(async () => {
  const collect = (secret: boolean) => `start: ask
nodes:
  ask: { collect: enter-account, into: account, secret: ${secret}, digits: { min: 11, max: 16 }, timeout: { after: 10s, tries: 1, then: bye }, next: bye }
  bye: { hangup: true, say: goodbye }
`;
  configDir = await quickConfig({
    'centre.yaml': { [`numbers/${asks}`]: 'asks', [`numbers/${asksSecretly}`]: 'asks-secretly', 'admission/callsPerSecond': 1_000 },
    'queues.yaml': { 'billing/wrapUp/time': '30s' },
  });
  await Promise.all([writeFile(join(configDir, 'flows/asks.yaml'), collect(false)), writeFile(join(configDir, 'flows/asks-secretly.yaml'), collect(true))]);
  centre = await startLiveCentre({ configDir, service: { env: { REXIAN_LOG_LEVEL: 'debug' } } });
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

/** Everywhere; the phones' own folder holds what they were told to say. */
async function everywhere(): Promise<{ found: Found[]; looked: { bytes: number; files: number; rows: number; keys: number } }> {
  const redis = new Redis(centre.runtime.redisUrl);
  // What is still in the servers' memory is to be in their files too.
  await Promise.all([sql`checkpoint`.execute(centre.db).catch(() => undefined), redis.bgrewriteaof()]);
  const [files, rows, keys] = [await inFiles(centre.runtime.stateDir, ['phones'], find), await inPostgres(centre.db, find), await inRedis(redis, find)];
  redis.disconnect();
  return { found: [...files.found, ...rows.found, ...keys.found], looked: { bytes: files.bytes, files: files.files, rows: rows.rows, keys: keys.keys } };
}

test('a thousand planted numbers are found unmasked nowhere, and whole where somebody may see them', async () => {
  expect(new Set(planted).size).toBe(1_000);
  for (const { to, callers, typed } of crowds) {
    const digits = (typed[0]?.length ?? 0) === 11 ? 12 : 16;
    const [scenario, list] = [join(configDir, `types-${to}-${digits}.xml`), join(configDir, `list-${to}-${digits}.csv`)];
    await Promise.all([writeFile(scenario, typingScenario(digits)), writeFile(list, injected(callers.map((ani, n) => ({ ani, typed: (typed[n] ?? '').padEnd(digits, '#') }))))]);
    const run = await centre.sipp({ scenario, number: to, calls: callers.length, callsPerSecond: 40, concurrent: 200, args: ['-inf', list], limitSeconds: 60 });
    expect(await run.outcome).toMatchObject({ successful: callers.length, failed: 0 });
  }
  const contact = await noteDown();
  const calls = crowds.reduce((sum, { callers }) => sum + callers.length, 1);
  await until(async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from contact where ended_at is not null`.execute(centre.db);
    return rows[0]?.count === calls ? true : undefined;
  }, { limitMs: 15_000, what: `${calls} contacts ended in Postgres` });

  const { found, looked } = await everywhere();
  expect(found.map(({ number, where }) => `${number} in ${where}`).slice(0, 20)).toEqual([]);
  // It looked at what there is: Postgres' own files, Redis' log, a row and more for each call.
  expect(looked.bytes).toBeGreaterThan(20_000_000);
  expect(looked.rows).toBeGreaterThan(calls * 5);
  expect(looked.keys).toBeGreaterThan(2);

  await theyAreThere(contact);
  await itCanFail();
}, 110_000);

/** An agent talks with somebody and writes numbers down, ten to a note. */
async function noteDown(): Promise<string> {
  const { phone, desktop } = await centre.readyAgent('1001');
  const caller = await centre.caller('13100000000');
  await caller.dial(straightIn);
  await phone.waitFor('incoming');
  await phone.answer();
  const { screenPop } = (await desktop.waitFor('screen-pop')).message;
  await caller.waitFor('established');
  await caller.hangUp();
  await desktop.waitFor('my-state', ({ me }) => me.presence.status === 'wrap-up');
  for (let from = 0; from < 50; from += 5) {
    const note = [...noted.phones.slice(from, from + 5), ...noted.cards.slice(from, from + 5).map((card, n) => (n % 2 === 0 ? card : card.replace(/(.{4})(?=.)/g, '$1 ')))].join('，');
    await desktop.command({ type: 'dispose', contact: screenPop.contact, disposition: { code: 'solved', note: `回电 ${note}` } });
  }
  await desktop.command({ type: 'finish-wrap-up' });
  return screenPop.contact;
}

/** Sealed is not lost: a supervisor reads the numbers, an agent who had nothing to do with it their masks. */
async function theyAreThere(contact: string): Promise<void> {
  const [supervisor, other] = await Promise.all(['2001', '1002'].map(async (agent) => {
    const response = await fetch(`${centre.service.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ agent, password: centre.runtime.secrets.agents[agent]?.web }) });
    const { token } = (await response.json()) as { token: string };
    return async <Answer>(path: string) => (await (await fetch(`${centre.service.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as Answer;
  }));
  interface Page { contacts: { contact: string; ani: string; disposition: { note: string } | null }[] }
  for (const crowd of crowds) {
    for (const at of [0, crowd.callers.length - 1]) {
      const [ani = '', typed = ''] = [crowd.callers[at], crowd.typed[at]];
      const { contacts: [found] } = (await supervisor?.<Page>(`/api/contacts?ani=${ani}`)) ?? { contacts: [] };
      expect(found?.ani).toBe(ani);
      const story = await supervisor?.<{ data: Record<string, string> }>(`/api/contacts/${found?.contact}`);
      expect(story?.data).toEqual(crowd.to === asksSecretly ? {} : { account: maskCards(typed) });
      const { contacts: [masked] } = (await other?.<Page>(`/api/contacts?ani=${ani}`)) ?? { contacts: [] };
      expect(masked?.ani).toMatch(/\*{4}/);
    }
  }
  const story = await centre.contacts.find(contact);
  expect(story?.disposition?.note).toContain(noted.phones.at(-1));
  expect(story?.disposition?.note).toContain(maskCards(noted.cards.at(-1) ?? ''));
}

/** The same search finds one that somebody leaves in a table, in Redis and in a file. */
async function itCanFail(): Promise<void> {
  const redis = new Redis(centre.runtime.redisUrl);
  await sql`insert into audit (centre, at, who, action, subject) values ('x', now(), 'x', 'x', ${`called ${onPurpose} back`})`.execute(centre.db);
  await redis.set('left-behind', onPurpose);
  await writeFile(join(centre.runtime.recordingsDir, `${onPurpose}.wav`), '');
  const places = (await everywhere()).found.map(({ where }) => where);
  expect(places).toEqual(expect.arrayContaining(['table audit', 'key left-behind', `the name recordings/${onPurpose}.wav`]));
  redis.disconnect();
  expect(await readFile(centre.service.logFile, 'utf8')).not.toContain(onPurpose);
}
