// What agents' phones do to a waiting caller, and what agents do from the desktop. The callers are baresip phones, the
// agents' phones are too, but for the odd ones, which SIPp plays. And all phones ringing at once, one that answers by itself
// and hears a whisper, and a mobile on which 1 is pressed.

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../../runtime/desktop.ts';
import type { Phone, PhoneOptions } from '../../runtime/phone.ts';
import { findSound } from '../../runtime/likeness.ts';
import { toneBlocks, toneSeconds } from '../../runtime/tone.ts';
import { decodeWav } from '../../runtime/wav.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { oddPhone } from '../support/odd-phone.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, expectRecordings, free, is, newNumber, watchCentre, type Watch } from '../support/watch.ts';

type AgentNumber = (typeof agents)[number];
const agents = ['1001', '1002', '1003', '1004', '1005'] as const;
const [allPhones, toMobile] = ['4101', '4102'];
const tones = { caller: 1850, agent: 1370, beep: 1000 } as const;
const desktops = new Map<string, Desktop>();
let phones: { stop(): Promise<unknown> }[] = [];
let centre: LiveCentre;
let watch: Watch;
let configDir: string;

beforeAll(async () => {
  configDir = await quickConfig({
    'centre.yaml': { [`numbers/${allPhones}`]: 'all-phones', [`numbers/${toMobile}`]: 'to-mobile' },
    'queues.yaml': { 'faults/strategy': 'ring-all', 'faults/wrapUp/time': '100ms' },
    'agents.yaml': { '1004/autoAnswer': true, '1005/mobile': { number: '2001' } },
  }, { 'all-phones': 'start: line\nnodes:\n  line: { queue: faults }\n', 'to-mobile': 'start: line\nnodes:\n  line: { queue: general }\n' });
  centre = await startLiveCentre({ configDir });
  watch = await watchCentre(centre);
  for (const agent of agents) desktops.set(agent, await centre.desktop(agent));
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
  for (const desktop of desktops.values()) await desktop.command({ type: 'pause', reason: 'rest' }).catch(() => undefined);
  await watch.empty();
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

function desk(agent: AgentNumber): Desktop {
  const desktop = desktops.get(agent);
  if (desktop === undefined) throw new Error(`no desktop of ${agent}`);
  return desktop;
}

async function phoneOf(agent: AgentNumber, more: Partial<PhoneOptions> = {}): Promise<Phone> {
  const phone = await centre.agentPhone(agent, { tone: tones.agent, ...more });
  phones.push(phone);
  return phone;
}

/** Ready, and the phone known to Asterisk. */
async function ready(agent: AgentNumber): Promise<void> {
  await desk(agent).command({ type: 'make-ready' });
  await watch.agent(agent, free);
}

async function call(number = straightIn): Promise<{ caller: Phone; ani: string; contact: string }> {
  const ani = newNumber();
  const caller = await centre.caller(ani, { tone: tones.caller });
  phones.push(caller);
  await caller.dial(number);
  const { contact } = await watch.contact(ani, ({ status }) => status === 'waiting' || status === 'offered');
  await caller.waitFor('established');
  return { caller, ani, contact };
}

const connectedTo = (ani: string, agent: AgentNumber, limitMs?: number) => watch.contact(ani, (contact) => contact.status === 'connected' && contact.agent === agent, limitMs);

async function callerHangsUp({ caller, contact }: { caller: Phone; contact: string }, during = 'talk') {
  await caller.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during });
  return story;
}

async function hears(phone: Phone, name: string): Promise<void> {
  const folder = join(centre.runtime.soundsDir, 'rexian/zh');
  const file = (await readdir(folder)).find((one) => one.startsWith(`${name}-`) && one.endsWith('.wav'));
  const sound = decodeWav(await readFile(join(folder, file ?? name)));
  await expect.poll(async () => findSound(sound, await phone.receivedWav()).likeness, { timeout: 8_000, interval: 200 }).toBeGreaterThan(0.75);
}

const hearsTone = (phone: Phone, tone: number) => expect.poll(async () => toneSeconds(await phone.receivedWav(), 0, tone), { timeout: 5_000 }).toBeGreaterThan(0.3);

