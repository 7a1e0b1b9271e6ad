import { describe, expect, test } from 'vitest';
import { agentId, contactId, queueId } from '../../src/base/ids.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { callerLeg, Table } from '../support/decider.ts';

describe('matching', () => {
  test('a caller who enters a queue is offered at once to a free agent, reserved in the same step', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.call();
    table.enqueue(contact);
    expect(table.types()).toEqual(['flow-moved', 'contact-queued', 'offer-made', 'presence-changed']);
    expect(table.orders()).toEqual(['answer', 'start-music', 'write-ticket', 'ring']);
  });

  test('the longest idle agent is rung first', () => {
    const table = new Table();
    table.signIn('1002', '1001');
    expect(table.rungFor(table.queued())).toBe('1002');
    expect(table.rungFor(table.queued())).toBe('1001');
  });

  test('a pause and an unanswered ring do not renew the idle time', () => {
    const table = new Table();
    table.signIn('1001', '1002');
    table.do({ type: 'pause', agent: agentId('1001'), reason: 'lunch' });
    table.at += 1000;
    table.do({ type: 'make-ready', agent: agentId('1001') });
    expect(table.rungFor(table.queued())).toBe('1001');
  });

  test('an agent without the skill is not rung, and is for a queue that asks for none', () => {
    const table = new Table();
    table.signIn('1003');
    expect(table.rungFor(table.queued('billing'))).toBeUndefined();
    expect(table.rungFor(table.queued('general'))).toBe('1003');
  });

  test('a freed agent takes the higher priority first, then the longest waiting, over all queues', () => {
    const table = new Table();
    const old = table.queued('general');
    const older = table.queued('billing');
    const important = table.queued('general', 10);
    table.signIn('1001');
    expect(table.rungFor(important)).toBe('1001');
    table.phoneSays(important, 'busy');
    table.signIn('1002');
    expect([table.rungFor(important), table.rungFor(old), table.rungFor(older)]).toEqual(['1002', undefined, undefined]);
  });

  test('an agent whose phone is in use or out of reach is passed over until it is idle', () => {
    const table = new Table();
    table.signIn('1001');
    table.do({ type: 'device-changed', agent: agentId('1001'), device: 'in-call' });
    const contact = table.queued();
    expect(table.rungFor(contact)).toBeUndefined();
    table.do({ type: 'device-changed', agent: agentId('1001'), device: 'idle' });
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('nothing is offered while orders do not reach the switch', () => {
    const table = new Table();
    table.signIn('1001');
    table.do({ type: 'switch-lost' });
    const contact = table.queued();
    expect(table.rungFor(contact)).toBeUndefined();
    table.do({ type: 'switch-seen', startedAt: 0, legs: [{ leg: callerLeg(contact), role: 'caller', state: 'up', ani: '', dnis: '4000', since: 0 }], bridges: [], devices: [] });
    expect(table.rungFor(contact)).toBe('1001');
  });
});

describe('an offer', () => {
  test('not answered in time: the agent is paused as missed, the caller keeps the place and goes to the next', () => {
    const table = new Table();
    table.signIn('1001', '1002');
    const contact = table.queued();
    table.wait(15_000);
    expect(table.types()).toEqual(['offer-ended', 'presence-changed', 'offer-made', 'presence-changed']);
    expect(table.orders()).toEqual(['hang-up', 'ring']);
    expect(table.centre.agents.get(agentId('1001'))?.presence).toMatchObject({ status: 'paused', reason: 'missed' });
    expect(table.rungFor(contact)).toBe('1002');
  });

  test('turned away on the phone: the agent is paused as rejected', () => {
    const table = new Table();
    table.signIn('1001');
    table.phoneSays(table.queued(), 'rejected');
    expect(table.centre.agents.get(agentId('1001'))?.presence).toMatchObject({ status: 'paused', reason: 'rejected' });
  });

  test.each([
    ['busy', 10_000],
    ['unreachable', 30_000],
  ] as const)('a phone that is %s leaves its agent ready, rested for %d ms', (end, restMs) => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.phoneSays(contact, end);
    expect([table.presence('1001'), table.rungFor(contact)]).toEqual(['ready', undefined]);
    table.wait(restMs - 1);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(1);
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('is withdrawn when the caller leaves: the phone stops, the agent is ready as before', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    const leg = table.ringing(contact);
    table.hangUp(contact);
    expect(table.types()).toEqual(['offer-ended', 'presence-changed', 'contact-ended']);
    expect(table.orders()).toEqual(['hang-up', 'hang-up']);
    expect(table.presence('1001')).toBe('ready');
    expect(table.centre.legs.has(leg)).toBe(false);
  });

  test('answered after the caller left: the phone is not left standing', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    const leg = table.ringing(contact);
    table.hangUp(contact);
    table.do({ type: 'leg-up', leg });
    expect(table.types()).toEqual(['stray-removed']);
    expect(table.orders()).toEqual(['hang-up']);
  });

  test('is answered from the desktop only where the phone is known to understand it', () => {
    const table = new Table();
    const agent = agentId('1001');
    table.signIn('1001');
    table.queued();
    table.do({ type: 'answer', agent });
    expect(table.types()).toEqual(['no-remote-answer']);
    table.do({ type: 'device-changed', agent, device: 'ringing', remoteAnswer: true });
    table.do({ type: 'answer', agent });
    expect(table.orders()).toEqual(['answer-phone']);
    // Another phone registered in its place.
    table.do({ type: 'device-changed', agent, device: 'ringing' });
    table.do({ type: 'answer', agent });
    expect(table.types()).toEqual(['no-remote-answer']);
  });

  test('of a call that failed at once is not repeated as fast as the switch can say no', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.phoneSays(contact, 'gone');
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(2000);
    expect(table.rungFor(contact)).toBe('1001');
  });

  test('that the switch refused to ring counts as an unreachable phone', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    const order = table.last.ok ? table.last.orders.find((it) => it.type === 'ring') : undefined;
    expect(order).toBeDefined();
    if (order) table.do({ type: 'order-failed', order, reason: 'refused', detail: 'no such endpoint' });
    expect([table.types()[0], table.rungFor(contact)]).toEqual(['offer-ended', undefined]);
  });
});

