import { describe, expect, test } from 'vitest';
import { makeCentre } from '../../src/acd/centre.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Event } from '../../src/acd/messages.ts';
import { replay, type Histories } from '../../src/acd/replay.ts';
import { agentId, type ContactId } from '../../src/base/ids.ts';
import { Table, linesOf } from '../support/decider.ts';
import { sampleRouting } from '../support/sample-routing.ts';

/** As Postgres would give them: by contact, and of each agent from the last change of presence on. */
function historiesOf(events: readonly Event[]): Histories {
  const contacts = new Map<ContactId, Event[]>();
  for (const event of events) if ('contact' in event) contacts.set(event.contact, [...(contacts.get(event.contact) ?? []), event]);
  const agents = ['1001', '1002', '1003'].flatMap((id) => {
    const own = events.filter((event) => 'agent' in event && event.agent === agentId(id) && ['presence-changed', 'presence-requested', 'disposition-set'].includes(event.type));
    return own.slice(own.findLastIndex(({ type }) => type === 'presence-changed'));
  });
  return { contacts, agents, queues: events.filter(({ type }) => type === 'queue-closed' || type === 'queue-reopened') };
}

function busyCentre(): Table {
  const table = new Table();
  table.signIn('1001', '1002', '1003');
  const talks = table.queued('billing', 5);
  table.answer(talks);
  const wrapsUp = table.queued();
  table.answer(wrapsUp);
  table.do({ type: 'pause-recording', agent: agentId('1001') });
  table.do({ type: 'sign-out', agent: agentId('1001') });
  table.at += 1_000;
  table.hangUp(wrapsUp);
  table.do({ type: 'dispose', agent: agentId('1003'), contact: wrapsUp, disposition: { code: 'solved', note: '' } });
  table.queued();
  table.queued('billing');
  table.queued('general', 7);
  table.call();
  return table;
}

describe('a state made again from its events', () => {
  test('is the same state: places, talks, offers, counts, agents and what they asked for', () => {
    const { centre, history } = busyCentre();
    const made = replay(sampleRouting(), historiesOf(history));
    expect(made.leftOut).toEqual([]);
    expect(new Map(made.contacts.map((contact) => [contact.id, contact]))).toEqual(centre.contacts);
    expect(new Map(made.offers.map((offer) => [offer.id, offer]))).toEqual(centre.offers);
    expect(new Map(made.agents.map((agent) => [agent.id, agent]))).toEqual(centre.agents);
    const again = makeCentre(sampleRouting(), made, centre.at);
    expect(violations(again)).toEqual([]);
    expect(linesOf(again)).toEqual(linesOf(centre));
  });

  test('knows of an agent what was asked for before the last change of presence', () => {
    const table = new Table();
    table.signIn('1001', '1003');
    const contact = table.queued();
    table.answer(contact);
    const agent = [...table.centre.agents.values()].find(({ presence }) => presence.status === 'talking')?.id ?? agentId('');
    table.do({ type: 'sign-out', agent });
    table.hangUp(contact);
    expect(table.presence(agent)).toBe('wrap-up');
    const made = replay(sampleRouting(), historiesOf(table.history));
    expect(made.agents.find(({ id }) => id === agent)).toEqual(table.centre.agents.get(agent));
    expect(table.centre.agents.get(agent)).toMatchObject({ then: { status: 'offline' } });
  });

  test('goes on counting where the events end', () => {
    const { centre, history, at } = busyCentre();
    const table = new Table(makeCentre(sampleRouting(), replay(sampleRouting(), historiesOf(history)), at));
    table.at = at;
    const [contact] = [...centre.contacts.values()];
    table.do({ type: 'leg-down', leg: contact?.leg ?? ('' as never), end: 'hung-up' });
    expect(table.history.filter((event) => 'contact' in event && event.contact === contact?.id && event.n !== undefined).map(({ n }) => n)?.[0]).toBe(contact?.next);
  });

  test('a contact whose history has a hole is left out, and harms no other', () => {
    const { centre, history } = busyCentre();
    const histories = historiesOf(history);
    const [broken, whole] = [...histories.contacts].filter(([, events]) => events.some(({ type }) => type === 'offer-ended'));
    const holed = new Map([...histories.contacts, [broken?.[0] ?? ('' as never), (broken?.[1] ?? []).filter(({ type }) => type !== 'offer-made')]]);
    const made = replay(sampleRouting(), { ...histories, contacts: holed });
    expect(made.leftOut).toEqual([broken?.[0]]);
    expect(whole).toBeDefined();
    const sound = makeCentre(sampleRouting(), made, centre.at);
    expect(violations(sound)).toEqual([]);
    expect(sound.contacts.size).toBe(centre.contacts.size - 1);
  });

  test('nobody was there: an empty centre', () => {
    expect(replay(sampleRouting(), { contacts: new Map(), agents: [], queues: [] })).toMatchObject({ contacts: [], agents: [], offers: [] });
  });
});
