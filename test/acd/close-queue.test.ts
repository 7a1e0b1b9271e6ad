import { describe, expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { changesOf } from '../../src/acd/changes.ts';
import { standingIn } from '../../src/acd/lines.ts';
import type { EventOf } from '../../src/acd/messages.ts';
import type { Command } from '../../src/acd/commands.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting, supervised } from '../support/sample-routing.ts';

const general = queueId('general');
const supervisor = agentId('2001');
const tableOf = (queues: Partial<QueueConfig> = {}): Table => new Table(sampleCentre({ ...sampleRouting({ queues }), agents: supervised.agents }));
const close = (table: Table, more: Partial<Pick<Extract<Command, { type: 'close-queue' }>, 'agent' | 'queue' | 'reason' | 'waiting'>> = {}) => table.do({ type: 'close-queue', agent: supervisor, queue: general, reason: 'fire drill', ...more });
const reopen = (table: Table, by = supervisor) => table.do({ type: 'reopen-queue', agent: by, queue: general });
const turnedAway = (table: Table) => table.history.filter((event): event is EventOf<'contact-turned-away'> => event.type === 'contact-turned-away').map(({ contact, reason, by }) => [contact, reason, by]);
const statusOf = (table: Table, contact: ContactId) => table.centre.contacts.get(contact)?.state.status;

describe('a closed queue', () => {
  test('lets nobody in, and says who closed it; opened again it does', () => {
    const table = tableOf();
    close(table);
    expect(table.last.ok && table.last.events).toEqual([{ type: 'queue-closed', at: 0, queue: general, by: supervisor, reason: 'fire drill', waiting: 'serve' }]);
    const late = table.queued();
    expect(turnedAway(table)).toEqual([[late, 'closed', supervisor]]);
    reopen(table);
    expect(table.last.ok && table.last.events).toEqual([{ type: 'queue-reopened', at: 1, queue: general, by: supervisor, since: 0 }]);
    expect(statusOf(table, table.queued())).toBe('waiting');
  });

  test('serves those who wait, also one who is back by a key; nobody else comes back', () => {
    const table = tableOf({ redialMs: 60_000 });
    const [waits, presses, redials] = [table.queued('general', 0, { memory: {} }), table.queued('general', 0, { keys: ['1'], memory: {} }), table.call('13900000001')];
    table.enqueue(redials);
    table.hangUp(redials);
    close(table);
    table.press(presses, '1');
    table.enqueue(presses, 'general', 0, { memory: {} });
    expect(standingIn(table.centre, general)).toEqual([waits, presses]);
    const again = table.call('13900000001');
    table.enqueue(again);
    expect(turnedAway(table)).toEqual([[again, 'closed', supervisor]]);
    table.signIn('1001');
    expect(table.rungFor(waits)).toBe('1001');
  });

  test.each([['by the command', {}, 'leave' as const], ['by its own rule', { atClosing: 'leave' } as const, undefined]])('sends those who wait away where they are to leave, %s', (_, queues, waiting) => {
    const table = tableOf(queues);
    const [first, second] = [table.queued('general', 0, { memory: { node: 'line' } }), table.queued()];
    close(table, waiting === undefined ? {} : { waiting });
    expect(table.types()).toEqual(['queue-closed', 'contact-left-queue', 'contact-left-queue']);
    expect(table.last.ok && table.last.events[1]).toMatchObject({ contact: first, because: 'closed', by: supervisor, note: 'fire drill', memory: { node: 'line' } });
    expect([statusOf(table, first), statusOf(table, second), table.centre.lines.get(general)?.all.size]).toEqual(['in-flow', 'in-flow', 0]);
  });

  test('does not take a phone that rings from its caller; unanswered he goes, and is offered to nobody else', () => {
    const table = tableOf();
    table.signIn('1001', '1002');
    const contact = table.queued();
    close(table, { waiting: 'leave' });
    expect(statusOf(table, contact)).toBe('offered');
    table.phoneSays(contact, 'rejected');
    expect(table.types()).toContain('contact-left-queue');
    expect([statusOf(table, contact), table.presence('1002')]).toEqual(['in-flow', 'ready']);
  });

  test('lets a talk go on; one that is lost leads out', () => {
    const table = tableOf();
    table.signIn('1001');
    const contact = table.queued();
    table.answer(contact);
    close(table, { waiting: 'leave' });
    expect(statusOf(table, contact)).toBe('connected');
    const state = table.centre.contacts.get(contact)?.state;
    if (state?.status !== 'connected') return expect.fail(state?.status);
    table.do({ type: 'order-failed', order: { type: 'connect', bridge: state.bridge, legs: [table.centre.contacts.get(contact)?.leg ?? state.agentLeg, state.agentLeg] }, reason: 'refused', detail: '' });
    expect(table.types()).toEqual(expect.arrayContaining(['contact-requeued', 'contact-left-queue']));
    expect(statusOf(table, contact)).toBe('in-flow');
  });

  test('takes no caller whom an agent would hand on', () => {
    const routing = sampleRouting({ queues: { escalation: general } });
    const table = new Table(sampleCentre({ ...routing, agents: new Map([...supervised.agents, [agentId('1001'), agent('1001', { billing: 5 }, ['billing'])]]) }));
    table.signIn('1001');
    const contact = table.queued('billing');
    table.answer(contact);
    close(table);
    table.do({ type: 'escalate', agent: agentId('1001') });
    expect(table.types()).toEqual(['queue-takes-none']);
  });
});

describe('an overflow', () => {
  test('waits while the other queue is closed, and goes there when it opens again', () => {
    const table = new Table(sampleCentre(supervised));
    const contact = table.queued('billing');
    close(table);
    table.wait(300_000);
    expect(standingIn(table.centre, queueId('billing'))).toEqual([contact]);
    reopen(table);
    table.wait(0);
    expect(table.history.at(-1)).toMatchObject({ type: 'contact-overflowed', contact, queue: general });
    expect(standingIn(table.centre, general)).toEqual([contact]);
  });

  test('that could not be does not stop what else is due', () => {
    const table = tableOf({ maxWaitMs: 120_000 });
    const contact = table.queued('billing');
    close(table);
    table.wait(60_000);
    expect(statusOf(table, contact)).toBe('waiting');
    table.wait(60_000);
    expect(table.history.at(-1)).toMatchObject({ type: 'contact-left-queue', contact, because: 'waited' });
  });
});

describe('the command', () => {
  test('is refused for agents, strangers and unknown queues, and where it is so already', () => {
    const table = tableOf();
    const asked = (more: Parameters<typeof close>[1]): string[] => (close(table, more), table.types());
    expect([asked({ agent: agentId('1001') }), asked({ agent: agentId('9999') }), asked({ queue: queueId('none') })]).toEqual([['not-allowed'], ['unknown-agent'], ['unknown-queue']]);
    reopen(table);
    expect(table.types()).toEqual(['queue-open']);
    close(table);
    expect(asked({})).toEqual(['queue-closed']);
    reopen(table, agentId('1001'));
    expect(table.types()).toEqual(['not-allowed']);
  });
});

describe('what is kept', () => {
  test('it stays closed over a restart, and is among the changes that are written', () => {
    const table = tableOf();
    const decision = close(table);
    const closed = { id: general, since: 0, by: supervisor, reason: 'fire drill', waiting: 'serve' };
    expect(decision.ok && [...changesOf(table.centre, decision.touched, new Map()).closed]).toEqual([[general, closed]]);
    const again = new Table(makeCentre(table.centre.routing, JSON.parse(JSON.stringify({ contacts: [], agents: [], offers: [], closed: [...table.centre.closed.values()] })) as never, 1));
    again.centre.switchUp = true;
    again.queued();
    expect(again.history.some(({ type }) => type === 'contact-turned-away')).toBe(true);
    const opened = reopen(table);
    expect(opened.ok && [...changesOf(table.centre, opened.touched, new Map()).closed]).toEqual([[general, null]]);
  });

  test('a queue that is taken out of the configuration is closed no more', () => {
    const table = tableOf();
    close(table);
    const queues = new Map([...table.centre.routing.queues].filter(([id]) => id !== general).map(([id, { overflow: _, ...queue }]) => [id, queue]));
    table.do({ type: 'configure', routing: { ...table.centre.routing, version: 'without', queues } });
    expect(table.history.slice(-2)).toEqual(expect.arrayContaining([{ type: 'queue-reopened', at: 0, queue: general, since: 0 }]));
    expect(table.centre.closed.size).toBe(0);
  });

  test('so is one that was taken out while the service was down, and it is told; should it come back, it is open', () => {
    const table = tableOf();
    close(table);
    const { routing } = table.centre;
    const queues = new Map([...routing.queues].filter(([id]) => id !== general).map(([id, { overflow: _, ...queue }]) => [id, queue]));
    const again = new Table(makeCentre({ ...routing, version: 'without', queues }, { contacts: [], agents: [], offers: [], closed: [...table.centre.closed.values()] }, 1));
    again.do({ type: 'switch-seen', startedAt: 0, legs: [], bridges: [], devices: [] });
    expect(again.types()).toContain('queue-reopened');
    expect(again.last.ok && [...changesOf(again.centre, again.last.touched, new Map()).closed]).toEqual([[general, null]]);
    again.do({ type: 'configure', routing });
    expect(again.centre.closed.size).toBe(0);
  });
});