test('all phones ring at once: one has the caller, the others stop and are free; so it is where both answer', async () => {
  const [one, other] = [await phoneOf('1002'), await phoneOf('1003')];
  for (const agent of ['1002', '1003'] as const) await ready(agent);
  const first = await call(allPhones);
  await Promise.all([one.waitFor('incoming'), other.waitFor('incoming')]);
  await other.answer();
  await one.waitFor('closed');
  await connectedTo(first.ani, '1003');
  await watch.agent('1002', free);
  await hearsTone(other, tones.caller);
  expect((await callerHangsUp(first)).offers.map(({ agent, outcome }) => `${agent} ${outcome}`).sort()).toEqual(['1002 answered-elsewhere', '1003 accepted']);
  await other.waitFor('closed');
  await watch.agent('1003', free);
  const second = await call(allPhones);
  await Promise.all([one.waitFor('incoming'), other.waitFor('incoming')]);
  await Promise.all([one.answer(), other.answer()]);
  const { agent } = await watch.contact(second.ani, ({ status }) => status === 'connected');
  await watch.agent(agent === '1002' ? '1003' : '1002', free);
  expect((await callerHangsUp(second)).offers.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'answered-elsewhere']);
});

test('a headset phone answers by itself, and its agent hears whom it is for before the caller is there', async () => {
  const phone = await phoneOf('1004', { answer: 'when-told' });
  await ready('1004');
  const one = await call();
  await phone.waitFor('established');
  await hears(phone, 'queue-name-billing');
  expect(toneSeconds(await phone.receivedWav(), 0, tones.beep)).toBeGreaterThanOrEqual(0.1);
  await connectedTo(one.ani, '1004');
  await hearsTone(phone, tones.caller);
  await hearsTone(one.caller, tones.agent);
  const { events } = await callerHangsUp(one);
  const at = (type: string): number => events.find(({ event }) => event.type === type)?.event.at ?? 0;
  expect(at('contact-connected') - at('offer-answered')).toBeGreaterThan(500);
  expect(at('contact-connected') - at('offer-answered')).toBeLessThan(6_000);
});

test('a mobile is answered, and only 1 takes the caller', async () => {
  const mobile = await centre.agentPhone('2001', { tone: tones.agent });
  phones.push(mobile);
  await desk('1005').command({ type: 'make-ready' });
  const one = await call(toMobile);
  await mobile.waitFor('incoming');
  await mobile.answer();
  await hears(mobile, 'press-1');
  await mobile.sendKeys('5');
  await watch.agent('1005', is('offered'));
  await mobile.sendKeys('1');
  await connectedTo(one.ani, '1005');
  await hearsTone(mobile, tones.caller);
  await callerHangsUp(one);
});

test('busy: the next agent gets the caller, and the busy one is tried again later', async () => {
  phones.push(await oddPhone(centre, '1001', 'busy'));
  await ready('1001');
  const one = await call();
  // At once, and again after each back-off, for nobody else is there.
  await expect.poll(async () => (await centre.contacts.find(one.contact))?.offers.map(({ agent, outcome }) => `${agent} ${outcome}`).slice(0, 2), { timeout: 8_000 }).toEqual(['1001 busy', '1001 busy']);
  await watch.agent('1001', is('ready'));
  await phoneOf('1002', { answer: 'auto' });
  await desk('1002').command({ type: 'make-ready' });
  await connectedTo(one.ani, '1002');
  const story = await callerHangsUp(one);
  expect(story.offers.at(-1)).toMatchObject({ agent: '1002', outcome: 'accepted' });
});

test('turned away on the phone: the agent is paused as rejected, the next one gets the caller', async () => {
  phones.push(await oddPhone(centre, '1001', 'rejects'));
  await ready('1001');
  await phoneOf('1002', { answer: 'auto' });
  const one = await call();
  await watch.agent('1001', ({ presence }) => presence.status === 'paused' && presence.reason === 'rejected');
  await desk('1002').command({ type: 'make-ready' });
  await connectedTo(one.ani, '1002');
  const story = await callerHangsUp(one);
  expect(story.offers.map(({ agent, outcome }) => ({ agent, outcome }))).toEqual([{ agent: '1001', outcome: 'rejected' }, { agent: '1002', outcome: 'accepted' }]);
});

