import { expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const [junior, expert] = [agentId('1001'), agentId('1002')];
const [billing, general] = [queueId('billing'), queueId('general')];

/** General hands on to billing, and billing would overflow back to general. */
function centre(more: { maxWaiting?: number } = {}): Table {
  const routing = sampleRouting({ agents: [agent('1001', {}, ['general']), agent('1002', { billing: 5 }, ['billing'])] });
  const queues = new Map([...routing.queues].map(([id, queue]) => [id, { ...queue, ...(id === general ? { escalation: billing } : { overflow: { afterMs: 60_000, to: general }, ...more }) }]));
  const table = new Table(sampleCentre({ ...routing, queues }));
  table.signIn('1001', '1002');
  return table;
}

test('an agent hands a caller on to the experts with the age and all that is known, and wraps up', () => {
  const table = centre();
  table.do({ type: 'pause', agent: expert, reason: 'lunch' });
  const contact = table.queued('general');
  table.answer(contact);
  table.at += 10_000;
  const before = table.centre.contacts.get(contact);
  table.do({ type: 'escalate', agent: junior });
  const after = table.centre.contacts.get(contact);
  expect(table.types()).toEqual(['recording-stopped', 'contact-escalated', 'presence-changed']);
  expect(table.orders()).toEqual(['stop-recording', 'hang-up', 'dissolve', 'start-music', 'write-ticket']);
  expect(after?.state).toMatchObject({ status: 'waiting', queue: 'billing', queuedAt: before?.state.status === 'connected' ? before.state.queuedAt : -1 });
  expect([after?.path, after?.data, after?.arrivedAt]).toEqual([before?.path, before?.data, before?.arrivedAt]);
  expect(table.presence('1001')).toBe('wrap-up');
  const newer = table.queued('billing');
  expect(standingIn(table.centre, billing)).toEqual([contact, newer]);
  table.do({ type: 'make-ready', agent: expert });
  expect(table.rungFor(contact)).toBe('1002');
});

test('the caller comes back to no group that had it: not by overflow, not by another hand-over', () => {
  const table = centre();
  const contact = table.queued('general');
  table.answer(contact);
  table.do({ type: 'escalate', agent: junior });
  table.phoneSays(contact, 'no-answer');
  table.wait(600_000);
  expect(table.centre.contacts.get(contact)?.state).toMatchObject({ status: 'waiting', queue: 'billing' });
  table.do({ type: 'make-ready', agent: expert });
  table.answer(contact);
  expect(table.do({ type: 'escalate', agent: expert })).toEqual({ ok: false, refusal: { code: 'no-escalation' } });
});

test('without a call, without experts and into a queue that is full it is refused, and the talk goes on', () => {
  const table = centre({ maxWaiting: 1 });
  expect(table.do({ type: 'escalate', agent: junior })).toEqual({ ok: false, refusal: { code: 'no-call' } });
  table.do({ type: 'pause', agent: expert, reason: 'lunch' });
  table.queued('billing');
  const contact = table.queued('general');
  table.answer(contact);
  expect(table.do({ type: 'escalate', agent: junior })).toEqual({ ok: false, refusal: { code: 'queue-takes-none', detail: 'billing' } });
  expect(table.presence('1001')).toBe('talking');
});
