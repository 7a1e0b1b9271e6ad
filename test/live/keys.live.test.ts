// Keys that the menu does not know, no key at all, and the self-service number with its transfer to an own phone.

import { readFile, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Phone } from '../../runtime/phone.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig } from '../support/quick-config.ts';
import { expectOneEnd, newNumber, watchCentre, type Watch } from '../support/watch.ts';

const tones = { caller: 1850, manager: 1370 } as const;
const pin = '918273';
let centre: LiveCentre;
let watch: Watch;
let configDir: string;
const phones: Phone[] = [];

beforeAll(async () => {
  configDir = await quickConfig({ 'flows/hotline.yaml': { 'nodes/menu/timeout/after': '1s', 'nodes/menu/timeout/tries': 1 } });
  centre = await startLiveCentre({ configDir });
  watch = await watchCentre(centre);
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
  await watch.empty();
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

async function call(number: string): Promise<{ caller: Phone; ani: string; contact: string }> {
  const ani = newNumber();
  const caller = await centre.caller(ani, { tone: tones.caller });
  phones.push(caller);
  await caller.dial(number);
  await caller.waitFor('established');
  const { contact } = await watch.contact(ani);
  return { caller, ani, contact };
}

async function manager(): Promise<Phone> {
  const phone = await centre.agentPhone('2001', { tone: tones.manager });
  phones.push(phone);
  return phone;
}

const at = (ani: string, node: string) => watch.contact(ani, (contact) => contact.node === node, 30_000);
/** A person presses a key on hearing something, not before. */
const listens = (caller: Phone): Promise<void> => expect.poll(async () => (await caller.receivedWav().catch(() => undefined))?.channels[0]?.length ?? 0, { timeout: 5_000 }).toBeGreaterThan(2_000);

test('three keys that the menu does not know lead to the operator', async () => {
  const one = await call('4000');
  await at(one.ani, 'hours');
  await one.caller.sendKeys('5');
  await one.caller.sendKeys('7');
  await one.caller.sendKeys('#');
  await watch.contact(one.ani, ({ status, queue }) => status === 'waiting' && queue === 'general', 20_000);
  await one.caller.hangUp();
  const story = await centre.ended(one.contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during: 'queue' });
  expect(story.path.map(({ node, took }) => `${node} ${took}`)).toEqual(['welcome said', 'hours open', 'menu invalid', 'operator said', 'operator/next queue general']);
});

test('a caller who presses nothing reaches the operator too', async () => {
  const one = await call('4000');
  await watch.contact(one.ani, ({ status, queue }) => status === 'waiting' && queue === 'general', 30_000);
  await one.caller.hangUp();
  const story = await centre.ended(one.contact);
  expect(story.path.map(({ node, took }) => `${node} ${took}`)).toContain('menu timeout');
}, 45_000);

async function selfService(): Promise<Awaited<ReturnType<typeof call>>> {
  const one = await call('4002');
  await listens(one.caller);
  await one.caller.sendKeys('1');
  await at(one.ani, 'chinese');
  await one.caller.sendKeys('88123456#');
  await at(one.ani, 'account');
  await one.caller.sendKeys(`${pin}#`);
  await at(one.ani, 'vip');
  await one.caller.sendKeys('1');
  return one;
}

test('digits are collected, and the transfer reaches an own phone: both talk', async () => {
  const phone = await manager();
  const one = await selfService();
  await phone.waitFor('incoming');
  await phone.answer();
  await watch.contact(one.ani, ({ status }) => status === 'transferred');
  await expect.poll(async () => toneSeconds(await one.caller.receivedWav(), 0, tones.manager), { timeout: 10_000 }).toBeGreaterThan(1);
  await expect.poll(async () => toneSeconds(await phone.receivedWav(), 0, tones.caller), { timeout: 10_000 }).toBeGreaterThan(1);
  await phone.hangUp();
  await one.caller.waitFor('closed');
  const story = await centre.ended(one.contact);
  expectOneEnd(story, { reason: 'other-hung-up', during: 'transfer' });
  await phone.waitFor('closed');
  expect(story.data).toEqual({ account: '88123456', level: 'vip' });
  // The service password is nowhere: not in an event, not in the service's log.
  expect(JSON.stringify(story)).not.toContain(pin);
  expect(await readFile(centre.service.logFile, 'utf8')).not.toContain(pin);
}, 45_000);

test('the caller hangs up while the transfer rings', async () => {
  const phone = await manager();
  const one = await selfService();
  await phone.waitFor('incoming');
  await one.caller.hangUp();
  await phone.waitFor('closed');
  expectOneEnd(await centre.ended(one.contact), { reason: 'caller-hung-up', during: 'transfer' });
}, 45_000);

test('turned away by the manager, a VIP goes to the queue before the others', async () => {
  const phone = await manager();
  const one = await selfService();
  await phone.waitFor('incoming');
  await phone.hangUp();
  await watch.contact(one.ani, ({ status, queue }) => status === 'waiting' && queue === 'general', 20_000);
  await one.caller.hangUp();
  const story = await centre.ended(one.contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during: 'queue' });
  expect(story.events.flatMap(({ event }) => (event.type === 'contact-queued' ? [event.priority] : []))).toEqual([20]);
}, 45_000);