test('not registered: never rung, and rung as soon as the phone is there', async () => {
  await watch.agent('1002', ({ device }) => device === 'unreachable');
  await desk('1002').command({ type: 'make-ready' });
  const one = await call();
  await watch.contact(one.ani, ({ status }) => status === 'waiting');
  await phoneOf('1002', { answer: 'auto' });
  await connectedTo(one.ani, '1002');
  const story = await callerHangsUp(one);
  expect(story.offers.map(({ outcome }) => outcome)).toEqual(['accepted']);
});

test('never answered: paused as missed, and the caller keeps the place before one who came later', async () => {
  const deaf = await phoneOf('1001');
  const other = await phoneOf('1002', { answer: 'auto' });
  await ready('1001');
  const first = await call();
  await deaf.waitFor('incoming');
  const second = await call();
  await watch.agent('1001', ({ presence }) => presence.status === 'paused' && presence.reason === 'missed');
  await deaf.waitFor('closed');
  await desk('1002').command({ type: 'make-ready' });
  await connectedTo(first.ani, '1002');
  const [story] = [await callerHangsUp(first)];
  expect(story.offers.map(({ agent, outcome }) => ({ agent, outcome }))).toEqual([{ agent: '1001', outcome: 'no-answer' }, { agent: '1002', outcome: 'accepted' }]);
  await connectedTo(second.ani, '1002');
  await callerHangsUp(second);
  await other.waitFor('closed');
});

test('answers after the caller left: the phone is hung up and the agent is free', async () => {
  const late = await oddPhone(centre, '1001', 'answers-too-late');
  phones.push(late);
  await ready('1001');
  const one = await call();
  await expect.poll(async () => (await centre.contacts.find(one.contact))?.offers[0]?.rang_at ?? null, { timeout: 5_000 }).not.toBeNull();
  const story = await callerHangsUp(one, 'queue');
  expect(story.offers.map(({ outcome }) => outcome)).toEqual(['withdrawn']);
  await expect.poll(late.said, { timeout: 5_000 }).toContain('hung up by the other side');
  await watch.agent('1001', free);
});

test('power cut in the middle of a talk: the caller goes back in line and to another agent', async () => {
  const phone = await phoneOf('1001', { answer: 'auto' });
  await ready('1001');
  const one = await call();
  await connectedTo(one.ani, '1001');
  await phone.kill();
  await desk('1001').command({ type: 'pause', reason: 'rest' });
  const other = await phoneOf('1002', { answer: 'auto' });
  await desk('1002').command({ type: 'make-ready' });
  await connectedTo(one.ani, '1002', 40_000);
  await expect.poll(async () => toneSeconds(await other.receivedWav(), 0, tones.caller), { timeout: 10_000 }).toBeGreaterThan(1);
  const story = await callerHangsUp(one);
  expect(story.events.flatMap(({ event }) => (event.type === 'contact-requeued' ? [event.because] : []))).toEqual(['agent-lost']);
  await watch.agent('1001', is('paused'));
  await expectRecordings(centre, story);
}, 60_000);

test('answered from the desktop: the phone is asked by NOTIFY, and one that knows it answers', async () => {
  const phone = await oddPhone(centre, '1001', 'answers-when-asked');
  phones.push(phone);
  await desk('1001').waitFor('my-state', ({ me }) => me.remoteAnswer);
  await ready('1001');
  const one = await call();
  await watch.agent('1001', is('offered'));
  await expect.poll(async () => (await centre.contacts.find(one.contact))?.offers[0]?.rang_at ?? null, { timeout: 5_000 }).not.toBeNull();
  await desk('1001').command({ type: 'answer' });
  await connectedTo(one.ani, '1001');
  expect(await phone.said()).toContain('asked to talk');
  await callerHangsUp(one);
});

// baresip answers 481, at which Asterisk ends the dialog, as RFC 3261 12.2.1.2 wants it: asked, it would drop the call.
test('a phone that does not know the NOTIFY is not sent it: the desktop is told why, and the phone rings on', async () => {
  const phone = await phoneOf('1001');
  // The phone before this one did know it, and Asterisk is asked what registered a moment after it did.
  await expect.poll(() => desk('1001').heard.flatMap(({ message }) => (message.type === 'my-state' ? [message.me.remoteAnswer] : [])).at(-1), { timeout: 5_000 }).toBe(false);
  await ready('1001');
  const one = await call();
  await phone.waitFor('incoming');
  await expect(desk('1001').command({ type: 'answer' })).rejects.toThrow(/answer it on the phone/);
  await phone.answer();
  await connectedTo(one.ani, '1001');
  const story = await callerHangsUp(one);
  expect(story.offers.map(({ outcome }) => outcome)).toEqual(['accepted']);
});

