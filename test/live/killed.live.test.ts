// The service dies while callers are everywhere in it. Asterisk holds the calls, Redis the state; nobody is cut off.

import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../../runtime/desktop.ts';
import type { Phone } from '../../runtime/phone.ts';
import { startService, type Service } from '../../runtime/service.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { until } from '../../runtime/until.ts';
import type { JournalEvent } from '../../src/acd/messages.ts';
import { recordings } from '../../src/store/recordings.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { hearsSomething } from '../support/hears-something.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { storedCentre, type StoredCentre } from '../support/stored-centre.ts';
import { straight, straightLines } from '../support/straight-lines.ts';
import { expectWhole } from '../support/whole-story.ts';

const tones = { caller: 1850, agent: 1370 } as const;
const { low, middle, high } = straight;

let configDir: string;
let centre: LiveCentre;
let redis: Redis;
/** The one that runs now, in the place of the one that was killed. */
let service: Service;
const callers: Phone[] = [];

beforeAll(async () => {
  configDir = await straightLines();
  centre = await startLiveCentre({ configDir });
  service = centre.service;
  redis = new Redis(centre.runtime.redisUrl);
});

afterEach(async () => {
  await atHome();
  await Promise.all(callers.splice(0).map((phone) => phone.stop()));
  for (const agent of Object.keys((await stored()).agents)) await leave(agent);
  await until(async () => ((await centre.channels()).length === 0 ? true : undefined), { limitMs: 10_000, what: 'no channel is left' });
  expect(await centre.bridges()).toEqual([]);
});

