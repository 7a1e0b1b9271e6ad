import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { explainAgent } from '../../src/acd/explain-agent.ts';
import { explainContact } from '../../src/acd/explain.ts';
import type { JournalEvent } from '../../src/acd/messages.ts';
import { beginning, follow } from '../../src/acd/moment.ts';
import type { Moment } from '../../src/acd/moment.ts';
import { unmetOf } from '../../src/acd/unmet.ts';
import { Table } from '../support/decider.ts';
import { sampleRouting } from '../support/sample-routing.ts';

const routing = sampleRouting();

function start(): Moment {
  const moment = beginning(routing, (version) => (version === routing.version ? routing : undefined));
  moment.centre.switchUp = true;
  return moment;
}
const journal = ({ history }: Table): JournalEvent[] => history.map((event, index) => ({ id: `1-${index + 1}`, event }));
const why = (table: Table, contact: ContactId) => explainContact(start(), journal(table), contact);
const whyNot = (table: Table, contact: ContactId, agent: string) => explainAgent(start(), journal(table), contact, agentId(agent)).map(({ verdict }) => verdict);

describe('why a contact went where it went', () => {
  test('of an offer: who was rung, who came behind and by what, who could not be rung and why', () => {
    const table = new Table();
    table.signIn('1002', '1001');
    const contact = table.queued('billing');
    const offer = why(table, contact).find(({ event }) => event.type === 'offer-made');
    expect(offer).toMatchObject({ recomputed: true, rule: { file: 'queues.yaml', path: ['billing', 'strategy'] }, asked: { position: 1, length: 1, needs: 'billing >= 3', strategy: 'longest-idle', priority: { effective: 0 } } });
    expect(offer?.asked?.candidates).toMatchObject([
      { agent: '1002', verdict: { code: 'rung', score: { level: 1, key: 0 } } },
      { agent: '1001', verdict: { code: 'lower-rank', by: 'key' }, rule: { file: 'queues.yaml', path: ['billing', 'strategy'] } },
      { agent: '1003', verdict: { code: 'needs-unmet', unmet: [{ part: 'billing >= 3', has: { billing: 0 } }] }, rule: { file: 'queues.yaml', path: ['billing', 'needs'] } },
    ]);
  });

  test('of one who waits: why nobody is rung, to the present', () => {
    const table = new Table();
    table.signIn('1001', '1002');
    table.do({ type: 'pause', agent: agentId('1002'), reason: 'lunch' });
    const first = table.queued('billing');
    table.answer(first);
    const contact = table.queued('billing', 3);
    const queued = why(table, contact).at(-1);
    expect(queued).toMatchObject({ event: { type: 'contact-queued' }, asked: { priority: { own: 3, effective: 3 } } });
    expect(queued?.asked?.candidates.map(({ agent, verdict }) => [agent, verdict.code])).toEqual([['1001', 'talking'], ['1002', 'paused'], ['1003', 'needs-unmet']]);
  });

  test('an overflow names the line of the queue that it left', () => {
    const table = new Table();
    const contact = table.queued('billing');
    table.wait(60_000);
    expect(why(table, contact).find(({ event }) => event.type === 'contact-overflowed')?.rule).toEqual({ file: 'queues.yaml', path: ['billing', 'overflow'] });
  });

  test('what another configuration decided is not told as if this one had', () => {
    const table = new Table();
    const contact = table.queued('billing');
    table.do({ type: 'configure', routing: sampleRouting({ version: 'newer' }) });
    table.signIn('1001');
    const decisions = why(table, contact);
    expect(decisions[0]).toMatchObject({ version: 'test' });
    expect(decisions[0]).not.toHaveProperty('otherRules');
    expect(decisions.at(-1)).toMatchObject({ event: { type: 'offer-made' }, version: 'newer', otherRules: true });
  });
});

describe('why an agent did not get a contact', () => {
  test('on another call, then in wrap-up, then rung for one that came first', () => {
    const table = new Table();
    table.signIn('1001');
    const first = table.queued('billing');
    table.answer(first);
    const contact = table.queued('billing');
    const vip = table.queued('billing', 5);
    table.hangUp(first);
    table.wait(20_000);
    expect(table.rungFor(vip)).toBe('1001');
    expect(whyNot(table, contact, '1001').map(({ code }) => code)).toEqual(['talking', 'wrap-up', 'other-first', 'ringing']);
    expect(whyNot(table, contact, '1001')[2]).toMatchObject({ contact: vip, own: { effective: 0 }, other: { effective: 5 } });
    expect(whyNot(table, contact, '1003')).toMatchObject([{ code: 'needs-unmet' }]);
  });

  test('of needs the parts that are not met', () => {
    const level = (skill: string, atLeast: number) => ({ type: 'level', skill, is: '>=', level: atLeast }) as const;
    expect(unmetOf({ a: 2 }, { type: 'all', of: [level('a', 2), level('b', 1), { type: 'not', of: level('a', 1) }] })).toEqual([{ part: 'b >= 1', has: { b: 0 } }, { part: '!(a >= 1)', has: { a: 2 } }]);
    expect(unmetOf({ a: 2 }, { type: 'any', of: [level('a', 2), level('b', 1)] })).toEqual([]);
  });
});

test('what a process knew of phones is forgotten with it, and what the next one saw is not', () => {
  const moment = start();
  const tell = (id: string, event: JournalEvent['event']): void => follow(moment, { id, event });
  const device = (id: string, agent: string) => tell(id, { type: 'device-changed', at: 1, agent: agentId(agent), device: 'in-call' });
  tell('1-1', { type: 'switch-changed', at: 0, up: true, version: 'test' });
  device('1-2', '1001');
  device('1-3', '1002');
  device('2-1', '1002');
  expect(moment.centre.agents.get(agentId('1001'))?.device).toBe('in-call');
  tell('2-2', { type: 'switch-changed', at: 2, up: true, version: 'newer' });
  expect(['1001', '1002'].map((id) => moment.centre.agents.get(agentId(id))?.device)).toEqual(['unknown', 'in-call']);
  expect(moment.version).toBe('newer');
  // Redis forgot, the process did not: its switch goes and comes under the next number.
  tell('3-1', { type: 'switch-changed', at: 3, up: false });
  tell('3-2', { type: 'switch-changed', at: 4, up: true });
  expect(moment.centre.agents.get(agentId('1002'))?.device).toBe('in-call');
});