describe('a talk', () => {
  test('bridges first, then reads the number to both, then records', () => {
    const table = new Table();
    table.signIn('1001');
    table.answer(table.queued());
    expect(table.types()).toEqual(['offer-ended', 'contact-connected', 'presence-changed', 'recording-started']);
    expect(table.orders()).toEqual(['stop-music', 'connect', 'play', 'play', 'start-recording', 'write-ticket']);
  });

  test('ended by the caller leaves the agent in wrap-up until its time is over', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.answer(contact);
    table.at += 30_000;
    table.hangUp(contact);
    expect(table.types()).toEqual(['recording-stopped', 'contact-ended', 'presence-changed']);
    expect(table.history.find((it) => it.type === 'contact-ended')).toMatchObject({ reason: 'caller-hung-up', during: 'talk', talkMs: 30_000, agent: '1001' });
    table.wait(19_999);
    expect(table.presence('1001')).toBe('wrap-up');
    table.wait(1);
    expect(table.presence('1001')).toBe('ready');
  });

  test('ended by the agent hangs the caller up', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.answer(contact);
    table.do({ type: 'hang-up', agent: agentId('1001') });
    expect(table.orders()).toEqual(['stop-recording', 'hang-up', 'hang-up', 'dissolve']);
  });

  test('whose agent lost the phone puts the caller back with the old place', () => {
    const table = new Table();
    table.signIn('1001');
    const first = table.queued();
    table.answer(first);
    const second = table.queued();
    const leg = [...table.centre.legs].find(([leg, contact]) => contact === first && leg.startsWith('rx-a-'))?.[0];
    if (leg) table.do({ type: 'leg-down', leg, end: 'failed' });
    expect(table.types()).toContain('contact-requeued');
    expect(standingIn(table.centre, queueId('general'))).toEqual([first, second]);
    expect(table.presence('1001')).toBe('wrap-up');
  });

  test('counts its contact’s events without a gap and with one end', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.answer(contact);
    table.hangUp(contact);
    const numbers = table.history.filter((event) => 'contact' in event && event.contact === contact).map((event) => event.n);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(table.history.filter((event) => event.type === 'contact-ended')).toHaveLength(1);
  });
});

