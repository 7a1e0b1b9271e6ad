import { describe, expect, test } from 'vitest';
import { decision } from '../../cli/decision-words.ts';
import { explainContact } from '../../src/acd/explain.ts';
import type { Decision } from '../../src/acd/explain.ts';
import { beginning } from '../../src/acd/moment.ts';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { CallbackRule, QueueConfig } from '../../src/config/centre-config.ts';
import { answers, left, memory, misses } from '../support/called-back.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const supervisor: AgentConfig = { ...agent('2001', {}, []), role: 'supervisor' };
const by = agentId('2001');
const rule: CallbackRule = { dial: 'customer-first', key: '9', trunk: 'carrier', allow: ['1'], otherNumber: true, accept: 'key', near: 1, ringMs: 30_000, tries: 2, againMs: { busy: 60_000, noAnswer: 60_000, unreachable: 60_000 }, expiresMs: 3_600_000, openMax: 2 };
const tableOf = (queues: Partial<QueueConfig> = {}, more: Parameters<typeof sampleRouting>[0] = {}): Table =>
  new Table(sampleCentre(sampleRouting({ queues, agents: [agent('1001', {}, ['general']), agent('1002', {}, ['general']), supervisor], ...more })));

function told(table: Table, contact: ContactId, first = table.centre.routing): readonly Decision[] {
  const moment = beginning(first, (version) => (version === first.version ? first : table.centre.routing));
  moment.centre.switchUp = true;
  const decisions = explainContact(moment, table.history.map((event, index) => ({ id: `1-${index + 1}`, event })), contact);
  for (const { event, reason } of decisions) {
    const [zh, en] = [decision(event, 'zh'), decision(event, 'en')];
    expect([zh, en], 'said in both languages').not.toContain(event.type);
    expect(zh).not.toBe(en);
    if (reason?.includes('-')) expect(zh, 'a code is no word').not.toContain(reason);
  }
  return decisions;
}
const timeline = (...of: Parameters<typeof told>): string[] => told(...of).map(({ event, reason, rule: decided }) => [event.type, ...(reason === undefined ? [] : [reason]), ...(decided === undefined ? [] : [`${decided.file}:${decided.path.join('.')}`])].join(' '));
const arrived = 'contact-arrived centre.yaml:numbers.4000';

