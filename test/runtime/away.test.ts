// What a caller gets from the dialplan while the service is away.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startRuntime, type Runtime } from '../../runtime/centre.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { startPhone, type Phone } from '../../runtime/phone.ts';
import type { Wav } from '../../runtime/wav.ts';
import { startStasisApp } from './stasis-app.ts';

const shared = inject('runtime');
const stateDir = join(shared.stateDir, 'away-test');
let runtime: Runtime;
const phones: Phone[] = [];

beforeAll(async () => {
  runtime = await startRuntime({
    stateDir, agents: [], away: { tries: 2, musicSeconds: 2, claimSeconds: 2, reclaimSeconds: 2 },
    environment: { ...readEnvironment(), databaseUrl: shared.databaseUrl, redisUrl: shared.redisUrl },
  });
});
afterAll(async () => {
  await Promise.all(phones.map((phone) => phone.stop()));
  await runtime?.stop();
});

async function call(user: string): Promise<Phone> {
  const phone = await startPhone({
    programs: runtime.programs, folder: join(stateDir, 'phones', user), user, server: { host: runtime.sipHost, port: runtime.sipPort },
  });
  phones.push(phone);
  await phone.dial('4000');
  return phone;
}

/** The longest stretch without sound, in seconds. */
function longestSilence(wav: Wav): number {
  const samples = wav.channels[0] ?? new Float64Array();
  const block = wav.sampleRate / 10;
  let [longest, current] = [0, 0];
  for (let start = 0; start + block <= samples.length; start += block) {
    const loud = samples.subarray(start, start + block).some((sample) => Math.abs(sample) > 0.005);
    current = loud ? 0 : current + 0.1;
    longest = Math.max(longest, current);
  }
  return longest;
}

test('without any service: apology, music, tries, a last apology, and the end; never dead air', async () => {
  const caller = await call('13800000001');
  await caller.waitFor('established');
  await caller.waitFor('closed', 60_000);
  const heard = await caller.receivedWav();
  expect((heard.channels[0]?.length ?? 0) / heard.sampleRate).toBeGreaterThan(15);
  expect(longestSilence(heard)).toBeLessThan(1.5);
}, 90_000);

test('a service that comes back gets the waiting caller', async () => {
  const caller = await call('13800000002');
  await caller.waitFor('established');
  const app = await startStasisApp(runtime);
  await app.beat();
  const arrived = await app.waitFor((event) => event.type === 'StasisStart', 20_000);
  expect(arrived.args).toEqual(['inbound', '4000', expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
  expect(arrived.channel?.state).toBe('Up');
  await caller.hangUp();
  await caller.waitFor('closed');
  await app.close();
});

test('a call that a living service does not claim in time goes back to the apology', async () => {
  const app = await startStasisApp(runtime);
  await app.beat();
  const caller = await call('13800000003');
  const left = await app.waitFor((event) => event.type === 'StasisEnd', 10_000);
  expect(left.channel?.name).toContain('PJSIP/callers');
  await caller.waitFor('established');
  await caller.hangUp();
  await app.close();
});

test('a claimed call stays', async () => {
  const app = await startStasisApp(runtime);
  await app.beat();
  const caller = await call('13800000004');
  const { channel } = await app.waitFor((event) => event.type === 'StasisStart');
  await app.rest('POST', `/channels/${channel?.id}/variable`, { variable: 'TIMEOUT(absolute)', value: '0' });
  await app.rest('POST', `/channels/${channel?.id}/answer`);
  await caller.waitFor('established');
  // Longer than it had to be claimed in, on Asterisk's own clock: three seconds of music.
  await app.rest('POST', `/channels/${channel?.id}/moh`);
  await expect.poll(async () => (await caller.receivedWav()).channels[0]?.length ?? 0, { timeout: 10_000 }).toBeGreaterThan(3 * 8_000);
  expect(app.events.some((event) => event.type === 'StasisEnd')).toBe(false);
  await caller.hangUp();
  await app.close();
});

test.each([['forward', 3_600], ['back', -3_600]])('a caller in the moment of the clock being set %s hears ringing until the next beat, and no apology', async (_, bySeconds) => {
  const app = await startStasisApp(runtime);
  const beat = (offset: number) => app.rest('POST', '/asterisk/variable', { variable: 'REXIAN_ALIVE', value: String(Math.floor(Date.now() / 1_000) + offset) });
  await beat(-bySeconds);
  const caller = await call(`1380000001${bySeconds > 0 ? 1 : 2}`);
  await caller.waitFor('ringing');
  await beat(0);
  const { channel } = await app.waitFor((event) => event.type === 'StasisStart', 5_000);
  expect(channel?.state).not.toBe('Up');
  await caller.hangUp();
  await app.close();
});
