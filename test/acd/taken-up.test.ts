import { describe, expect, test } from 'vitest';
import { makeCentre } from '../../src/acd/centre.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Stored } from '../../src/acd/journal-port.ts';
import { contactId } from '../../src/base/ids.ts';
import { agentLeg } from '../../src/telephony/ids.ts';
import { Table } from '../support/decider.ts';
import { sampleRouting } from '../support/sample-routing.ts';

describe('a stored state of which one entity could not be read', () => {
  test.each(['contacts', 'agents', 'offers'] as const)('is a sound state without any of its %s, and its callers are served', (missing) => {
    const { stored, at } = oneTalkingOneRinging();
    const table = new Table(makeCentre(sampleRouting(), { ...stored, [missing]: [] }, at));
    expect(violations(table.centre)).toEqual([]);
    table.at = at;
    const legs = stored.contacts.map(({ leg }) => ({ leg, role: 'caller', state: 'up', ani: '', dnis: '4000', since: 0 }) as const);
    const phone = { leg: agentLeg(stored.contacts[0]?.id ?? contactId(''), 1), role: 'agent', state: 'up', ani: '', dnis: '', since: 0 } as const;
    table.do({ type: 'switch-seen', startedAt: -1, legs: [...legs, phone], bridges: [], devices: [] });
    table.wait(120_000);
    expect([...table.centre.contacts.values()].map(({ leg }) => leg)).toEqual(expect.arrayContaining(legs.map(({ leg }) => leg)));
  });

  test('a whole one is taken up as it is', () => {
    const { stored, at } = oneTalkingOneRinging();
    const centre = makeCentre(sampleRouting(), stored, at);
    expect([...centre.contacts.values()]).toEqual(stored.contacts);
    expect([...centre.offers.values()]).toEqual(stored.offers);
    expect(['1001', '1002'].map((id) => [...centre.agents.values()].find((agent) => agent.id === id)?.presence.status)).toEqual(['talking', 'offered']);
  });
});

function oneTalkingOneRinging(): { stored: Stored; at: number } {
  const table = new Table();
  table.signIn('1001', '1002');
  const talking = table.queued();
  table.queued();
  table.answer(talking);
  return { stored: { contacts: [...table.centre.contacts.values()], agents: [...table.centre.agents.values()], offers: [...table.centre.offers.values()], closed: [...table.centre.closed.values()] }, at: table.at };
}
