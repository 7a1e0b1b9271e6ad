import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contactId, legId, playId } from '../../src/base/ids.ts';
import type { CentreConfig } from '../../src/config/centre-config.ts';
import { loadCentre } from '../../src/config/load.ts';
import type { FlowProposal } from '../../src/ivr/session.ts';
import { createSessions } from '../../src/ivr/sessions.ts';
import type { Sessions } from '../../src/ivr/sessions.ts';
import type { Key, OrderFailure } from '../../src/telephony/port.ts';
import { at0, shortOrder } from './flows.ts';

const loaded = loadCentre(join(import.meta.dirname, '../../config'));
if (!loaded.ok) throw new Error('the sample centre should be good');
const sample = loaded.config;

beforeEach(() => {
  vi.useFakeTimers({ now: at0 });
});
const opened: Sessions[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sessions) => sessions.stop()));
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const contact = contactId('c-1');
const leg = legId('leg-1');
const call = (dnis = '4000') => ({ contact, leg, ani: '13800138000', dnis });

/** Sessions over a decider that takes what it is told to take. */
function centre() {
  const proposals: FlowProposal[] = [];
  const logged: object[] = [];
  const held: (() => void)[] = [];
  const state: { ok: boolean; code: string; hold: boolean; config: CentreConfig } = { ok: true, code: 'not-in-flow', hold: false, config: sample };
  const sessions = createSessions({
    config: () => state.config,
    clock: { now: () => Date.now() },
    propose: (proposal) =>
      new Promise((resolve) => {
        proposals.push(proposal);
        const answer = (): void => resolve(state.ok ? { ok: true } : { ok: false, refusal: { code: state.code } });
        if (state.hold) held.push(answer);
        else answer();
      }),
    log: { warn: (data) => logged.push(data), error: (data) => logged.push(data) },
  });
  opened.push(sessions);
  const run = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
  const lastPlay = () => proposals.flatMap(({ orders }) => orders).findLast((order) => order.type === 'play');
  return {
    sessions, proposals, logged, state, run,
    release: () => held.splice(0).forEach((answer) => answer()),
    orders: () => proposals.map(({ orders }) => orders.map(shortOrder).join(', ')),
    press: async (key: Key) => {
      sessions.fact({ type: 'key-pressed', at: 0, leg, key, heldMs: 80 });
      await run();
    },
    finish: async () => {
      sessions.fact({ type: 'play-ended', at: 0, leg, play: lastPlay()?.play ?? playId('none'), outcome: 'finished' });
      await run();
    },
    failPlay: async (reason: OrderFailure) => {
      const order = lastPlay();
      if (order) sessions.fact({ type: 'order-failed', at: 0, order, reason, detail: '' });
      await run();
    },
    seen: () => sessions.fact({ type: 'switch-seen', at: 0, startedAt: 0, legs: [], bridges: [], devices: [] }),
    last: () => proposals.at(-1),
  };
}

test('a caller goes through the hotline: each step is proposed with its path, and the session ends with the flow', async () => {
  const { sessions, proposals, orders, run, press, finish, last } = centre();
  sessions.arrived(call());
  await run();
  await finish();
  await press('1');
  expect(orders()).toEqual(['answer, play 1 welcome', 'play 2 main-menu', 'stop 2']);
  expect(proposals.map(({ path }) => path.map(({ node, took }) => `${node}:${took}`))).toEqual([[], ['welcome:said', 'hours:open'], ['menu:1', 'billing:queue billing']]);
  expect(last()).toMatchObject({ type: 'flow-moved', at: at0, contact, language: 'zh', data: {}, exit: { to: 'queue', queue: 'billing', priority: 0 } });
  expect(sessions.size).toBe(0);
});

test('an unknown number is told so, and the call ends', async () => {
  const { sessions, orders, run, finish, last } = centre();
  sessions.arrived(call('5555'));
  await run();
  expect(orders()).toEqual(['answer, play 1 unknown-number']);
  await finish();
  expect(last()?.exit).toEqual({ to: 'end' });
});

test('one timer wakes each session at its own deadline', async () => {
  const { sessions, orders, run, finish } = centre();
  sessions.arrived(call());
  await run();
  await finish();
  await finish();
  expect(vi.getTimerCount()).toBe(1);
  await run(4_999);
  expect(orders()).toHaveLength(2);
  await run(1);
  expect(orders()[2]).toBe('play 3 no-key+main-menu');
});

