/** Needs: what a contact asks, of whom, and how that widens while it waits. */
import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { misfitOf } from '../../src/acd/fits.ts';
import { inLine } from '../../src/acd/ranking.ts';
import type { NeedsRule, QueueConfig, Widening } from '../../src/config/centre-config.ts';
import { readNeeds } from '../../src/config/needs.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const skills = new Set(['billing', 'lang', 'vip']);
const needs = (text: string): NeedsRule => readNeeds(text, skills, []).rule ?? expect.fail(text);
const after = (afterMs: number, text: string): Widening => ({ afterMs, needs: needs(text) });
const people = [agent('1001', { billing: 9, lang: 2 }, ['general']), agent('1002', { billing: 4, lang: 1 }, ['general']), agent('1003', {}, ['general'])];
const at = (queue: Partial<QueueConfig>, agents = people): Table => new Table(sampleCentre(sampleRouting({ queues: { overflow: undefined, ...queue } as Partial<QueueConfig>, agents })));
const rings = { needs: needs('billing >= 8'), relax: [after(30_000, 'billing >= 4'), after(60_000, 'true')] };

describe('a queue’s needs', () => {
  test('widen at their times, and idle agents are looked at at once', () => {
    const table = at(rings);
    table.signIn('1003', '1002');
    const contact = table.queued();
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(29_998);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(1);
    expect(table.last.ok && table.last.events).toMatchObject([{ type: 'contact-widened', contact, queue: 'general', needs: 1, own: 0, level: 0 }, { type: 'offer-made', agent: '1002' }, {}]);
  });

  test('that are each caller’s own leave nothing behind with an agent who is free all day', () => {
    const table = at({ needs: needs('lang >= caller.lang'), strategy: 'linear', wrapUpMs: 0 }, [agent('1001', { lang: 9 }, ['general']), agent('1002', { lang: 9 }, ['general'])]);
    table.signIn('1001', '1002');
    for (let calls = 0; calls < 400; calls += 1) {
      const contact = table.call(`1380000${1_000 + calls}`);
      table.enqueue(contact, 'general', 0, { data: { lang: String(calls % 5) } });
      expect(table.rungFor(contact)).toBe('1001');
      table.answer(contact);
      table.hangUp(contact);
      table.wait(100);
    }
    expect(table.centre.floor.free.get(agentId('1002'))?.length).toBeLessThan(70);
  });

  test('allow a freed agent at once whom the step allows by now, and no other', () => {
    const table = at(rings);
    const contact = table.queued();
    table.wait(40_000);
    table.signIn('1003');
    expect(table.rungFor(contact)).toBeUndefined();
    table.signIn('1002');
    expect(table.rungFor(contact)).toBe('1002');
  });

  test('are told apart: an agent takes the first whom he may have, not who is first of all', () => {
    const table = at(rings);
    const old = table.queued('general', 5);
    table.wait(30_000);
    const young = table.queued('general', 9);
    table.signIn('1002');
    expect([table.rungFor(old), table.rungFor(young)]).toEqual(['1002', undefined]);
    table.signIn('1001');
    expect(table.rungFor(young)).toBe('1001');
  });

  test('go on widening while a phone rings in vain, and do not narrow again', () => {
    const table = at(rings);
    table.signIn('1001', '1003');
    const contact = table.queued();
    expect(table.rungFor(contact)).toBe('1001');
    table.at = 60_500;
    table.phoneSays(contact, 'rejected');
    expect(table.rungFor(contact)).toBe('1003');
  });

  test('take both steps at once where the time of both has passed unseen, as after the switch was away', () => {
    const table = at(rings);
    table.signIn('1003');
    const contact = table.queued();
    table.do({ type: 'switch-lost' });
    table.wait(90_000);
    expect(table.rungFor(contact)).toBeUndefined();
    table.do({ type: 'switch-resumed' });
    expect(table.history.filter(({ type }) => type === 'contact-widened')).toMatchObject([{ needs: 2 }]);
    expect(table.rungFor(contact)).toBe('1003');
  });

  test('are as wide as they were after a restart', () => {
    const table = at(rings);
    const contact = table.queued();
    table.wait(31_000);
    const { centre } = table;
    const again = new Table(makeCentre(centre.routing, JSON.parse(JSON.stringify({ contacts: [...centre.contacts.values()], agents: [], offers: [], closed: [] })) as never, table.at));
    again.centre.switchUp = true;
    again.at = table.at;
    again.signIn('1003', '1002');
    expect(again.rungFor(contact)).toBe('1002');
  });

  test('begin anew in another queue', () => {
    const routing = sampleRouting({ agents: people });
    const queues = new Map([...routing.queues].map(([id, queue]): [typeof id, QueueConfig] => [id, id === 'general' ? { ...queue, ...rings } : queue]));
    const table = new Table(sampleCentre({ ...routing, queues }));
    table.signIn('1002');
    const contact = table.queued('billing');
    table.wait(60_000);
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ queue: 'general' });
    table.wait(29_000);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(1_000);
    expect(table.rungFor(contact)).toBe('1002');
  });

  test('of a new configuration are asked at once', () => {
    const table = at({ needs: needs('billing >= 8') });
    table.signIn('1002');
    const contact = table.queued();
    table.at += 45_000;
    table.do({ type: 'configure', routing: sampleRouting({ version: 'wider', queues: rings, agents: people }) });
    table.wait(0);
    expect(table.rungFor(contact)).toBe('1002');
  });
});

