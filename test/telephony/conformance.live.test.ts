// The port on a real Asterisk with real phones, the same for each of the three ways to connect.

import { mkdir, mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Runtime } from '../../runtime/centre.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { startPhone, type Phone } from '../../runtime/phone.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { until } from '../../runtime/until.ts';
import { encodeWav, type Wav } from '../../runtime/wav.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { agentId, legId } from '../../src/base/ids.ts';
import type { AgentId, LegId } from '../../src/base/ids.ts';
import { makeLog } from '../../src/base/log.ts';
import { connectTelephony } from '../../src/telephony/asterisk.ts';
import type { AsteriskOptions, AsteriskTelephony } from '../../src/telephony/asterisk-port.ts';
import { agentLeg, bridgeOf, contactOfCaller, playOf, recordingOf, transferLeg } from '../../src/telephony/ids.ts';
import type { Media, Order } from '../../src/telephony/port.ts';
import { startRuntime } from '../support/start-runtime.ts';
import { SeenFacts } from './support/seen-facts.ts';

const agents = ['1001', '1002'].map(agentId);
const [first, unregistered] = agents as [AgentId, AgentId];
const callerHz = 500;
const agentHz = 1_000;
const promptHz = 1_800;

let runtime: Runtime;
let folder: string;
let caller: Phone;
let phone: Phone;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-telephony-'));
  const { databaseUrl, redisUrl } = inject('runtime');
  // One service per Asterisk: this one is ours alone.
  runtime = await startRuntime({
    stateDir: join(folder, 'state'), agents, durable: false,
    environment: { ...readEnvironment(), databaseUrl, redisUrl },
  });
  await mkdir(join(folder, 'sounds'));
  await writeFile(join(folder, 'sounds/short.wav'), tone(promptHz, 0.5));
  await writeFile(join(folder, 'sounds/long.wav'), tone(promptHz, 4));
  const server = { host: runtime.sipHost, port: runtime.sipPort };
  const programs = runtime.programs;
  caller = await startPhone({ programs, folder: join(folder, 'caller'), user: '13912345678', server, tone: callerHz });
  phone = await startPhone({ programs, folder: join(folder, 'phone'), user: first, password: runtime.secrets.agents[first]?.sip ?? '', server, tone: agentHz });
  await phone.waitFor('registered');
});

afterAll(async () => {
  await caller?.stop();
  await phone?.stop();
  await runtime?.stop();
  await rm(folder, { recursive: true, force: true });
});

// Before the others: an application that another client has served is lost to Asterisk's outbound connection.
test('outbound: a port in use ends the start with its number', async () => {
  const options = optionsFor('outbound');
  const telephony = connectTelephony(options);
  await telephony.start(() => undefined);
  await expect(connectTelephony(options).start(() => undefined)).rejects.toThrow(new RegExp(String(runtime.ariListen.port)));
  await telephony.stop();
});