afterAll(async () => {
  redis?.disconnect();
  await service?.stop();
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

const stored = (): Promise<StoredCentre> => storedCentre(redis, centre.config.centre.id, makeSeal(centre.runtime.secrets.storeKey));
const startAgain = (supervise: boolean): Promise<Service> =>
  startService({ runtime: centre.runtime, configDir, lang: 'en', supervise, httpPort: Number(new URL(centre.service.url).port), name: 'service-again' });

async function dials(number: string, from: string): Promise<Phone> {
  const phone = await centre.caller(from, { tone: tones.caller });
  callers.push(phone);
  await phone.dial(number);
  return phone;
}

async function called(number: string, from: string): Promise<Phone> {
  const phone = await dials(number, from);
  await phone.waitFor('established');
  return phone;
}

/** Calls are taken before desktops are: the web port is opened last. */
const atHome = (): Promise<true> =>
  until(async () => (await fetch(`${service.url}/health/ready`).then(({ ok }) => ok, () => false)) || undefined, { limitMs: 20_000, what: 'the service ready again' });

/** Nobody is left over for the next test's callers. */
async function leave(agent: string): Promise<void> {
  if ((await stored()).agents[agent]?.status === 'offline') return;
  const desktop = await centre.desktop(agent);
  await desktop.command({ type: 'sign-out' });
  await desktop.close();
}

/** Callers come one after the other, so that their order is known. */
async function inLine(calls: readonly (readonly [from: string, number: string])[]): Promise<Phone[]> {
  const phones: Phone[] = [];
  for (const [from, number] of calls) {
    phones.push(await called(number, from));
    await waiting(from);
  }
  return phones;
}

const waiting = (from: string, limitMs?: number): Promise<true> => inState(from, 'waiting', limitMs);
const inState = (from: string, status: string, limitMs = 10_000): Promise<true> =>
  until(async () => ((await stored()).callers.get(from)?.state.status === status ? true : undefined), { limitMs, what: `${from} is ${status}` });

/** What must be the same before and after: where everybody stands, since when and how urgent. */
function standing({ callers, agents, lines }: StoredCentre) {
  return { lines, agents, callers: Object.fromEntries([...callers].map(([from, { arrivedAt, state }]) => [from, { arrivedAt, state: state.status === 'in-flow' ? state.status : state }])) };
}

/** The phone is rung for each caller in turn; answers, and hangs up again. */
async function serve(phone: Phone, desktop: Desktop, count: number): Promise<string[]> {
  const served: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { peer } = await phone.waitFor('incoming', 30_000);
    served.push(/sip:([^@]*)@/.exec(peer)?.[1] ?? peer);
    const seen = desktop.heard.length;
    await rm(phone.received(), { force: true });
    await phone.answer();
    await until(() => desktop.heard.slice(seen).find(({ message }) => message.type === 'my-state' && message.me.presence.status === 'talking'), { limitMs: 10_000, what: 'the talk' });
    await hearsSomething(phone);
    if (n === count - 1) await desktop.command({ type: 'pause', reason: 'rest' });
    await desktop.command({ type: 'hang-up' });
  }
  return served;
}

async function journal(): Promise<JournalEvent[]> {
  const entries = await redis.xrange(redisKeys(centre.config.centre.id).journal, '-', '+');
  return entries.map(([id, fields]) => ({ id, event: JSON.parse(fields[1] ?? '') as JournalEvent['event'] }));
}

/** As a supervisor sees it who signs in now. */
async function closedQueues(): Promise<readonly string[]> {
  const desktop = await centre.desktop('2001');
  const snapshot = desktop.heard.flatMap(({ message }) => (message.type === 'snapshot' ? [message] : [])).at(-1);
  await desktop.close();
  return snapshot?.queues.flatMap(({ queue, closed }) => (closed?.by === '2001' ? [`${queue} ${closed.reason}`] : [])) ?? [];
}

/** From the death to the first of these decisions that a later owner made, by the journal's own times. */
async function decidedAfter(killedAt: number, type: JournalEvent['event']['type']): Promise<number> {
  const found = await until(async () => (await journal()).find(({ event }) => event.type === type && event.at > killedAt), { limitMs: 20_000, what: `${type} after the death` });
  return found.event.at - killedAt;
}

test('killed with callers talking, ringing, in the menu and in line: all of them are served, in their order', async () => {
  const talker = await called(low, '13900000001');
  const first = await centre.readyAgent('1001', { tone: tones.agent });
  await first.phone.waitFor('incoming');
  await first.phone.answer();
  await first.desktop.waitFor('my-state', ({ me }) => me.presence.status === 'talking');
  const ringing = await called(low, '13900000002');
  const second = await centre.readyAgent('1002', { tone: tones.agent });
  await second.phone.waitFor('incoming');
  const line = await inLine([['13900000003', low], ['13900000004', middle], ['13900000005', low], ['13900000006', high], ['13900000007', middle], ['13900000008', low]]);
  const menu = await called('4000', '13900000009');
  await until(async () => ((await stored()).callers.get('13900000009')?.path.some(({ node }) => node === 'hours') ? true : undefined), { limitMs: 15_000, what: 'the menu' });
  const before = await stored();
  const contactOf = new Map([...before.callers].map(([from, { id }]) => [from, id]));

  await service.kill('SIGKILL');
  const killedAt = Date.now();
  await dials(low, '13900000010');
  service = await startAgain(true);
  await waiting('13900000010');
  const after = await stored();
  const atOnce = await decidedAfter(killedAt, 'switch-changed');
  console.log(`killed: ${service.readyMs.toFixed(0)} ms to start again, ${atOnce} ms from the death to the first decision`);

  const { '13900000010': newcomer, ...others } = standing(after).callers;
  expect(newcomer).toMatchObject({ state: { status: 'waiting', priority: 0 } });
  expect(others).toEqual(standing(before).callers);
  expect(after.agents).toEqual(before.agents);
  expect(after.lines).toEqual({ ...before.lines, general: ['13900000006', '13900000004', '13900000007', '13900000002', '13900000003', '13900000005', '13900000008', '13900000010'] });
  const everybody = [talker, ringing, ...line, menu, first.phone, second.phone];
  expect(everybody.filter((phone) => phone.pending('closed')).map(({ user }) => user)).toEqual([]);

  // The menu goes on where it was, and its key is understood.
  await menu.sendKeys('1');
  await waiting('13900000009');
  // The phone that rang rings on for the same caller, and is answered.
  const desktop = await centre.desktop('1002');
  expect(second.phone.pending('incoming')).toBe(false);
  await second.phone.answer();
  await desktop.waitFor('my-state', ({ me }) => me.presence.status === 'talking');
  await inState('13900000002', 'connected');
  await desktop.command({ type: 'hang-up' });
  expect(await serve(second.phone, desktop, 8)).toEqual(['13900000006', '13900000004', '13900000007', '13900000003', '13900000005', '13900000008', '13900000010', '13900000009']);

  const talkedMs = Date.now() - ((after.callers.get('13900000001')?.state as { connectedAt?: number }).connectedAt ?? 0);
  await talker.hangUp();
  await first.phone.waitFor('closed');
  contactOf.set('13900000010', after.callers.get('13900000010')?.id as never);
  const stories = await Promise.all([...contactOf.values()].map((id) => centre.ended(id)));
  stories.forEach(expectWhole);
  expect(stories.map(({ connectedAt }) => connectedAt === null)).toEqual(stories.map(() => false));

  // The talk was not touched: one recording over the whole of it, and both heard each other throughout.
  const talk = stories.find(({ ani }) => ani === '13900000001');
  expect(talk?.recordings).toHaveLength(1);
  const recording = await until(async () => {
    const row = await recordings(centre.db, { centre: centre.config.centre.id }).find(talk?.recordings[0] ?? '');
    return row?.status === 'finalised' ? row : undefined;
  }, { limitMs: 15_000, what: 'the recording' });
  expect(recording.durationMs).toBeGreaterThan(talkedMs - 1_000);
  expect(toneSeconds(await talker.receivedWav(), 0, tones.agent)).toBeGreaterThan(talkedMs / 1_000 - 4);
  expect(toneSeconds(await first.phone.receivedWav(), 0, tones.caller)).toBeGreaterThan(talkedMs / 1_000 - 4);
}, 90_000);

test('a phone that was turned away while nobody was there rings again as soon as somebody is; a closed queue stays closed', async () => {
  const supervisor = await centre.desktop('2001');
  await supervisor.command({ type: 'close-queue', queue: 'faults', reason: 'fire drill' });
  await supervisor.close();
  const caller = await called(low, '13900000021');
  const { phone } = await centre.readyAgent('1003');
  await phone.waitFor('incoming');
  const contact = (await stored()).callers.get('13900000021')?.id ?? '';

  const killedAt = Date.now();
  await service.kill('SIGKILL');
  await phone.hangUp();
  await phone.waitFor('closed');
  // Nobody starts it again: its keeper does.
  await phone.waitFor('incoming', 20_000);
  console.log(`killed: ${await decidedAfter(killedAt, 'offer-made')} ms from the death to the next offer`);
  await phone.answer();
  await inState('13900000021', 'connected');
  await caller.hangUp();
  await phone.waitFor('closed');
  const story = await centre.ended(contact);
  expectWhole(story);
  expect(story.offers.map(({ outcome }) => outcome)).toEqual(['lost', 'accepted']);
  await atHome();
  expect(await closedQueues()).toEqual(['faults fire drill']);
}, 60_000);

test('told to stop and started again: the talk goes on, who waits keeps waiting, who calls meanwhile is taken', async () => {
  const talker = await called(low, '13900000031');
  const { phone, desktop } = await centre.readyAgent('1003', { tone: tones.agent });
  await phone.waitFor('incoming');
  await phone.answer();
  await desktop.waitFor('my-state', ({ me }) => me.presence.status === 'talking');
  const [waits] = await inLine([['13900000032', low]]);
  const before = await stored();

  await service.stop();
  const meanwhile = await dials(high, '13900000033');
  // The dialplan has taken the call: the apology is heard.
  await meanwhile.waitFor('established');
  service = await startAgain(true);
  // The apology is said to its end, in both languages.
  await waiting('13900000033', 40_000);
  const after = await stored();
  expect(standing(after).callers).toMatchObject(standing(before).callers);
  expect(after.agents).toEqual(before.agents);
  expect([talker, waits, meanwhile, phone].map((one) => one?.pending('closed'))).toEqual([false, false, false, false]);

  const again = await centre.desktop('1003');
  await again.command({ type: 'hang-up' });
  expect(await serve(phone, again, 2)).toEqual(['13900000033', '13900000032']);
  for (const { id } of after.callers.values()) expectWhole(await centre.ended(id));
}, 90_000);

test('Redis emptied and the service killed: the line is made again from the tickets on the channels', async () => {
  const line = await inLine([['13900000041', low], ['13900000042', middle], ['13900000043', high], ['13900000044', low]]);
  const before = await stored();

  await service.kill('SIGKILL');
  await redis.flushall();
  await waiting('13900000044');
  await until(async () => ((await stored()).lines['general']?.length === 4 ? true : undefined), { limitMs: 5_000, what: 'four in line' });
  const after = await stored();
  expect(after.lines['general']).toEqual(before.lines['general']);
  for (const [from, { id, arrivedAt, state }] of after.callers) {
    const was = before.callers.get(from);
    expect({ id, arrivedAt, queuedAt: (state as { queuedAt?: number }).queuedAt }).toEqual({ id: was?.id, arrivedAt: was?.arrivedAt, queuedAt: (was?.state as { queuedAt?: number }).queuedAt });
  }
  expect(line.map((phone) => phone.pending('closed'))).toEqual([false, false, false, false]);

  await atHome();
  expect(await closedQueues()).toEqual(['faults fire drill']);
  const { phone, desktop } = await centre.readyAgent('1004');
  expect(await serve(phone, desktop, 4)).toEqual(['13900000043', '13900000042', '13900000041', '13900000044']);
  await Promise.all([...after.callers.values()].map(({ id }) => centre.ended(id)));
}, 60_000);
