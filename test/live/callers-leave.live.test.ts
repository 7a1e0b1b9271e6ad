// A caller hangs up, at each point of the way. Whatever was going on, nothing of the call is left and nobody is stuck.

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../../runtime/desktop.ts';
import type { Phone } from '../../runtime/phone.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, expectRecordings, free, is, newNumber, recordingFiles, watchCentre, type Watch } from '../support/watch.ts';

let centre: LiveCentre;
let watch: Watch;
let agent: { phone: Phone; desktop: Desktop };
let configDir: string;

beforeAll(async () => {
  configDir = await quickConfig();
  centre = await startLiveCentre({ configDir });
  watch = await watchCentre(centre);
  agent = await centre.readyAgent('1001');
  await watch.agent('1001', free);
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

async function call(number: string): Promise<{ caller: Phone; ani: string }> {
  const ani = newNumber();
  const caller = await centre.caller(ani);
  await caller.dial(number);
  return { caller, ani };
}

/** So many more seconds have come to the caller's ear. */
async function hears(caller: Phone, seconds: number): Promise<void> {
  // There is no file before the first sound.
  const samples = async (): Promise<number> => (await caller.receivedWav().catch(() => undefined))?.channels[0]?.length ?? 0;
  const before = await samples();
  await expect.poll(async () => (await samples()) - before, { timeout: 10_000 }).toBeGreaterThan(seconds * 8_000);
}

async function leaves({ caller, ani }: { caller: Phone; ani: string }, during: string) {
  const { contact } = await watch.contact(ani);
  await caller.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during });
  await watch.empty();
  await caller.stop();
  return story;
}

test.each([
  ['the welcome', '4000', undefined],
  ['the menu', '4000', 'hours'],
  ['the choice of language', '4002', undefined],
])('in %s', async (_, number, node) => {
  const one = await call(number);
  await one.caller.waitFor('established');
  if (node !== undefined) await watch.contact(one.ani, (contact) => contact.node === node);
  const story = await leaves(one, 'flow');
  expect(story.recordings).toEqual([]);
});

test('while digits are collected', async () => {
  const one = await call('4002');
  await one.caller.waitFor('established');
  // A person presses a key on hearing something, not before.
  await hears(one.caller, 0.25);
  await one.caller.sendKeys('1');
  await watch.contact(one.ani, ({ node }) => node === 'chinese');
  await one.caller.sendKeys('1234');
  const story = await leaves(one, 'flow');
  // Not finished, so not kept.
  expect(story.data).toEqual({});
});

test('in the queue', async () => {
  await agent.desktop.command({ type: 'pause', reason: 'rest' });
  const one = await call(straightIn);
  await watch.contact(one.ani, ({ status }) => status === 'waiting');
  await one.caller.waitFor('established');
  const story = await leaves(one, 'queue');
  expect(story.offers).toEqual([]);
  await agent.desktop.command({ type: 'make-ready' });
  await watch.agent('1001', free);
});

test('while the phone rings', async () => {
  const one = await call(straightIn);
  await agent.phone.waitFor('incoming');
  const story = await leaves(one, 'queue');
  expect(story.offers.map(({ outcome }) => outcome)).toEqual(['withdrawn']);
  await agent.phone.waitFor('closed');
  await watch.agent('1001', free);
});

test('while the agent’s number is read', async () => {
  const one = await call(straightIn);
  await agent.phone.waitFor('incoming');
  await agent.phone.answer();
  // The number is ordered with the connection and takes some seconds to say.
  await watch.contact(one.ani, ({ status }) => status === 'connected');
  await agent.phone.waitFor('established');
  await hears(one.caller, 0.5);
  // The wrap-up is short: it may be over before Postgres has the story.
  const [story] = await Promise.all([leaves(one, 'talk'), watch.agent('1001', is('wrap-up'))]);
  await agent.phone.waitFor('closed');
  await watch.agent('1001', free);
  await expectRecordings(centre, story);
});

test('after a talk', async () => {
  const one = await call(straightIn);
  await agent.phone.waitFor('incoming');
  await agent.phone.answer();
  await watch.contact(one.ani, ({ status }) => status === 'connected');
  await hears(one.caller, 4);
  const story = await leaves(one, 'talk');
  await agent.phone.waitFor('closed');
  await watch.agent('1001', free);
  await expectRecordings(centre, story);
});

test('no file is left without a row, and no row without a file', async () => {
  const rows = await centre.db.selectFrom('recording').select(['id', 'status', 'reason', 'path']).execute();
  await expect.poll(async () => (await recordingFiles(centre)).unfinished, { timeout: 15_000 }).toEqual([]);
  const { finished } = await recordingFiles(centre);
  expect(finished.length).toBeGreaterThan(0);
  const settled = await centre.db.selectFrom('recording').select(['id', 'status', 'reason']).execute();
  expect(settled).toHaveLength(rows.length);
  // A talk of a few milliseconds may leave no sample; then the row says so.
  expect(settled.filter(({ status, reason }) => status === 'failed' && reason !== 'raw-empty' && reason !== 'raw-missing')).toEqual([]);
  expect(settled.filter(({ status }) => status === 'finalised').map(({ id }) => `${id}.wav`).sort()).toEqual([...finished].sort());
});
