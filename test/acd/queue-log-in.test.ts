import { expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const own = agentId('1001');
const [billing, general] = [queueId('billing'), queueId('general')];

test('signed out of one queue, an agent is rung for the others only, and again at once after signing in to it', () => {
  const table = new Table();
  table.signIn('1001');
  table.do({ type: 'leave-queue', agent: own, queue: billing });
  const contact = table.queued('billing');
  expect(table.rungFor(contact)).toBeUndefined();
  table.do({ type: 'join-queue', agent: own, queue: billing });
  expect(table.rungFor(contact)).toBe('1001');
  const other = new Table();
  other.signIn('1001');
  other.do({ type: 'leave-queue', agent: own, queue: billing });
  expect(other.rungFor(other.queued('general'))).toBe('1001');
});

test('a ring that is under way goes on', () => {
  const table = new Table();
  table.signIn('1001');
  const contact = table.queued('billing');
  table.do({ type: 'leave-queue', agent: own, queue: billing });
  expect(table.rungFor(contact)).toBe('1001');
  table.phoneSays(contact, 'busy');
  table.wait(10_000);
  expect(table.rungFor(contact)).toBeUndefined();
});

test('a sign-in begins in all of the agent’s queues', () => {
  const table = new Table();
  table.signIn('1001');
  table.do({ type: 'leave-queue', agent: own, queue: general });
  table.do({ type: 'pause', agent: own, reason: 'lunch' });
  expect(table.centre.agents.get(own)?.outOf).toEqual(['general']);
  table.do({ type: 'sign-out', agent: own });
  table.signIn('1001');
  expect(table.rungFor(table.queued('general'))).toBe('1001');
});

test('another’s queue, a queue twice, and nobody signed in are refused', () => {
  const table = new Table(sampleCentre(sampleRouting({ agents: [agent('1001', {}, ['general'])] })));
  expect(table.do({ type: 'leave-queue', agent: own, queue: general })).toEqual({ ok: false, refusal: { code: 'not-signed-in' } });
  table.signIn('1001');
  expect(table.do({ type: 'leave-queue', agent: own, queue: billing })).toEqual({ ok: false, refusal: { code: 'not-your-queue', detail: 'billing' } });
  expect(table.do({ type: 'join-queue', agent: own, queue: general })).toEqual({ ok: false, refusal: { code: 'already' } });
  table.do({ type: 'leave-queue', agent: own, queue: general });
  expect(table.do({ type: 'leave-queue', agent: own, queue: general })).toEqual({ ok: false, refusal: { code: 'already' } });
});

test('the phone’s state and the agent’s are apart: a phone that is away changes no presence, a pause no phone', () => {
  const table = new Table();
  table.signIn('1001');
  table.do({ type: 'device-changed', agent: own, device: 'unreachable' });
  expect(table.centre.agents.get(own)).toMatchObject({ device: 'unreachable', presence: { status: 'ready' } });
  const contact = table.queued('billing');
  expect(table.rungFor(contact)).toBeUndefined();
  table.do({ type: 'pause', agent: own, reason: 'lunch' });
  table.do({ type: 'device-changed', agent: own, device: 'idle' });
  expect(table.centre.agents.get(own)).toMatchObject({ device: 'idle', presence: { status: 'paused' } });
  table.do({ type: 'make-ready', agent: own });
  expect(table.rungFor(contact)).toBe('1001');
});
