import { expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { LegEnd } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';

const one = agentId('1001');

/** 1001 talks, and another caller waits. */
function talking(): { table: Table; end: (end: LegEnd) => void; next: ContactId } {
  const table = new Table();
  table.signIn('1001');
  const contact = table.queued();
  const leg = table.ringing(contact);
  table.answer(contact);
  table.do({ type: 'device-changed', agent: one, device: 'in-call' });
  const next = table.queued();
  return { table, next, end: (end) => void table.do({ type: 'leg-down', leg, end }) };
}

test('an agent who hangs up has an idle phone, before the switch has said so', () => {
  const { table, end } = talking();
  end('hung-up');
  expect(table.centre.agents.get(one)?.device).toBe('idle');
  expect(table.types()[0]).toBe('device-changed');
  // Then it says so, and there is nothing new in it.
  table.do({ type: 'device-changed', agent: one, device: 'idle' });
  expect(table.types()).toEqual([]);
});

test('the next caller is rung in the same step as the wrap-up ends, without another word of the phone', () => {
  const { table, end, next } = talking();
  end('hung-up');
  table.do({ type: 'finish-wrap-up', agent: one });
  expect(table.rungFor(next)).toBe(one);
});

test('a phone that was lost in the talk is not called idle', () => {
  const { table, end } = talking();
  end('failed');
  expect(table.centre.agents.get(one)?.device).toBe('in-call');
});