test('the desktop hangs up, sums up and goes on a pause asked for in the talk', async () => {
  const phone = await phoneOf('1001', { answer: 'auto' });
  await ready('1001');
  const one = await call();
  await connectedTo(one.ani, '1001');
  const { contact } = one;
  await desk('1001').command({ type: 'pause', reason: 'lunch' });
  await expect(desk('1001').command({ type: 'pause', reason: 'no-such-reason' })).rejects.toThrow(/pause/);
  await desk('1001').command({ type: 'dispose', contact, disposition: { code: 'solved', note: '已核对' } });
  await expect(desk('1001').command({ type: 'dispose', contact, disposition: { code: 'no-such-code', note: '' } })).rejects.toThrow(/dispose/);
  await desk('1001').command({ type: 'hang-up' });
  await Promise.all([phone.waitFor('closed'), one.caller.waitFor('closed')]);
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'agent-hung-up', during: 'talk' });
  await watch.agent('1001', ({ presence }) => presence.status === 'paused' && presence.reason === 'lunch');
  await expect.poll(async () => (await centre.contacts.find(contact))?.disposition).toEqual({ code: 'solved', note: '已核对' });
});

test('hung up on the agent’s phone', async () => {
  const phone = await phoneOf('1001', { answer: 'auto' });
  await ready('1001');
  const one = await call();
  await connectedTo(one.ani, '1001');
  await phone.waitFor('established');
  await phone.hangUp();
  await one.caller.waitFor('closed');
  expectOneEnd(await centre.ended(one.contact), { reason: 'agent-hung-up', during: 'talk' });
  await watch.agent('1001', free);
});

test('another agent’s command is refused, and the call goes on', async () => {
  await phoneOf('1001', { answer: 'auto' });
  await ready('1001');
  const one = await call();
  await connectedTo(one.ani, '1001');
  // The desktop's own type leaves the agent out; a forged message would not.
  const forged = { type: 'hang-up', agent: '1001' } as { type: 'hang-up' };
  await expect(desk('1002').command(forged)).rejects.toThrow(/hang-up/);
  await watch.agent('1001', is('talking'));
  await callerHangsUp(one);
});

test('a paused recording is silent for as long as it is paused', async () => {
  const phone = await phoneOf('1001', { answer: 'auto' });
  await ready('1001');
  const one = await call();
  await connectedTo(one.ani, '1001');
  await phone.waitFor('established');
  const heard = async (seconds: number): Promise<void> => {
    const samples = async (): Promise<number> => (await one.caller.receivedWav().catch(() => undefined))?.channels[0]?.length ?? 0;
    const before = await samples();
    await expect.poll(async () => (await samples()) - before, { timeout: 10_000 }).toBeGreaterThan(seconds * 8_000);
  };
  // The number is read first; then the tones are alone.
  await heard(4);
  await desk('1001').command({ type: 'pause-recording' });
  await expect(desk('1001').command({ type: 'pause-recording' })).rejects.toThrow(/pause-recording/);
  await heard(2);
  await desk('1001').command({ type: 'resume-recording' });
  await heard(2);
  const story = await callerHangsUp(one);
  const [path] = await expectRecordings(centre, story);
  const wav = decodeWav(await readFile(join(centre.runtime.recordingsDir, path ?? '')));
  for (const [channel, hz] of [[0, tones.caller], [1, tones.agent]] as const) {
    // From after the number, which drowned the agent's tone, to the last sound.
    const there = toneBlocks(wav, channel, hz).map((power) => power > 1e-4);
    const runs = there.slice(35, there.lastIndexOf(true)).map((on) => (on ? '+' : '-')).join('').split('+').map((run) => run.length);
    // About two seconds are silent, all in one piece.
    expect(Math.max(...runs), `channel ${channel}`).toBeGreaterThan(15);
    expect(Math.max(...runs), `channel ${channel}`).toBeLessThan(30);
    expect(runs.filter((run) => run > 5), `channel ${channel}`).toHaveLength(1);
  }
  expect(wav.channels[0]?.length ?? 0).toBeGreaterThan(7 * 8_000);
});
