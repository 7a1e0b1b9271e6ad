import { pino } from 'pino';
import { expect, test } from 'vitest';
import { legId } from '../../src/base/ids.ts';
import type { Ami, AmiAnswer } from '../../src/telephony/ami.ts';
import type { AriConnection, AriRequest } from '../../src/telephony/ari/connection.ts';
import { perform } from '../../src/telephony/perform.ts';
import type { Fact, Order } from '../../src/telephony/port.ts';
import { secondTry } from '../../src/telephony/second-try.ts';

const claim: Order = { type: 'claim', leg: legId('rx1-1700000000.1') };

/** What goes over ARI and which facts come, when AMI answers so. */
async function performed(order: Order, answer: AmiAnswer): Promise<{ requests: AriRequest[]; facts: Fact[] }> {
  const requests: AriRequest[] = [];
  const facts: Fact[] = [];
  const ari: Pick<AriConnection, 'request'> = { request: async (request) => (requests.push(request), { answered: true, status: 204, body: null }) };
  const ami: Pick<Ami, 'action'> = { action: async () => answer };
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
