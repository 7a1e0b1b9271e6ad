import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContactId } from '../../src/base/ids.ts';
import { loadCentre } from '../../src/config/load.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { daysOf } from '../../cli/period.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre } from '../support/sample-routing.ts';
import { project } from './support/rows.ts';
import { newDatabase, type TestDatabase } from './support/stores.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const key = 'a key of this test and of no other, long enough';
const present = join(root, 'config');
let own: TestDatabase;
let other = '';
const contacts: ContactId[] = [];
const rexian = (...args: string[]) =>
  run(join(root, 'node_modules/.bin/node'), [join(root, 'cli/main.ts'), ...args, '--state', join(root, 'no-such-state'), '--threads', '1'], { timeout: 60_000, env: { ...process.env, DATABASE_URL: own.url, REXIAN_STORE_KEY: key } });
// What a command has printed is whatever the test expects of it.
const last = (text: string): any => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

beforeAll(async () => {
  own = await newDatabase();
  const loaded = loadCentre(present);
  if (!loaded.ok) throw new Error('the sample configuration has faults');
  other = mkdtempSync(join(tmpdir(), 'rexian-compare-'));
  cpSync(present, other, { recursive: true });
  const table = new Table(sampleCentre(loaded.config));
  // Two days ago, at an hour that is nowhere midnight.
  table.at = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 2 * 86_400_000 + 6 * 3_600_000;
  table.do({ type: 'switch-lost' });
  table.do({ type: 'switch-resumed' });
  table.signIn('1004', '1001');
  for (let n = 0; n < 3; n += 1) {
    const contact = table.queued('billing');
    contacts.push(contact);
    table.wait(3_000);
    table.answer(contact);
    table.wait(60_000);
    table.hangUp(contact);
    table.wait(120_000);
  }
  await project(own.db, loaded.config.centre.id, table.history.map((event, index) => ({ id: `7-${index + 1}`, text: makeSeal(key).stringify(event) })));
});
afterAll(async () => {
  await own.drop();
  rmSync(other, { recursive: true, force: true });
});

const change = (from: string, to: string): void => writeFileSync(join(other, 'queues.yaml'), readFileSync(join(present, 'queues.yaml'), 'utf8').replace(from, to));

test('./rexian compare --traffic last-week tells which contacts would have gone elsewhere', async () => {
  change('billing:\n', 'billing:\n  strategy: least-skilled\n');
  const { stdout } = await rexian('compare', '--config', other, '--present', present, '--traffic', 'last-week', '--json', '--lang', 'en');
  // The longest idle is 1004, 1001, 1004; the least skilled 1001 each time.
  expect(stdout).toContain('Of 3 contacts, 2 would have been decided otherwise.');
  expect(last(stdout)).toMatchObject({
    contacts: 3, changed: 2, empty: false, replications: 1,
    changes: [{ queue: 'billing', what: 'agent', contacts: 2, waitChangeMs: 0, examples: [contacts[0], contacts[2]] }],
    all: { offered: { before: { mean: 3 }, after: { mean: 3 }, change: { mean: 0 } }, meanWaitMs: { before: { mean: 3_001 } } },
  });
  expect(last(stdout).agents['1001'].answered).toMatchObject({ before: { mean: 1 }, after: { mean: 3 }, change: { mean: 2 } });
});

test('what decides nothing otherwise changes nothing', async () => {
  change('billing:\n', '# only a comment\nbilling:\n');
  const { stdout } = await rexian('compare', '--config', other, '--present', present, '--traffic', 'last-week', '--json', '--lang', 'zh');
  expect(stdout).toContain('3 通来话，没有任何决定不同。');
  expect(last(stdout)).toMatchObject({ changed: 0, empty: true, changes: [], agentsChanged: 0 });
});

test('a traffic file serves as well', async () => {
  const traffic = join(other, 'traffic.yaml');
  writeFileSync(traffic, 'replications: 2\nlength: 1h\nclasses:\n  bills: { queue: billing, arrivals: { perHour: 60 }, talk: { exponential: 2m }, patience: { exponential: 1m } }\n');
  writeFileSync(join(other, 'queues.yaml'), readFileSync(join(present, 'queues.yaml'), 'utf8').replace(/^ {2}wrapUp:.*\n/m, '  wrapUp: { time: 90s, mode: time-boxed }\n'));
  const { stdout } = await rexian('compare', '--config', other, '--present', present, '--traffic', traffic, '--json', '--lang', 'en');
  const told = last(stdout);
  expect(told.changed).toBeGreaterThan(5);
  expect(told.all.serviceLevel.change.mean).toBeLessThan(0);
  expect(told.queues.billing.abandoned.change.mean).toBeGreaterThan(0);
  expect(told.groups.first.occupancy.change.mean).toBeGreaterThan(0);
});

test('./rexian simulate plays the same days, and a period without calls is refused', async () => {
  const { stdout } = await rexian('simulate', '--config', present, '--traffic', 'last-week', '--json', '--lang', 'en');
  expect(last(stdout)).toMatchObject({ calls: 3, all: { answered: { mean: 3 }, meanWaitMs: { mean: 3_001 } } });
  await expect(rexian('simulate', '--traffic', '2020-01-01..2020-01-03', '--lang', 'en')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Nobody came to a queue') });
});

test('a period is cut by the centre’s midnights; the last date is a whole day', () => {
  const now = Date.parse('2026-05-20T03:00:00Z');
  const days = (text: string): string[] => daysOf(text, 'Asia/Shanghai', now).map(({ startsAt, endsAt }) => `${new Date(startsAt).toISOString()} ${(endsAt - startsAt) / 3_600_000}`);
  expect(days('2026-05-18..2026-05-19')).toEqual(['2026-05-17T16:00:00.000Z 24', '2026-05-18T16:00:00.000Z 24']);
  expect(days('2026-05-19T22:00..2026-05-20')).toEqual(['2026-05-19T14:00:00.000Z 2', '2026-05-19T16:00:00.000Z 11']);
  expect(days('last-week')).toHaveLength(8);
  expect(() => days('2026-05-19..2026-05-18')).toThrow();
  expect(() => days('2026-06-19..2026-06-20')).toThrow();
});
