import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { loadCentre } from '../../src/config/load.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { momentOf } from '../../cli/replay.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre } from '../support/sample-routing.ts';
import { project } from './support/rows.ts';
import { newDatabase, type TestDatabase } from './support/stores.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const key = 'a key of this test and of no other, long enough';
let own: TestDatabase;
let rung: ContactId;
let waits: ContactId;
let at = 0;
const rexian = (...args: string[]) =>
  run(join(root, 'node_modules/.bin/node'), [join(root, 'cli/main.ts'), ...args, '--state', join(root, 'no-such-state'), '--config', join(root, 'config'), '--json', '--lang', 'en'], { timeout: 60_000, env: { ...process.env, DATABASE_URL: own.url, REXIAN_STORE_KEY: key } });
// What a command has printed is whatever the test expects of it.
const last = (text: string): any => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

beforeAll(async () => {
  own = await newDatabase();
  const loaded = loadCentre(join(root, 'config'));
  if (!loaded.ok) throw new Error('the sample configuration has faults');
  const { config } = loaded;
  const table = new Table(sampleCentre(config));
  table.at = Date.now() - 600_000;
  table.do({ type: 'switch-lost' });
  table.do({ type: 'switch-resumed' });
  table.do({ type: 'close-queue', agent: agentId('2001'), queue: queueId('faults'), reason: 'fire drill' });
  table.signIn('1001');
  rung = table.queued('billing');
  table.answer(rung);
  waits = table.queued('billing');
  at = table.at;
  table.do({ type: 'device-changed', agent: agentId('1002'), device: 'idle' });
  await project(own.db, config.centre.id, table.history.map((event, index) => ({ id: `7-${index + 1}`, text: makeSeal(key).stringify(event) })));
});
afterAll(() => own.drop());

test('./rexian why contact tells each decision with its candidates and the line that decided', async () => {
  const { stdout } = await rexian('why', 'contact', rung);
  expect(stdout).toMatch(/agent 1001 is rung after a wait of .* {2}\[queues\.yaml:\d+\]\n {6}number 1 of 1, waited 0\.0 s, effective priority .*\n {6}1001 +✓ rung/);
  expect(last(stdout).decisions.find((one: any) => one.event.type === 'offer-made')).toMatchObject({ recomputed: true, asked: { candidates: expect.arrayContaining([expect.objectContaining({ agent: '1001', verdict: expect.objectContaining({ code: 'rung' }) })]) } });
});

test('of one who waits it is told why nobody is rung now, and of an agent why not', async () => {
  const [now, not] = await Promise.all([rexian('why', 'contact', waits), rexian('why', 'agent', '1001', '--not', 'contact', waits)]);
  expect(last(now.stdout).now.candidates).toEqual(expect.arrayContaining([expect.objectContaining({ agent: '1001', verdict: expect.objectContaining({ code: 'talking', contact: rung }) })]));
  expect(not.stdout).toMatch(new RegExp(`– now {2}talking to ${rung} since`));
});

test('./rexian replay shows lines and agents of that moment', async () => {
  const picture = last((await rexian('replay', '--at', new Date(at).toISOString())).stdout);
  expect(picture).toMatchObject({ at, otherRules: false, leftOut: [], switchUp: true });
  expect(picture.queues.flatMap(({ queue, closed }: any) => (closed === null ? [] : [[queue, closed.by, closed.reason]]))).toEqual([['faults', '2001', 'fire drill']]);
  expect(picture.queues.find((one: any) => one.queue === 'billing').waiting).toMatchObject([{ contact: waits, status: 'waiting' }]);
  expect(picture.agents.find((one: any) => one.agent === '1001').presence).toMatchObject({ status: 'talking', contact: rung });
});

test('a time alone is the latest past one in the centre’s zone', () => {
  const now = Date.parse('2026-05-20T03:00:00Z');
  expect(new Date(momentOf('10:32:05', 'Asia/Shanghai', now)).toISOString()).toBe('2026-05-20T02:32:05.000Z');
  expect(new Date(momentOf('11:30', 'Asia/Shanghai', now)).toISOString()).toBe('2026-05-19T03:30:00.000Z');
  expect(new Date(momentOf('2026-05-18T10:32:05', 'Asia/Shanghai', now)).toISOString()).toBe('2026-05-18T02:32:05.000Z');
  expect(() => momentOf('later', 'Asia/Shanghai', now)).toThrow();
});
