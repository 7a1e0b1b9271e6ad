// Whom a caller gets who has called before, and how one who answered hands the caller on: by what both sides hear.

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toneSeconds } from '../../runtime/tone.ts';
import type { Phone } from '../../runtime/phone.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, expectRecordings, free, newNumber, watchCentre, type Watch } from '../support/watch.ts';

/** Each agent sounds different, so that what a caller heard says who it was. */
const tones = { 1001: 1370, 1002: 1610, 1003: 1850 } as const;
type Sounding = keyof typeof tones;
let centre: LiveCentre;
let watch: Watch;
let configDir: string;

beforeAll(async () => {
  configDir = await quickConfig({
    'queues.yaml': { 'billing/sayAgentNumber': false, 'billing/sticky': { within: '1h', wait: '30s' }, 'billing/escalation': 'faults', 'faults/sayAgentNumber': false, 'faults/wrapUp/time': '300ms' },
  });
  centre = await startLiveCentre({ configDir });
  watch = await watchCentre(centre);
}, 60_000);
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

const hears = (caller: Phone, agent: Sounding): Promise<void> => expect.poll(async () => toneSeconds(await caller.receivedWav(), 0, tones[agent]), { timeout: 8_000 }).toBeGreaterThan(0.5);

test('who talked to an agent gets the same one again, though another is idle for longer; an expert takes over with the age', async () => {
  const ani = newNumber();
  const [known, expert] = [await centre.readyAgent('1002', { tone: tones[1002], answer: 'auto' }), await centre.readyAgent('1003', { tone: tones[1003], answer: 'auto' })];
  await Promise.all(['1002', '1003'].map((agent) => watch.agent(agent, free)));
  const first = await centre.caller(ani);
  await first.dial(straightIn);
  const { contact: before } = await watch.contact(ani, ({ status }) => status === 'connected');
  await hears(first, 1002);
  // From now on this one is idle for longer than the agent who talks.
  await centre.readyAgent('1001', { tone: tones[1001], answer: 'auto' });
  await watch.agent('1001', free);
  await known.desktop.command({ type: 'hang-up' });
  expectOneEnd(await centre.ended(before), { reason: 'agent-hung-up', during: 'talk' });
  await watch.agent('1002', free);
  await first.stop();

  const again = await centre.caller(ani);
  await again.dial(straightIn);
  const { contact } = await watch.contact(ani, ({ contact: id, status }) => id !== before && status === 'connected');
  await hears(again, 1002);

  await known.desktop.command({ type: 'escalate' });
  await hears(again, 1003);
  expect(await toneSeconds(await again.receivedWav(), 0, tones[1001])).toBe(0);
  const { message } = await expert.desktop.waitFor('screen-pop');
  await again.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during: 'talk' });
  expect(story.events.flatMap(({ event }) => (event.type === 'contact-connected' ? [`${event.queue} ${event.agent}`] : []))).toEqual(['billing 1002', 'faults 1003']);
  expect(message.screenPop).toMatchObject({ contact, ani, queue: 'faults' });
  await expectRecordings(centre, story);
  await watch.empty();
}, 60_000);
