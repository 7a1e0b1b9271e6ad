// What a caller hears while waiting: the place, the estimated wait and a comfort message over the music; a key leads out
// and back to the same place; and the agent's answer cuts off what is being said. Ringing instead of music; a queue that closes.

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSound } from '../../runtime/likeness.ts';
import type { Phone } from '../../runtime/phone.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { decodeWav } from '../../runtime/wav.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, free, newNumber, watchCentre, type Watch } from '../support/watch.ts';

const tones = { caller: 1850, agent: 1370, ringing: 450 } as const;
/** Straight into a queue that rings. */
const ringsIn = '4101';
let centre: LiveCentre;
let watch: Watch;
let configDir: string;

beforeAll(async () => {
  configDir = await quickConfig({
    'centre.yaml': { [`numbers/${ringsIn}`]: 'rings' },
    'queues.yaml': {
      'general/sayAgentNumber': false,
      'general/whileWaiting': { music: 'ringing', apology: { after: '2s' } },
      'billing/sayAgentNumber': false,
      'billing/whileWaiting/place': { first: '4s', every: '1h', position: 'yes', estimate: 'yes' },
      'billing/whileWaiting/comfort': { prompts: ['all-busy'], every: '8s' },
    },
    'flows/straight-in.yaml': { 'nodes/line/keys': { 1: 'news' }, 'nodes/news': { play: 'office-welcome', next: 'line' } },
  }, { rings: 'start: line\nnodes:\n  line: { queue: general }\n' });
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

const hears = async (caller: Phone, name: string): Promise<void> =>
  void (await expect.poll(async () => findSound(await soundOf(name), await caller.receivedWav()).likeness, { timeout: 15_000, interval: 300 }).toBeGreaterThan(0.75));

test('place, estimate and comfort, out by key and back in the same place, cut off by the answer', async () => {
  const [agent, ani] = [await centre.readyAgent('1001', { tone: tones.agent }), newNumber()];
  await watch.agent('1001', free);
  await agent.desktop.command({ type: 'pause', reason: 'rest' });
  const caller = await centre.caller(ani, { tone: tones.caller });
  await caller.dial(straightIn);
  const { contact } = await watch.contact(ani, ({ status }) => status === 'waiting');
  // Others who leave the line while he waits are what an estimate is made from.
  const hasty = await centre.sipp({ scenario: fileURLToPath(new URL('sipp/hasty-caller.xml', import.meta.url)), number: straightIn, calls: 8, callsPerSecond: 4, limitSeconds: 20 });
  const told = (name: string): Promise<void> => hears(caller, name);
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
  await agent.desktop.command({ type: 'sign-out' });
  await watch.empty();
}, 60_000);

test('a queue that rings answers nobody before its agent does; what is said meanwhile is heard, and it rings again', async () => {
  const [agent, ani] = [await centre.readyAgent('1002', { tone: tones.agent }), newNumber()];
  await watch.agent('1002', free);
  await agent.desktop.command({ type: 'pause', reason: 'rest' });
  const caller = await centre.caller(ani, { tone: tones.caller });
  await caller.dial(ringsIn);
  await caller.waitFor('ringing');
  const { contact } = await watch.contact(ani, ({ status }) => status === 'waiting');
  await hears(caller, 'all-busy');
  const ringing = (wav: ReturnType<typeof decodeWav>): number => toneSeconds(wav, 0, tones.ringing, 0.005);
  const inTheWords = ringing(await soundOf('all-busy'));
  await expect.poll(async () => ringing(await caller.receivedWav()), { timeout: 8_000 }).toBeGreaterThan(inTheWords + 0.7);
  await agent.desktop.command({ type: 'make-ready' });
  await agent.phone.waitFor('incoming');
  expect(caller.pending('established')).toBe(false);
  await agent.phone.answer();
  await caller.waitFor('established');
  await expect.poll(async () => toneSeconds(await agent.phone.receivedWav(), 0, tones.caller), { timeout: 5_000 }).toBeGreaterThan(0.5);
  await expect.poll(async () => toneSeconds(await caller.receivedWav(), 0, tones.agent), { timeout: 5_000 }).toBeGreaterThan(0.5);
  await caller.hangUp();
  expectOneEnd(await centre.ended(contact), { reason: 'caller-hung-up', during: 'talk' });
  await agent.desktop.command({ type: 'sign-out' });
  await watch.empty();
}, 60_000);

test('a supervisor closes the queue: who waits and who comes hear that it is closed, and who comes after it is open waits', async () => {
  const [waits, comes, later] = [newNumber(), newNumber(), newNumber()];
  const json = { 'content-type': 'application/json' };
  const session = await fetch(`${centre.service.url}/api/session`, { method: 'POST', headers: json, body: JSON.stringify({ agent: '2001', password: centre.runtime.secrets.agents['2001']?.web }) });
  const { token } = (await session.json()) as { token: string };
  const order = async (what: string, body: object = {}): Promise<number> =>
    (await fetch(`${centre.service.url}/api/live/queues/billing/${what}`, { method: 'POST', headers: { ...json, authorization: `Bearer ${token}` }, body: JSON.stringify(body) })).status;
  const calls = async (ani: string): Promise<Phone> => {
    const phone = await centre.caller(ani);
    await phone.dial(straightIn);
    return phone;
  };
  const first = await calls(waits);
  const { contact } = await watch.contact(waits, ({ status }) => status === 'waiting');
  expect(await order('close', { reason: 'fire drill', waiting: 'leave' })).toBe(204);
  const second = await calls(comes);
  for (const phone of [first, second]) {
    await hears(phone, 'queue-closed');
    await phone.waitFor('closed');
  }
  expect([await order('close'), await order('reopen')]).toEqual([409, 204]);
  const third = await calls(later);
  await watch.contact(later, ({ status }) => status === 'waiting');
  await third.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'flow-ended', during: 'flow' });
  expect(story.events.flatMap(({ event }) => (event.type === 'contact-left-queue' ? [[event.because, event.by, event.note]] : []))).toEqual([['closed', '2001', 'fire drill']]);
  const { contact: turnedAway } = await watch.contact(comes);
  expect((await centre.ended(turnedAway)).events.flatMap(({ event }) => (event.type === 'contact-turned-away' ? [[event.reason, event.by]] : []))).toEqual([['closed', '2001']]);
  await watch.empty();
}, 60_000);