describe.each(['outbound', 'inbound', 'ari-client'] as const)('%s', (connection) => {
  let telephony: AsteriskTelephony;
  let facts: SeenFacts;
  let leg: LegId;

  const start = async (changes: Partial<AsteriskOptions> = {}): Promise<void> => {
    facts = new SeenFacts();
    telephony = connectTelephony({ ...optionsFor(connection), ...changes });
    await telephony.start(facts.post);
  };
  const send = (...orders: Order[]): void => telephony.send(orders);

  beforeEach(() => start());
  afterEach(async () => {
    for (const one of [caller, phone]) await one.hangUp().catch(() => undefined);
    await until(async () => ((await channels()) === 0 ? true : undefined), { limitMs: 5_000, what: 'no channel is left' });
    await telephony.stop();
  });

  /** The caller dials, and is claimed and answered. */
  async function arrive(): Promise<LegId> {
    await caller.dial('4000');
    const arrived = await facts.wait('call-arrived');
    leg = arrived.leg;
    send({ type: 'claim', leg }, { type: 'answer', leg });
    await caller.waitFor('established');
    return leg;
  }

  async function answered(n: number): Promise<LegId> {
    const to = agentLeg(contactOfCaller(leg), n);
    send({ type: 'ring', leg: to, to: { kind: 'agent', agent: first }, caller: '13912345678', contact: contactOfCaller(leg), timeoutMs: 20_000 });
    await phone.waitFor('incoming');
    await facts.wait('leg-ringing', (fact) => fact.leg === to);
    await phone.answer();
    await facts.wait('leg-up', (fact) => fact.leg === to);
    return to;
  }

  const play = (to: LegId, name: string | number, sound: string): Order => ({ type: 'play', leg: to, play: playOf(contactOfCaller(leg), name), media: [prompt(sound)] });

  test('the first fact is what exists, with the devices', () => {
    expect(facts.all[0]).toMatchObject({ type: 'switch-seen', legs: [], bridges: [] });
    const [seen] = facts.of('switch-seen');
    expect(seen?.devices).toContainEqual({ agent: first, device: 'idle', remoteAnswer: false });
    expect(seen?.devices).toContainEqual({ agent: unregistered, device: 'unreachable', remoteAnswer: false });
    expect(seen?.startedAt).toBeGreaterThan(Date.now() - 600_000);
  });

  test('a caller arrives, hears a prompt, presses keys, hangs up', async () => {
    await caller.dial('4000');
    const arrived = await facts.wait('call-arrived');
    leg = arrived.leg;
    expect(arrived).toMatchObject({ ani: '13912345678', dnis: '4000', contact: contactOfCaller(leg) });
    expect(Math.abs(arrived.at - Date.now())).toBeLessThan(2_000);
    send({ type: 'claim', leg }, { type: 'answer', leg }, play(leg, 1, 'short'));
    expect(await facts.wait('play-ended')).toMatchObject({ leg, play: playOf(contactOfCaller(leg), 1), outcome: 'finished' });
    await caller.sendKeys('1#');
    await facts.wait('key-pressed', ({ key }) => key === '#');
    expect(facts.of('key-pressed').map(({ key }) => key)).toEqual(['1', '#']);
    await caller.hangUp();
    expect(await facts.wait('leg-down')).toMatchObject({ leg, end: 'hung-up' });
    expect(toneSeconds(await received(caller), 0, promptHz)).toBeGreaterThanOrEqual(0.3);
    expect(facts.of('order-failed')).toEqual([]);
  });

  test('a prompt is stopped; a sound that does not exist fails; the same play given twice is played once', async () => {
    await arrive();
    send(play(leg, 1, 'long'), play(leg, 1, 'long'));
    await caller.sendKeys('5');
    await facts.wait('key-pressed');
    send({ type: 'stop-play', leg, play: playOf(contactOfCaller(leg), 1) });
    expect(await facts.wait('play-ended')).toMatchObject({ outcome: 'stopped' });
    send(play(leg, 2, 'not-there'));
    expect(await facts.wait('play-ended', ({ play: id }) => id === playOf(contactOfCaller(leg), 2))).toMatchObject({ outcome: 'failed' });
    expect(facts.of('play-ended')).toHaveLength(2);
  });

  test('no order waits for a sound to end', async () => {
    await arrive();
    send(play(leg, 1, 'long'));
    await facts.wait('key-pressed', () => true, 1).catch(() => undefined);
    const before = performance.now();
    send({ type: 'write-ticket', leg, ticket: ticketOf(leg) }, { type: 'claim', leg }, { type: 'answer', leg });
    send({ type: 'stop-play', leg, play: playOf(contactOfCaller(leg), 1) });
    await facts.wait('play-ended');
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test('music is heard again after a prompt', async () => {
    await arrive();
    send({ type: 'start-music', leg, music: 'default' }, play(leg, 1, 'short'));
    await facts.wait('play-ended');
    const dumped = async (): Promise<number> => (await received(caller)).channels[0]?.length ?? 0;
    const then = await dumped();
    // Without music there is only what the phone makes of silence.
    await until(async () => ((await dumped()) > then + 12_000 ? true : undefined), { limitMs: 5_000, what: 'two more seconds are heard' });
    const later = (await received(caller)).channels[0]?.subarray(then + 4_000) ?? [];
    expect(Math.max(...later)).toBeGreaterThan(0.01);
    send({ type: 'stop-music', leg });
    await caller.hangUp();
    await facts.wait('leg-down');
    expect(facts.of('order-failed')).toEqual([]);
  });

  test('an agent is rung and answers; both talk; the number is read to each of them inside the bridge; both sides are recorded', async () => {
    await arrive();
    send({ type: 'start-music', leg, music: 'default' });
    const to = await answered(1);
    const contact = contactOfCaller(leg);
    const recording = recordingOf(contact, 1);
    const bridge = bridgeOf(contact, 1);
    send(
      { type: 'stop-music', leg }, { type: 'connect', bridge, legs: [leg, to] }, play(leg, 'c', 'short'), play(to, 'a', 'short'),
      { type: 'start-recording', recording, leg }, { type: 'start-recording', recording, leg },
    );
    await facts.wait('play-ended', ({ leg: of }) => of === leg);
    await facts.wait('play-ended', ({ leg: of }) => of === to);
    await hearing(caller, agentHz, 1);
    await hearing(phone, callerHz, 1);
    send({ type: 'pause-recording', recording, leg }, play(to, 'only-agent', 'short'));
    await facts.wait('play-ended', ({ play: id }) => id.endsWith('only-agent'));
    send({ type: 'resume-recording', recording, leg });
    await hearing(phone, callerHz, toneSeconds(await received(phone), 0, callerHz) + 0.5);
    await caller.hangUp();
    expect(await facts.wait('leg-down', (fact) => fact.leg === leg)).toMatchObject({ end: 'hung-up' });
    send({ type: 'hang-up', leg: to, because: 'normal' }, { type: 'dissolve', bridge });
    await facts.wait('leg-down', (fact) => fact.leg === to);
    await facts.wait('recording-stopped');
    const [hisWav, herWav, both] = [await received(caller), await received(phone), stereo(await readFile(join(runtime.recordingsDir, `${recording}.raw`)))];
    expect(toneSeconds(hisWav, 0, agentHz)).toBeGreaterThan(0.8);
    expect(toneSeconds(herWav, 0, callerHz)).toBeGreaterThan(0.8);
    expect(toneSeconds(hisWav, 0, promptHz)).toBeLessThan(0.8);
    expect(toneSeconds(herWav, 0, promptHz)).toBeGreaterThan(0.8);
    expect(toneSeconds(both, 0, callerHz)).toBeGreaterThan(0.8);
    expect(toneSeconds(both, 1, callerHz)).toBeLessThan(0.2);
    expect(toneSeconds(both, 1, agentHz)).toBeGreaterThan(0.8);
    expect(toneSeconds(both, 0, agentHz)).toBeLessThan(0.2);
    expect(facts.of('order-failed')).toEqual([]);
    expect(facts.of('leg-down')).toHaveLength(2);
  });

  test('a caller in the middle of a prompt is connected at once', async () => {
    await arrive();
    const to = await answered(1);
    send(play(leg, 1, 'long'));
    const before = performance.now();
    send({ type: 'connect', bridge: bridgeOf(contactOfCaller(leg), 1), legs: [leg, to] });
    expect(await facts.wait('play-ended')).toMatchObject({ outcome: 'stopped' });
    await hearing(phone, callerHz, 0.5);
    expect(performance.now() - before).toBeLessThan(2_500);
    send({ type: 'hang-up', leg, because: 'normal' }, { type: 'hang-up', leg: to, because: 'normal' }, { type: 'dissolve', bridge: bridgeOf(contactOfCaller(leg), 1) });
    await facts.wait('leg-down', (fact) => fact.leg === leg);
    await facts.wait('leg-down', (fact) => fact.leg === to);
  });

  test('each way a ring can end, once each', async () => {
    const contact = contactOfCaller(legId('rexian-1700000000.1'));
    const ring = (n: number, agent: AgentId, timeoutMs: number): LegId => {
      const to = agentLeg(contact, n);
      send({ type: 'ring', leg: to, to: { kind: 'agent', agent }, caller: '', contact, timeoutMs });
      return to;
    };
    const down = async (to: LegId) => (await facts.wait('leg-down', (fact) => fact.leg === to)).end;
    expect(await down(ring(1, unregistered, 5_000))).toBe('unreachable');
    expect(await down(ring(2, first, 1_000))).toBe('no-answer');
    await phone.waitFor('incoming');
    const busy = ring(3, first, 10_000);
    await phone.waitFor('incoming');
    await phone.hangUp();
    expect(await down(busy)).toBe('busy');
    const withdrawn = ring(4, first, 10_000);
    await phone.waitFor('incoming');
    send({ type: 'hang-up', leg: withdrawn, because: 'normal' });
    expect(await down(withdrawn)).toBe('hung-up');
    const answeredThen = ring(5, first, 10_000);
    await phone.waitFor('incoming');
    await phone.answer();
    await facts.wait('leg-up', (fact) => fact.leg === answeredThen);
    await phone.hangUp();
    expect(await down(answeredThen)).toBe('hung-up');
    expect(facts.of('leg-down')).toHaveLength(5);
    expect(facts.of('order-failed')).toEqual([]);
    expect(facts.of('device-changed').map(({ device }) => device)).toContain('in-call');
  });

  test('a ring given twice rings once', async () => {
    const contact = contactOfCaller(legId('rexian-1700000000.2'));
    const to = agentLeg(contact, 1);
    const order: Order = { type: 'ring', leg: to, to: { kind: 'agent', agent: first }, caller: '', contact, timeoutMs: 10_000 };
    send(order, order);
    await phone.waitFor('incoming');
    await facts.wait('leg-ringing');
    send({ type: 'answer-phone', leg: to, agent: first }, { type: 'hang-up', leg: to, because: 'normal' });
    await facts.wait('leg-down');
    // The hang-up goes over ARI and may overtake the NOTIFY over AMI, which then finds no leg.
    const failures = facts.all.filter((fact) => fact.type === 'order-failed' && !(fact.order.type === 'answer-phone' && fact.reason === 'gone'));
    expect([facts.all.map(({ type }) => type).filter((type) => type.startsWith('leg-')), failures]).toEqual([['leg-ringing', 'leg-down'], []]);
  });

  test('a caller is passed on to a number: here a phone of ours', async () => {
    await arrive();
    const contact = contactOfCaller(leg);
    const to = transferLeg(contact, 1);
    send({ type: 'ring', leg: to, to: { kind: 'number', number: first }, caller: '13912345678', contact, timeoutMs: 10_000 });
    expect((await phone.waitFor('incoming')).peer).toContain('13912345678');
    await phone.answer();
    await facts.wait('leg-up', (fact) => fact.leg === to);
    send({ type: 'connect', bridge: bridgeOf(contact, 1), legs: [leg, to] });
    await hearing(phone, callerHz, 0.3);
    await phone.hangUp();
    expect(await facts.wait('leg-down', (fact) => fact.leg === to)).toMatchObject({ end: 'hung-up' });
    send({ type: 'dissolve', bridge: bridgeOf(contact, 1) }, { type: 'hang-up', leg, because: 'congestion' });
    await facts.wait('leg-down', (fact) => fact.leg === leg);
  });

  test('orders on a leg that is gone say so; ending it again does nothing', async () => {
    const gone = legId('rexian-1700000000.9');
    const recording = recordingOf(contactOfCaller(gone), 1);
    send({ type: 'answer', leg: gone }, { type: 'start-music', leg: gone, music: 'default' }, { type: 'claim', leg: gone }, { type: 'start-recording', recording, leg: gone });
    send({ type: 'hang-up', leg: gone, because: 'normal' }, { type: 'stop-music', leg: gone }, { type: 'dissolve', bridge: bridgeOf(contactOfCaller(gone), 1) });
    send({ type: 'connect', bridge: bridgeOf(contactOfCaller(gone), 2), legs: [gone, gone] });
    await until(() => (facts.of('order-failed').length >= 5 ? true : undefined), { limitMs: 3_000, what: 'five failures' });
    expect(facts.of('order-failed').map(({ order, reason }) => [order.type, reason]).sort()).toEqual([
      ['answer', 'gone'], ['claim', 'gone'], ['connect', 'gone'], ['start-music', 'gone'], ['start-recording', 'gone'],
    ]);
    send({ type: 'dissolve', bridge: bridgeOf(contactOfCaller(gone), 2) });
  });

  test('a ticket is read back by a service that knows nothing; what happened meanwhile follows the comparison', async () => {
    await arrive();
    send({ type: 'write-ticket', leg, ticket: ticketOf(leg) });
    const to = await answered(1);
    const bridge = bridgeOf(contactOfCaller(leg), 1);
    send({ type: 'connect', bridge, legs: [leg, to] });
    await hearing(phone, callerHz, 0.3);
    await telephony.stop();
    await start();
    const [seen] = facts.of('switch-seen');
    expect(seen?.legs).toContainEqual(expect.objectContaining({ leg, role: 'caller', state: 'up', ani: '13912345678', dnis: '4000', ticket: ticketOf(leg) }));
    expect(seen?.legs).toContainEqual(expect.objectContaining({ leg: to, role: 'agent', state: 'up' }));
    expect(seen?.bridges).toEqual([{ bridge, legs: expect.arrayContaining([leg, to]) as LegId[] }]);
    await caller.hangUp();
    await facts.wait('leg-down', (fact) => fact.leg === leg);
    send({ type: 'hang-up', leg: to, because: 'normal' }, { type: 'dissolve', bridge });
    await facts.wait('leg-down', (fact) => fact.leg === to);
    expect(facts.all[0]?.type).toBe('switch-seen');
  });

  test('values that could mean something else to Asterisk are refused', async () => {
    const leg1 = legId('rexian-1700000000.3');
    send(
      { type: 'hang-up', leg: legId('..%2f..%2fasterisk'), because: 'normal' },
      { type: 'start-music', leg: leg1, music: 'x\r\nAction: Command' },
      { type: 'play', leg: leg1, play: playOf(contactOfCaller(leg1), 1), media: [prompt('../../etc/passwd')] },
      { type: 'ring', leg: agentLeg(contactOfCaller(leg1), 1), to: { kind: 'number', number: '1001&PJSIP/1002' }, caller: '', contact: contactOfCaller(leg1), timeoutMs: 1_000 },
    );
    await until(() => (facts.of('order-failed').length >= 4 ? true : undefined), { limitMs: 1_000, what: 'four refusals' });
    expect(facts.of('order-failed').map(({ reason }) => reason)).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('a wrong AMI password ends the start with the setting to look at', async () => {
    const other = connectTelephony({ ...optionsFor(connection), ...(connection === 'outbound' ? { listen: { ...optionsFor('outbound').listen, port: 0 } as NonNullable<AsteriskOptions['listen']> } : {}), ami: { ...runtime.ami, password: 'wrong' } });
    await expect(other.start(() => undefined)).rejects.toThrow(/ASTERISK_AMI_URL/);
  });
});

test.each(['inbound', 'ari-client'] as const)('%s: a wrong ARI password ends the start with the setting to look at', async (connection) => {
  const telephony = connectTelephony({ ...optionsFor(connection), ari: { ...runtime.ari, password: 'wrong' } });
  await expect(telephony.start(() => undefined)).rejects.toThrow(/ASTERISK_ARI_URL/);
});

function optionsFor(connection: AsteriskOptions['connection']): AsteriskOptions {
  return {
    connection, app: 'rexian', agents, clock: steadyClock, log: makeLog('silent'),
    listen: { host: '127.0.0.1', ...runtime.ariListen }, ari: runtime.ari, ami: runtime.ami,
    recordingsDir: runtime.recordingsDir, soundsDir: join(folder, 'sounds'),
    resolve: (media) => (media.say === 'prompt' ? [media.name] : []),
  };
}

const prompt = (name: string): Media => ({ say: 'prompt', name, language: 'zh' });
const ticketOf = (leg: LegId) => ({ contact: contactOfCaller(leg), arrivedAt: 1_700_000_000_123, language: 'zh' as const, queue: 'billing', queuedAt: 1_700_000_000_456, priority: 3 });

async function channels(): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${runtime.ari.user}:${runtime.ari.password}`).toString('base64')}`;
  const response = await fetch(new URL('/ari/channels', runtime.ari.url), { headers: { authorization } });
  return ((await response.json()) as unknown[]).length;
}

function tone(hertz: number, seconds: number): Buffer {
  return encodeWav({ sampleRate: 8_000, channels: [Float64Array.from({ length: 8_000 * seconds }, (_, n) => 0.3 * Math.sin((2 * Math.PI * hertz * n) / 8_000))] });
}

/** What was heard so far: the head of the file says how long only when the call is over. */
async function received(by: Phone): Promise<Wav> {
  const bytes = await readFile(by.received()).catch(() => Buffer.alloc(44));
  return { sampleRate: 8_000, channels: [floats(bytes.subarray(44), 0, 2)] };
}

async function hearing(by: Phone, hertz: number, seconds: number): Promise<void> {
  await until(async () => (toneSeconds(await received(by), 0, hertz) >= seconds ? true : undefined), { limitMs: 8_000, everyMs: 50, what: `${by.user} hears ${hertz} Hz` });
}

/** MixMonitor's option D: signed linear, left and right in turn. */
function stereo(bytes: Buffer): Wav {
  return { sampleRate: 8_000, channels: [floats(bytes, 0, 4), floats(bytes, 2, 4)] };
}

function floats(bytes: Buffer, from: number, step: number): Float64Array {
  return Float64Array.from({ length: Math.floor(bytes.length / step) }, (_, n) => bytes.readInt16LE(n * step + from) / 32_768);
}
