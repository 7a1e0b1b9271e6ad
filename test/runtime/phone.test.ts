import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readEnvironment } from '../../runtime/environment.ts';
import { startPhone, type Phone, type PhoneOptions } from '../../runtime/phone.ts';
import { tonePower, toneSeconds } from '../../runtime/tone.ts';
import { startRuntime, type Runtime } from '../../runtime/centre.ts';
import { startStasisApp, type StasisApp } from './stasis-app.ts';

const shared = inject('runtime');
const stateDir = join(shared.stateDir, 'phone-test');
let runtime: Runtime;
let app: StasisApp;
const phones: Phone[] = [];

async function phone(user: string, options: Partial<PhoneOptions> = {}): Promise<Phone> {
  const started = await startPhone({
    programs: runtime.programs, folder: join(stateDir, 'phones', user), user,
    server: { host: runtime.sipHost, port: runtime.sipPort }, ...options,
  });
  phones.push(started);
  return started;
}

beforeAll(async () => {
  // Its own Asterisk: it plays the service, and there is one service.
  const environment = { ...readEnvironment(), databaseUrl: shared.databaseUrl, redisUrl: shared.redisUrl };
  runtime = await startRuntime({ stateDir, agents: ['1001', '1002'], environment });
  app = await startStasisApp(runtime);
});
afterAll(async () => {
  await Promise.all(phones.map((each) => each.stop()));
  await app?.close();
  await runtime?.stop();
});

test('a caller and a registered agent hear each other, and keys arrive as RFC 4733', async () => {
  const agent = await phone('1001', { password: runtime.secrets.agents['1001']?.sip ?? '', tone: 700 });
  await agent.waitFor('registered');
  const caller = await phone('13800138000', { tone: 440 });
  await app.beat();
  await caller.dial('4000');
  const inbound = await app.waitFor((event) => event.type === 'StasisStart' && event.args?.[0] === 'inbound');
  expect(inbound.args).toEqual(['inbound', '4000', expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
  const callerLeg = inbound.channel?.id ?? '';
  await caller.waitFor('ringing');
  await app.rest('POST', `/channels/${callerLeg}/answer`);
  await caller.waitFor('established');
  await caller.sendKeys('1#');
  await app.waitFor((event) => event.type === 'ChannelDtmfReceived' && event.digit === '1');
  await app.waitFor((event) => event.type === 'ChannelDtmfReceived' && event.digit === '#');

  await app.rest('POST', '/channels', { endpoint: 'PJSIP/1001', app: 'rexian', appArgs: 'agent', channelId: 'agent-leg', callerId: '13800138000' });
  const incoming = await agent.waitFor('incoming');
  expect(incoming.peer).toContain('13800138000');
  await agent.answer();
  await app.waitFor((event) => event.type === 'StasisStart' && event.channel?.id === 'agent-leg');
  await app.rest('POST', '/bridges', { type: 'mixing', bridgeId: 'talk' });
  await app.rest('POST', '/bridges/talk/addChannel', { channel: `${callerLeg},agent-leg` });
  // The measure is the audio itself: wait until the agent's recording holds two seconds of the caller.
  await expect.poll(async () => toneSeconds(await agent.receivedWav(), 0, 440), { timeout: 10_000 }).toBeGreaterThan(2);
  await caller.hangUp();
  await caller.waitFor('closed');
  await app.rest('DELETE', '/channels/agent-leg');
  await agent.waitFor('closed');

  const [heardByCaller, heardByAgent] = [await caller.receivedWav(), await agent.receivedWav()];
  expect(toneSeconds(heardByCaller, 0, 700)).toBeGreaterThan(1.5);
  expect(tonePower(heardByAgent, 0, 440)).toBeGreaterThan(100 * tonePower(heardByAgent, 0, 700));
  expect(tonePower(heardByCaller, 0, 700)).toBeGreaterThan(100 * tonePower(heardByCaller, 0, 440));
});

test('a wrong SIP password is refused', async () => {
  const intruder = await phone('1002', { password: 'guessed' });
  await intruder.waitFor('register-failed');
});

test('a stranger who calls himself 1001 gets no call through', async () => {
  const stranger = await startPhone({
    programs: runtime.programs, folder: join(stateDir, 'phones/stranger'), user: '1001',
    server: { host: runtime.sipHost, port: runtime.sipPort },
  });
  phones.push(stranger);
  await app.beat();
  const before = app.events.length;
  await stranger.dial('4000');
  await stranger.waitFor('closed');
  expect(app.events.slice(before).filter((event) => event.type === 'StasisStart')).toEqual([]);
});

test('a phone whose power goes leaves no process behind, and comes back in its own place', async () => {
  const first = await phone('1002', { password: runtime.secrets.agents['1002']?.sip ?? '' });
  await first.waitFor('registered');
  await first.kill();
  const second = await phone('1002', { password: runtime.secrets.agents['1002']?.sip ?? '' });
  await second.waitFor('registered');
  await app.rest('POST', '/channels', { endpoint: 'PJSIP/1002', app: 'rexian', appArgs: 'agent', channelId: 'again' });
  await second.waitFor('incoming');
  await app.rest('DELETE', '/channels/again');
});
