import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { contactId, legId, playId, recordingId } from '../../src/base/ids.ts';
import type { Ami, AmiAnswer } from '../../src/telephony/ami.ts';
import type { AriConnection, AriRequest } from '../../src/telephony/ari/connection.ts';
import { newLeg, type Legs } from '../../src/telephony/legs.ts';
import { perform } from '../../src/telephony/perform.ts';
import type { Fact, Order } from '../../src/telephony/port.ts';
import { secondTry } from '../../src/telephony/second-try.ts';

const claim: Order = { type: 'claim', leg: legId('rx1-1700000000.1') };

/** What goes over ARI and which facts come, when AMI answers so. */
async function performed(order: Order, answer: AmiAnswer): Promise<{ requests: AriRequest[]; facts: Fact[] }> {
  const requests: AriRequest[] = [];
  const facts: Fact[] = [];
  const ari: Pick<AriConnection, 'request'> = { request: async (request) => (requests.push(request), { answered: true, status: 204, body: null }) };
  const ami: Pick<Ami, 'action' | 'connected'> = { action: async () => answer, connected: () => true };
  const context = { app: 'rexian', legs: new Map(), resolve: () => [], recordingsDir: '/tmp', amiUp: () => true };
  // Of the two connections an order uses nothing but these.
  perform(order, { context, ari: ari as AriConnection, ami: ami as Ami, secondTry: secondTry(ari, context.legs), post: (fact) => facts.push(fact), clock: { now: () => 1 }, log: pino({ level: 'silent' }) });
  await new Promise((resolve) => setImmediate(resolve));
  return { requests, facts };
}

test('a claim that AMI does not answer goes over ARI, so that the dialplan does not throw the caller out', async () => {
  const { requests, facts } = await performed(claim, { answered: false, why: 'timed-out' });
  expect(requests).toMatchObject([{ path: ['channels', 'rx1-1700000000.1', 'variable'], query: { variable: 'TIMEOUT(absolute)', value: '0' } }]);
  expect(facts).toEqual([]);
});

test('a claim that AMI refuses is not tried a second time', async () => {
  const { requests, facts } = await performed(claim, { answered: true, ok: false, message: 'No such channel' });
  expect(requests).toEqual([]);
  expect(facts).toMatchObject([{ type: 'order-failed', reason: 'gone' }]);
});

describe('a variable while AMI is away', () => {
  const leg = legId('rx1-1700000000.1');
  const ticket = (n: number): Order => ({ type: 'write-ticket', leg, ticket: { contact: contactId('c-rx1-1700000000-1'), arrivedAt: 1, language: 'zh', n } });

  /** A leg, playing or not, and orders given while AMI is away; what went over ARI, and over AMI when it was back. */
  async function written(plays: boolean, orders: readonly Order[], back = true): Promise<{ overAri: AriRequest[]; overAmi: Readonly<Record<string, string>>[] }> {
    const [overAri, overAmi]: [AriRequest[], Readonly<Record<string, string>>[]] = [[], []];
    let up = false;
    const ari: Pick<AriConnection, 'request'> = { request: async (request) => (overAri.push(request), { answered: true, status: 204, body: null }) };
    const ami: Pick<Ami, 'action' | 'connected'> = { action: async (fields) => (up ? (overAmi.push(fields), { answered: true, ok: true, message: '' }) : { answered: false, why: 'disconnected' }), connected: () => up };
    const legs: Legs = new Map([[leg, newLeg('caller', { up: true })]]);
    if (plays) legs.get(leg)?.plays.set(playId('rx-p-1'), { stopped: false });
    const again = secondTry(ari, legs);
    const context = { app: 'rexian', legs, resolve: () => [], recordingsDir: '/tmp', amiUp: () => up };
    const performing = { context, ari: ari as AriConnection, ami: ami as Ami, secondTry: again, post: () => undefined, clock: { now: () => 1 }, log: pino({ level: 'silent' }) };
    for (const order of orders) perform(order, performing);
    await new Promise((resolve) => setImmediate(resolve));
    if (!back) return { overAri, overAmi };
    up = true;
    await again.again((order) => perform(order, performing));
    again.stop();
    return { overAri, overAmi };
  }

  test('waits for AMI where the leg plays: over ARI everything would wait until the sound has ended', async () => {
    expect(await written(true, [ticket(1)])).toMatchObject({ overAri: [], overAmi: [{ Action: 'Setvar', Variable: 'REXIAN_TICKET' }] });
  });
  test('so does the claim of a caller who hears something already', async () => {
    expect(await written(true, [{ type: 'claim', leg }])).toMatchObject({ overAri: [], overAmi: [{ Action: 'Setvar', Variable: 'TIMEOUT(absolute)' }] });
  });
  test('goes over ARI where it does not', async () => {
    expect(await written(false, [ticket(1)])).toMatchObject({ overAri: [{ path: ['channels', leg, 'variable'] }], overAmi: [] });
  });
  test('a claim for which AMI does not come back goes over ARI in the end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { overAri } = await written(true, [{ type: 'claim', leg }], false);
    expect(overAri).toEqual([]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(overAri).toMatchObject([{ query: { variable: 'TIMEOUT(absolute)' } }]);
    vi.useRealTimers();
  });
  test('a recording that was to stop meanwhile is not begun', async () => {
    const recording = recordingId('rx-r-c-rx1-1700000000-1-1');
    const { overAmi } = await written(false, [{ type: 'start-recording', recording, leg }, { type: 'stop-recording', recording, leg }]);
    expect(overAmi.map(({ Action }) => Action)).toEqual(['StopMixMonitor']);
  });
  test('only the newest is given again', async () => {
    const { overAmi } = await written(true, [ticket(1), ticket(2)]);
    expect(overAmi.map(({ Value = '' }) => JSON.parse(Value).n)).toEqual([2]);
  });
});
