// In-queue callback with real phones: asked for by key with another number, the place kept while nobody is on the phone,
// the customer dialled, one contact with one end and one recording. Agent first, over a kill of the service.

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Phone } from '../../runtime/phone.ts';
import { startService, type Service } from '../../runtime/service.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, expectRecordings, free, newNumber, watchCentre, type Watch } from '../support/watch.ts';

const tones = { customer: 1850, agent: 1370 } as const;
const agentFirst = '4102';
/** Where the customer is called back: a phone of this machine, for there is no trunk. */
const elsewhere = '9001';
let centre: LiveCentre;
let service: Service;
let watch: Watch;
let customer: Phone;
let configDir: string;

beforeAll(async () => {
  const callback = { allow: ['9'], otherNumber: true, ring: '15s' };
  configDir = await quickConfig({
    'centre.yaml': { [`numbers/${agentFirst}`]: 'agent-first' },
    'queues.yaml': { 'billing/callback': callback, 'general/callback': { ...callback, dial: 'agent-first', accept: 'answer' }, 'billing/sayAgentNumber': false, 'general/sayAgentNumber': false },
    'prompts.yaml': { 'callback-promised': { zh: '再见。', en: 'Goodbye.' } },
  }, { 'agent-first': 'start: line\nnodes:\n  line: { queue: general }\n' });
  centre = await startLiveCentre({ configDir });
  service = centre.service;
  watch = await watchCentre(centre);
  customer = await centre.agentPhone(elsewhere, { tone: tones.customer });
});
afterAll(async () => {
  await service?.stop();
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

/** Presses the key in line, gives the other number, and is told goodbye. Answers the contact, which is not over. */
async function asks(number: string): Promise<string> {
  const ani = newNumber();
  const caller = await centre.caller(ani);
  await caller.dial(number);
  await watch.contact(ani, ({ status }) => status === 'waiting');
  await caller.sendKeys(`92${elsewhere}#1`);
  const { contact, callback } = await watch.contact(ani, ({ status, callback: promised }) => status === 'in-flow' && promised !== null);
  expect(callback).toMatchObject({ number: elsewhere, attempts: 0 });
  await caller.waitFor('closed', 20_000);
  await watch.contact(ani, ({ status }) => status === 'callback');
  return contact;
}

async function talk(agent: Phone): Promise<void> {
  await expect.poll(async () => toneSeconds(await agent.receivedWav(), 0, tones.customer), { timeout: 8_000 }).toBeGreaterThan(0.5);
  await expect.poll(async () => toneSeconds(await customer.receivedWav(), 0, tones.agent), { timeout: 8_000 }).toBeGreaterThan(0.5);
}

test('customer first: his phone rings when an agent is there, he presses 1, and they talk', async () => {
  const contact = await asks(straightIn);
  expect(await centre.channels()).toEqual([]);
  const { phone, desktop } = await centre.readyAgent('1001', { tone: tones.agent });
  await customer.waitFor('incoming');
  expect(phone.pending('incoming')).toBe(false);
  await customer.answer();
  await customer.waitFor('established');
  await customer.sendKeys('1');
  await phone.waitFor('incoming');
  await phone.answer();
  await talk(phone);
  await customer.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during: 'talk' });
  expect(story).toMatchObject({ callbackAt: expect.any(Number), agent: '1001' });
  await expectRecordings(centre, story);
  await customer.waitFor('closed');
  await watch.agent('1001', free);
  await desktop.command({ type: 'sign-out' });
  await watch.empty();
}, 60_000);

test('agent first, over a kill of the service: the agent answers, the customer’s phone rings, and they talk', async () => {
  const contact = await asks(agentFirst);
  await service.kill('SIGKILL');
  service = await startService({ runtime: centre.runtime, configDir, lang: 'en', supervise: false, httpPort: Number(new URL(centre.service.url).port), name: 'service-again' });
  const { phone, desktop } = await centre.readyAgent('1002', { tone: tones.agent });
  await phone.waitFor('incoming');
  expect(customer.pending('incoming')).toBe(false);
  await phone.answer();
  await customer.waitFor('incoming');
  await customer.answer();
  await talk(phone);
  await phone.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'agent-hung-up', during: 'talk' });
  await expectRecordings(centre, story);
  await desktop.command({ type: 'sign-out' });
  await expect.poll(() => centre.channels(), { timeout: 5_000 }).toEqual([]);
}, 60_000);
