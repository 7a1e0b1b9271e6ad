// What a caller hears while waiting: the place, the estimated wait and a comfort message over the music; a key leads out
// and back to the same place; and the agent's answer cuts off what is being said.

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSound } from '../../runtime/likeness.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { decodeWav } from '../../runtime/wav.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, free, newNumber, watchCentre, type Watch } from '../support/watch.ts';

const tones = { caller: 1850, agent: 1370 } as const;
let centre: LiveCentre;
let watch: Watch;
let configDir: string;

beforeAll(async () => {
  configDir = await quickConfig({
    'queues.yaml': {
      'billing/sayAgentNumber': false,
      'billing/whileWaiting/place': { first: '4s', every: '1h', position: 'yes', estimate: 'yes' },
      'billing/whileWaiting/comfort': { prompts: ['all-busy'], every: '8s' },
    },
    'flows/straight-in.yaml': { 'nodes/line/keys': { 1: 'news' }, 'nodes/news': { play: 'office-welcome', next: 'line' } },
  });
  centre = await startLiveCentre({ configDir });
  watch = await watchCentre(centre);
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

async function soundOf(name: string): Promise<ReturnType<typeof decodeWav>> {
  const folder = join(centre.runtime.soundsDir, 'rexian/zh');
  const file = (await readdir(folder)).find((one) => one.startsWith(`${name}-`) && one.endsWith('.wav'));
  return decodeWav(await readFile(join(folder, file ?? name)));
}

test('place, estimate and comfort, out by key and back in the same place, cut off by the answer', async () => {
  const [agent, ani] = [await centre.readyAgent('1001', { tone: tones.agent }), newNumber()];
  await watch.agent('1001', free);
  await agent.desktop.command({ type: 'pause', reason: 'rest' });
  const caller = await centre.caller(ani, { tone: tones.caller });
  await caller.dial(straightIn);
  const { contact } = await watch.contact(ani, ({ status }) => status === 'waiting');
  // Others who leave the line while he waits are what an estimate is made from.
  const hasty = await centre.sipp({ scenario: fileURLToPath(new URL('sipp/hasty-caller.xml', import.meta.url)), number: straightIn, calls: 8, callsPerSecond: 4, limitSeconds: 20 });
  const heard = async (name: string): Promise<number> => findSound(await soundOf(name), await caller.receivedWav()).likeness;
  const told = async (name: string): Promise<void> => void (await expect.poll(() => heard(name), { timeout: 15_000, interval: 300 }).toBeGreaterThan(0.75));
  await told('position-next');
  await told('estimate-under-one');
  expect(await hasty.outcome).toMatchObject({ successful: 8, failed: 0 });

  await caller.sendKeys('1');
  await told('office-welcome');
  await told('all-busy');

  await agent.desktop.command({ type: 'make-ready' });
  await agent.phone.waitFor('incoming');
  await agent.phone.answer();
  await expect.poll(async () => toneSeconds(await agent.phone.receivedWav(), 0, tones.caller), { timeout: 5_000 }).toBeGreaterThan(0.5);
  await expect.poll(async () => toneSeconds(await caller.receivedWav(), 0, tones.agent), { timeout: 5_000 }).toBeGreaterThan(0.5);
  await caller.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during: 'talk' });
  expect(story.path.map(({ node, took }) => `${node} ${took}`)).toEqual(['line queue billing', 'line 1', 'news said', 'line queue billing']);
  const [first, again, ...more] = story.events.flatMap(({ event }) => (event.type === 'contact-queued' ? [event.queuedAt] : []));
  expect([again, more]).toEqual([first, []]);
  expect(story.events.flatMap(({ event }) => (event.type === 'contact-told' ? [event.position !== undefined && event.estimate !== undefined] : []))[0]).toBe(true);
  await watch.empty();
}, 60_000);