describe('variables', () => {
  test('are what the flow found out of this caller', () => {
    const table = at({ needs: needs('lang == caller.lang') });
    table.signIn('1001', '1002', '1003');
    const [one, two] = ['1', '2'].map((lang) => table.queued('general', 0, { data: { lang } }));
    expect([table.rungFor(one ?? expect.fail()), table.rungFor(two ?? expect.fail())]).toEqual(['1002', '1001']);
  });

  test.each([['nobody set it', {}], ['it is no level', { lang: 'zh' }], ['it is too much', { lang: '11' }]])('count as 0 where %s', (_, data) => {
    const table = at({ needs: needs('lang == data.lang') });
    table.signIn('1001', '1003');
    expect(table.rungFor(table.queued('general', 0, { data }))).toBe('1003');
  });

  test('make callers who differ wait side by side, each for the own agents', () => {
    const table = at({ needs: needs('lang >= caller.lang && billing >= 1') });
    const [two, one] = ['2', '1'].map((lang) => table.queued('general', 0, { data: { lang } }));
    table.signIn('1002');
    expect([table.rungFor(two ?? expect.fail()), table.rungFor(one ?? expect.fail())]).toEqual([undefined, '1002']);
    table.signIn('1001');
    expect(table.rungFor(two ?? expect.fail())).toBe('1001');
  });
});

describe('a contact’s own needs', () => {
  const asks = [after(0, 'lang >= 2'), after(20_000, 'lang >= 1')];

  test('are asked beside the queue’s', () => {
    const table = at({ needs: needs('billing >= 1') });
    table.signIn('1003', '1002', '1001');
    expect(table.rungFor(table.queued('general', 0, { asks }))).toBe('1001');
  });

  test('widen by their own steps, and count from when the caller began to wait', () => {
    const table = at({ needs: needs('billing >= 8'), relax: [after(30_000, 'billing >= 1')] });
    table.signIn('1002');
    const contact = table.queued('general', 0, { asks });
    table.wait(20_000);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(10_000);
    expect(table.rungFor(contact)).toBe('1002');
  });

  test('go with the contact into another queue', () => {
    const routing = sampleRouting({ agents: people });
    const table = new Table(sampleCentre(routing));
    table.signIn('1003', '1002');
    const contact = table.queued('billing', 0, { asks: [after(0, 'lang >= 1')] });
    table.wait(60_000);
    expect(table.rungFor(contact)).toBe('1002');
  });
});

describe('levels with a wait', () => {
  const people = [1, 2, 4].map((level, index) => ({ ...agent(`100${index + 1}`, {}, ['general']), levels: { general: { level, position: 1 } } }));

  test('keep the further ones free until the caller has waited long enough for each level', () => {
    const table = at({ levelWaitMs: 10_000 }, people);
    table.signIn('1003', '1002');
    const contact = table.queued();
    table.wait(9_998);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(1);
    expect(table.rungFor(contact)).toBe('1002');
    table.phoneSays(contact, 'rejected');
    table.wait(19_999);
    expect(table.rungFor(contact)).toBeUndefined();
    table.wait(1);
    expect(table.rungFor(contact)).toBe('1003');
  });

  test('without a wait, the next level is rung as soon as the one before is busy', () => {
    const table = at({}, people);
    table.signIn('1003', '1001');
    expect([table.rungFor(table.queued()), table.rungFor(table.queued())]).toEqual(['1001', '1003']);
  });
});

test('why an agent is not rung is told by those who choose', () => {
  const table = at(rings);
  table.signIn('1003', '1002');
  const contact = table.queued();
  const why = (id: string) => {
    const waiting = inLine(table.centre.contacts.get(contact));
    const one = table.centre.agents.get(agentId(id));
    return waiting && one && misfitOf(table.centre, waiting, one);
  };
  expect([why('1002'), why('1001')]).toEqual(['needs-unmet', 'not-ready']);
  table.wait(30_000);
  expect(why('1002')).toBe('not-ready');
  // The first need's, and the step's while somebody waits for it.
  expect(table.centre.floor.pools.get(queueId('general'))?.size).toBe(1);
});

test('a hundred kinds of callers leave no hundred pools behind', () => {
  const table = at({ needs: needs('lang >= caller.lang && billing >= caller.need') });
  for (let one = 0; one <= 10; one += 1) {
    for (let other = 0; other <= 10; other += 1) {
      table.at += 3_000;
      table.hangUp(table.queued('general', 0, { data: { lang: String(one), need: String(other) } }));
    }
  }
  expect(table.centre.floor.pools.get(queueId('general'))?.size).toBeLessThanOrEqual(32);
});
