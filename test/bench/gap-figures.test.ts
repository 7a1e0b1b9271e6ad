import { expect, test } from 'vitest';
import { figuresOf } from '../../bench/gap-figures.ts';
import type { SipMessage } from '../../stage/sip-message.ts';

const [asteriskPort, phonesPort, callersPort] = [5060, 6000, 7000];
const seconds = (at: number): number => at * 1_000_000;
const message = (at: number, from: number, to: number, more: Pick<SipMessage, 'method' | 'callId'> & Partial<SipMessage>): SipMessage =>
  ({ atUs: seconds(at), from: { port: from }, to: { port: to }, inDialog: more.status !== undefined || more.method === 'BYE', text: '', ...more });

const calls = (at: number, callId: string): SipMessage[] => [
  message(at, callersPort, asteriskPort, { method: 'INVITE', callId, user: '5000' }),
  message(at, asteriskPort, callersPort, { method: 'INVITE', callId, status: 200 }),
];
const rung = (at: number, agent: string, callId: string): SipMessage => message(at, asteriskPort, phonesPort, { method: 'INVITE', callId, user: agent });
const hungUp = (at: number, callId: string): SipMessage => message(at, phonesPort, asteriskPort, { method: 'BYE', callId });
const released = (at: number, callId: string): SipMessage => message(at, asteriskPort, callersPort, { method: 'BYE', callId });
const looked = (messages: readonly SipMessage[], agents: number, end = 100) => figuresOf({ messages, asteriskPort, phonesPort, agents, endUs: seconds(end) });

test('the gap is from the BYE to the next INVITE to the same agent, where a caller waits', () => {
  const figures = looked([
    ...calls(0, 'a'), rung(0.25, '1', 'x'), ...calls(1, 'b'), hungUp(5, 'x'), released(5, 'a'), rung(5.5, '1', 'y'), hungUp(9, 'y'), released(9, 'b'),
  ], 1);
  expect(figures).toEqual({ gapsMs: [500], gapsAtUs: [seconds(5)], wallS: 9, callers: 2, answered: 2, wastedS: 0.75, meanWaitS: (0.25 + 4.5) / 2, meanHandleS: (4.75 + 3.5) / 2 });
});

test('an agent who hangs up with nobody in line for him has no gap', () => {
  const figures = looked([...calls(0, 'a'), rung(0, '1', 'x'), hungUp(3, 'x'), ...calls(9, 'b'), rung(9, '1', 'y'), hungUp(10, 'y')], 1);
  expect(figures).toMatchObject({ gapsMs: [], wastedS: 0 });
});

test('of two agents who hang up with one caller in line only the first is owed him', () => {
  const messages = [...calls(0, 'a'), ...calls(0, 'b'), rung(0, '1', 'x'), rung(0, '2', 'y'), ...calls(1, 'c'), hungUp(4, 'x'), hungUp(4.1, 'y'), rung(4.5, '1', 'z')];
  expect(looked(messages, 2).gapsMs).toEqual([500]);
  // Nor the second when another was faster.
  expect(looked([...messages.slice(0, -1), rung(4.5, '2', 'z')], 2).gapsMs).toEqual([]);
});

test('an agent who is not rung although a caller waits counts as long as one looked', () => {
  const figures = looked([...calls(0, 'a'), rung(0, '1', 'x'), ...calls(1, 'b'), hungUp(4, 'x')], 1, 34);
  expect(figures).toMatchObject({ gapsMs: [30_000], wastedS: 30, answered: 1 });
});

test('a phone that refuses gives the caller back to the line', () => {
  const refused = message(1, phonesPort, asteriskPort, { method: 'INVITE', callId: 'x', status: 486 });
  const figures = looked([...calls(0, 'a'), rung(0, '1', 'x'), refused, rung(3, '1', 'y'), hungUp(4, 'y')], 1);
  expect(figures).toMatchObject({ gapsMs: [], answered: 1, wastedS: 2, meanHandleS: 1 });
});