describe('why tells each decision with its reason and its rule', () => {
  test('of ring-all the phones that rang, the one that turned it away, and those that another was quicker than', () => {
    const table = tableOf({ strategy: 'ring-all' }, { agents: ['1001', '1002', '1003'].map((id) => agent(id, {}, ['general'])) });
    table.signIn('1001', '1002', '1003');
    const contact = table.queued();
    table.phoneSays(contact, 'busy', '1003');
    table.answer(contact, '1002');
    table.hangUp(contact);
    expect(timeline(table, contact)).toEqual([
      arrived, 'contact-queued queues.yaml:general.priority',
      ...Array.from({ length: 3 }, () => 'offer-made strategy queues.yaml:general.strategy'),
      'offer-ended busy centre.yaml:backOff.busy',
      'offer-ended answered-elsewhere queues.yaml:general.strategy',
      'offer-ended accepted', 'contact-connected', 'contact-ended caller-hung-up',
    ]);
  });

  test('of a callback that it is due again, was answered, and by whom it was ended', () => {
    const table = tableOf({ callback: rule });
    table.signIn('1001');
    const talker = table.queued();
    table.answer(talker);
    const contact = left(table);
    misses(table, contact, 'busy');
    table.wait(60_000);
    answers(table, contact);
    table.do({ type: 'withdraw', agent: by, contact, reason: 'solved by mail' });
    expect(timeline(table, contact)).toEqual([
      arrived, 'contact-queued queues.yaml:general.priority', 'contact-left-queue callback queues.yaml:general.callback',
      'callback-asked queues.yaml:general.callback', 'callback-waiting', 'callback-due rest-over queues.yaml:general.callback.again',
      'callback-attempted turn-near queues.yaml:general.callback.near', 'callback-missed busy queues.yaml:general.callback.again', 'callback-due rest-over queues.yaml:general.callback.again',
      'callback-attempted turn-near queues.yaml:general.callback.near', 'callback-answered key-asked queues.yaml:general.callback.accept', 'contact-ended callback-withdrawn',
    ]);
  });

  test('of one who waits what befell its queue and the centre, and nothing of another queue or of another time', () => {
    const table = tableOf({ callback: rule });
    const earlier = table.call();
    table.do({ type: 'close-queue', agent: by, queue: queueId('general'), reason: '' });
    table.do({ type: 'reopen-queue', agent: by, queue: queueId('general') });
    table.enqueue(earlier, 'general', 0, { memory });
    table.do({ type: 're-prioritise', agent: by, contact: earlier, priority: 7 });
    table.do({ type: 'close-queue', agent: by, queue: queueId('billing'), reason: '' });
    table.do({ type: 'close-queue', agent: by, queue: queueId('general'), reason: 'fire drill', waiting: 'serve' });
    table.do({ type: 'reopen-queue', agent: by, queue: queueId('general') });
    table.do({ type: 'switch-lost' });
    table.do({ type: 'switch-resumed' });
    const first = table.centre.routing;
    table.do({ type: 'configure', routing: { ...first, version: 'newer' } });
    table.at += 1;
    table.do({ type: 'withdraw', agent: by, contact: earlier, reason: '' });
    expect(timeline(table, earlier, first)).toEqual([
      arrived, 'contact-queued queues.yaml:general.priority', 'contact-re-prioritised by-supervisor',
      'queue-closed by-supervisor', 'queue-reopened by-supervisor', 'switch-changed switch-away', 'switch-changed switch-back', 'configured',
      'contact-left-queue withdrawn',
    ]);
    expect(told(table, earlier, first).find(({ event }) => event.type === 'configured')?.asked).toMatchObject({ position: 1, priority: { own: 7 } });
  });

  test('of one kept for an agent why nobody waits for that one any more, and who hands it on to whom', () => {
    const table = tableOf({ sticky: { withinMs: 3_600_000, waitMs: 30_000 }, escalation: queueId('billing') }, { agents: [agent('1001', {}, ['general']), agent('1002', { billing: 5 }), supervisor] });
    table.signIn('1001');
    const talker = table.queued();
    table.do({ type: 'caller-known', contact: talker, last: null });
    table.answer(talker);
    const contact = table.call();
    table.do({ type: 'caller-known', contact, last: { agent: agentId('1001'), at: table.at }, tier: 'vip' });
    table.enqueue(contact);
    table.wait(30_000);
    table.signIn('1002');
    table.answer(contact);
    table.do({ type: 'escalate', agent: agentId('1002') });
    expect(timeline(table, contact)).toEqual([
      arrived, 'caller-known vip centre.yaml:order.vipTiers', 'contact-queued last-agent queues.yaml:general.sticky', 'hold-ended time queues.yaml:general.sticky.wait',
      'offer-made strategy queues.yaml:general.strategy', 'offer-ended accepted', 'contact-connected', 'contact-escalated by-agent queues.yaml:general.escalation',
    ]);
  });

  test('of what a queue would not take, asked less, or sent on', () => {
    const table = tableOf({ maxWaiting: 1, relax: [{ afterMs: 10_000, needs: { text: 'true', tree: { type: 'anyone' } } }] });
    const contact = table.queued('billing');
    const refused = table.call();
    table.enqueue(refused, 'billing');
    table.wait(60_000);
    table.do({ type: 'leg-down', leg: callerLeg(contact), end: 'hung-up' });
    expect(timeline(table, refused)).toEqual([arrived, 'contact-turned-away full queues.yaml:billing.maxWaiting']);
    expect(timeline(table, contact)).toEqual([
      arrived, 'contact-queued queues.yaml:billing.priority', 'contact-widened needs-relaxed queues.yaml:billing.relax.0',
      'contact-overflowed overflow queues.yaml:billing.overflow', 'contact-ended caller-hung-up',
    ]);
  });
});