describe('presence', () => {
  test('a pause asked for during a talk is done after the wrap-up', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.answer(contact);
    table.do({ type: 'pause', agent: agentId('1001'), reason: 'lunch' });
    expect(table.types()).toEqual(['presence-requested']);
    table.hangUp(contact);
    table.do({ type: 'finish-wrap-up', agent: agentId('1001') });
    expect(table.centre.agents.get(agentId('1001'))?.presence).toMatchObject({ status: 'paused', reason: 'lunch' });
  });

  test('a sign-out asked for while the phone rings is done when the caller leaves', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.do({ type: 'sign-out', agent: agentId('1001') });
    expect(table.presence('1001')).toBe('offered');
    table.hangUp(contact);
    expect(table.presence('1001')).toBe('offline');
  });

  test('the disposition is taken in wrap-up for that contact only', () => {
    const table = new Table();
    table.signIn('1001');
    const contact = table.queued();
    table.answer(contact);
    table.hangUp(contact);
    table.do({ type: 'dispose', agent: agentId('1001'), contact: contactId('c-other'), disposition: { code: 'solved', note: '' } });
    expect(table.types()).toEqual(['no-wrap-up']);
    table.do({ type: 'dispose', agent: agentId('1001'), contact, disposition: { code: 'nonsense', note: '' } });
    expect(table.types()).toEqual(['unknown-disposition']);
    table.do({ type: 'dispose', agent: agentId('1001'), contact, disposition: { code: 'solved', note: '好' } });
    expect(table.types()).toEqual(['disposition-set']);
  });

  test.each([
    ['make-ready', 'not-signed-in'],
    ['finish-wrap-up', 'not-signed-in'],
  ] as const)('%s of an agent who is not signed in is refused: %s', (type, code) => {
    const table = new Table();
    table.do({ type, agent: agentId('1001') });
    expect(table.types()).toEqual([code]);
  });

  test('an agent that the configuration does not know is refused', () => {
    const table = new Table();
    table.do({ type: 'sign-in', agent: agentId('7777') });
    expect(table.types()).toEqual(['unknown-agent']);
  });
});

describe('waiting', () => {
  test('overflows after its time with its age and priority, and the other queue’s agents may take it', () => {
    const table = new Table();
    table.signIn('1003');
    const contact = table.queued('billing', 2);
    const queuedAt = table.at - 1;
    table.wait(60_000);
    expect(table.types().slice(0, 2)).toEqual(['contact-overflowed', 'offer-made']);
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ queue: 'general', queuedAt, priority: 2 });
  });

  test('a full queue turns the contact back to its flow', () => {
    const table = new Table();
    table.centre.routing = { ...table.centre.routing, queues: new Map([...table.centre.routing.queues].map(([id, queue]) => [id, { ...queue, maxWaiting: 1 }])) };
    table.queued();
    const second = table.call();
    table.enqueue(second);
    expect(table.types()).toEqual(['flow-moved', 'contact-turned-away']);
    expect(table.centre.contacts.get(second)?.state.status).toBe('in-flow');
  });

  test('a caller seen twice is one contact', () => {
    const table = new Table();
    const contact = table.call();
    table.do({ type: 'call-arrived', contact, leg: callerLeg(contact), ani: '', dnis: '4000' });
    expect(table.types()).toEqual(['already']);
  });
});