test('what comes while a step is being committed waits for it, in order', async () => {
  const { sessions, state, proposals, run, release, press, last } = centre();
  state.hold = true;
  sessions.arrived(call('4002'));
  await run();
  await press('1');
  for (const key of ['8', '8', '1', '2', '3', '4', '5', '6'] as const) await press(key);
  expect(proposals).toHaveLength(1);
  for (let steps = 0; steps < 5; steps++) {
    release();
    await run();
  }
  expect(last()).toMatchObject({ data: { account: '88123456' }, memory: { node: 'pin' } });
});

test('half-entered digits are not proposed', async () => {
  const { sessions, proposals, run, press } = centre();
  sessions.arrived(call('4002'));
  await run();
  await press('1');
  await press('8');
  const before = proposals.length;
  await press('8');
  await press('1');
  expect(proposals).toHaveLength(before);
});

test('a step refused for another reason ends in an apology, not in silence', async () => {
  const { sessions, state, proposals, run, finish } = centre();
  state.ok = false;
  state.code = 'unknown-queue';
  sessions.arrived(call());
  await Promise.resolve();
  await Promise.resolve();
  state.ok = true;
  await run();
  expect(proposals.at(-1)?.orders.some((order) => order.type === 'play' && order.media[0]?.say === 'prompt' && order.media[0].name === 'sorry')).toBe(true);
  await finish();
  expect(proposals.at(-1)?.exit).toEqual({ to: 'end' });
  expect(sessions.size).toBe(0);
});

test('when even the apology is refused the call is ended', async () => {
  const { sessions, state, proposals, run } = centre();
  state.ok = false;
  state.code = 'unknown-queue';
  sessions.arrived(call());
  await run();
  expect(proposals.at(-1)).toMatchObject({ orders: [], exit: { to: 'end' } });
  expect(sessions.size).toBe(0);
});

test('a step refused because the contact has left the flow drops the session', async () => {
  const { sessions, state, logged, run } = centre();
  state.ok = false;
  sessions.arrived(call());
  await run();
  expect([sessions.size, logged]).toEqual([0, [{ contact, node: 'welcome', code: 'not-in-flow' }]]);
});

test('a caller who hangs up is forgotten, whatever is on its way', async () => {
  const { sessions, state, proposals, run, release, press } = centre();
  state.hold = true;
  sessions.arrived(call());
  await run();
  sessions.ended(contact);
  release();
  await press('1');
  await run(600_000);
  expect([sessions.size, proposals.length]).toEqual([0, 1]);
});

test('a call that is seen twice is one session', async () => {
  const { sessions, proposals, run } = centre();
  sessions.arrived(call());
  await run();
  sessions.arrived(call());
  await run();
  expect([sessions.size, proposals.length]).toEqual([1, 1]);
});

describe('coming back', () => {
  test('turned away by a full queue, from memory alone', async () => {
    const { sessions, run, press, finish, last, orders } = centre();
    sessions.arrived(call());
    await run();
    await finish();
    await press('2');
    sessions.turnedAway(contact, JSON.parse(JSON.stringify(last()?.memory)), 'full');
    await run();
    expect(orders().at(-1)).toBe('play 3 queue-full');
    await finish();
    expect([last()?.exit, sessions.size]).toEqual([{ to: 'end' }, 0]);
  });

  test('on the leg on which he was called back, where that is another', async () => {
    const { sessions, run, press, finish, last } = centre();
    sessions.arrived(call());
    await run();
    await finish();
    await press('2');
    const leg = legId(`rx-k-${contact}-1`);
    sessions.turnedAway(contact, JSON.parse(JSON.stringify(last()?.memory)), 'full', undefined, leg);
    await run();
    expect(last()?.orders).toMatchObject([{ type: 'play', leg }]);
    expect(last()?.memory.leg).toBe(leg);
  });

  test('a failed transfer goes the way the flow gives', async () => {
    const { sessions, run, press, finish, last, orders } = centre();
    sessions.arrived(call('4002'));
    await run();
    for (const key of ['1', '1', '2', '3', '4', '5', '6', '7', '8', '1', '2', '3', '4', '5', '6', '1'] as const) await press(key);
    expect(last()?.exit).toEqual({ to: 'number', target: { number: '2001' }, timeoutMs: 20_000 });
    sessions.transferFailed(contact, last()?.memory);
    await run();
    expect(orders().at(-1)).toMatch(/^play \d+ manager-away$/);
    await finish();
    expect(last()?.exit).toEqual({ to: 'queue', queue: 'general', priority: 0 });
  });

  test('memory that cannot be read is a fault in the log, not a crash', async () => {
    const { sessions, logged, run } = centre();
    sessions.turnedAway(contact, { from: 'another release' }, 'full');
    await run();
    expect([sessions.size, logged]).toEqual([0, [{ contact }]]);
  });
});

describe('after a restart', () => {
  test('the node is said again, and the call goes on', async () => {
    const before = centre();
    before.sessions.arrived(call());
    await before.run();
    await before.finish();
    const memory: unknown = JSON.parse(JSON.stringify(before.last()?.memory));
    await before.sessions.stop();

    const { sessions, orders, run, press, last } = centre();
    sessions.resume({ ...call(), memory });
    await run();
    await press('2');
    expect([orders(), last()?.exit]).toEqual([['answer, stop 2, play 3 main-menu', 'stop 3'], { to: 'queue', queue: 'faults', priority: 0 }]);
  });

  test('a contact whose flow had not begun begins it', async () => {
    const { sessions, orders, run } = centre();
    sessions.resume({ ...call(), memory: null });
    await run();
    expect(orders()).toEqual(['answer, play 1 welcome']);
  });
});

describe('the switch', () => {
  test('while it is lost nothing times out; when it is seen again the node is said again', async () => {
    const { sessions, orders, run, finish, seen, failPlay } = centre();
    sessions.arrived(call());
    await run();
    sessions.fact({ type: 'switch-lost', at: 0 });
    await failPlay('disconnected');
    await run(600_000);
    expect(orders()).toHaveLength(1);
    seen();
    await run();
    expect(orders()[1]).toBe('answer, stop 1, play 2 welcome');
    await finish();
    expect(orders()[2]).toBe('play 3 main-menu');
  });

  test('seen again without having been lost changes nothing', async () => {
    const { sessions, orders, run, seen } = centre();
    sessions.arrived(call());
    await run();
    seen();
    await run();
    expect(orders()).toHaveLength(1);
  });

  test('a prompt that it cannot say is over, and the flow goes on', async () => {
    const { sessions, orders, run, failPlay } = centre();
    sessions.arrived(call());
    await run();
    await failPlay('refused');
    expect(orders()[1]).toBe('play 2 main-menu');
  });
});

describe('a new configuration', () => {
  const changed: CentreConfig = { ...sample, version: 'newer', centre: { ...sample.centre, numbers: new Map([['4000', 'office']]) } };

  test('is for new callers; who is in a flow stays on the old one, over a transfer and back', async () => {
    const { sessions, state, orders, run, press, last } = centre();
    sessions.arrived(call('4002'));
    await run();
    state.config = { ...changed, flows: new Map() };
    for (const key of '1123456781234561') await press(key as Key); // Digits only.
    expect(last()?.exit).toMatchObject({ to: 'number', target: { number: '2001' } });
    sessions.transferFailed(contact, last()?.memory);
    await run();
    expect([last()?.memory.version, orders().at(-1)]).toEqual([sample.version, expect.stringMatching(/^play \d+ manager-away$/)]);
    state.config = changed;
    sessions.arrived({ ...call(), contact: contactId('c-2'), leg: legId('leg-2') });
    await run();
    expect([last()?.memory.flow, last()?.memory.version]).toEqual(['office', 'newer']);
    expect(orders().at(-1)).toContain('office-welcome');
  });
});

test('stop waits for what is on its way and lets nothing more happen', async () => {
  const { sessions, state, proposals, run, release, press } = centre();
  state.hold = true;
  sessions.arrived(call());
  await run();
  let stopped = false;
  const stopping = sessions.stop().then(() => (stopped = true));
  await run();
  expect(stopped).toBe(false);
  release();
  await stopping;
  await press('1');
  sessions.arrived({ ...call(), contact: contactId('c-2'), leg: legId('leg-2') });
  await run();
  expect([sessions.size, proposals.length]).toEqual([0, 1]);
});
