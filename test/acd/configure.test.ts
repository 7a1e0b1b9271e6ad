import { describe, expect, test } from 'vitest';
import type { QueueConfig } from '../../src/config/centre-config.ts';
import type { Routing } from '../../src/acd/model.ts';
import { queueId } from '../../src/base/ids.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { Table } from '../support/decider.ts';
import { agent, sampleRouting } from '../support/sample-routing.ts';

/** The sample with another version, and each queue as it is changed to. */
function changed(queues: Readonly<Record<string, Partial<QueueConfig> | undefined>>, version = 'next'): Routing {
  const routing = sampleRouting({ version });
  const kept = [...routing.queues].filter(([id]) => !(id in queues) || queues[id] !== undefined);
  return { ...routing, queues: new Map(kept.map(([id, queue]) => [id, { ...queue, ...queues[id] }])) };
}

describe('a new configuration, taken while calls are there', () => {
  test('needs that become milder connect whoever waits, at once', () => {
    const table = new Table();
    table.signIn('1003');
    const contact = table.queued('billing');
    expect(table.rungFor(contact)).toBeUndefined();
    table.do({ type: 'configure', routing: changed({ billing: { needs: { text: 'true', tree: { type: 'anyone' } } } }) });
    expect(table.rungFor(contact)).toBe('1003');
    expect(table.types()).toEqual(['configured', 'offer-made', 'presence-changed']);
  });

  test('an overflow that is new counts from when they came', () => {
    const table = new Table();
    const contact = table.queued('general');
    table.wait(30_000);
    table.do({ type: 'configure', routing: changed({ general: { overflow: { afterMs: 45_000, to: queueId('billing') } }, billing: { maxWaiting: 10 } }) });
    table.wait(14_000);
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ status: 'waiting', queue: 'general' });
    table.wait(1_000);
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ status: 'waiting', queue: 'billing' });
  });

  test('a talk, a place and a log-in stay what they are', () => {
    const table = new Table();
    table.signIn('1001');
    const talking = table.queued('billing');
    table.answer(talking);
    const waiting = table.queued('billing');
    const before = [...table.centre.contacts.values()];
    table.do({ type: 'configure', routing: changed({ general: { priority: 5 } }) });
    expect([...table.centre.contacts.values()]).toEqual(before);
    expect(standingIn(table.centre, queueId('billing'))).toEqual([waiting]);
    expect(table.presence('1001')).toBe('talking');
  });

  test('a queue with callers may not vanish: it is said which, and nothing changes', () => {
    const table = new Table();
    table.queued('billing');
    const { routing } = table.centre;
    expect(table.do({ type: 'configure', routing: changed({ billing: undefined }) })).toEqual({ ok: false, refusal: { code: 'queue-in-use', detail: 'billing' } });
    expect(table.centre.routing).toBe(routing);
  });

  test('unless another replaces it: its callers stand there with their age', () => {
    const table = new Table();
    const [first, second] = [table.queued('billing'), table.queued('general')];
    table.do({ type: 'configure', routing: changed({ billing: undefined, general: { replaces: [queueId('billing')] } }) });
    expect(standingIn(table.centre, queueId('general'))).toEqual([first, second]);
    expect(table.history).toContainEqual(expect.objectContaining({ type: 'contact-overflowed', contact: first, from: 'billing', queue: 'general', because: 'queue-removed' }));
  });

  test('the same version again is no news', () => {
    const table = new Table();
    expect(table.do({ type: 'configure', routing: sampleRouting() })).toEqual({ ok: false, refusal: { code: 'already' } });
  });

  test('an older flow that leads to a queue that is gone: into its replacement, else the way of a full queue', () => {
    const table = new Table();
    const [replaced, gone] = [table.call(), table.call()];
    table.do({ type: 'configure', routing: changed({ billing: undefined, general: { replaces: [queueId('billing')] } }) });
    table.enqueue(replaced, 'billing');
    expect(table.centre.contacts.get(replaced)?.state).toMatchObject({ status: 'waiting', queue: 'general' });
    table.do({ type: 'configure', routing: changed({ billing: undefined }, 'after') });
    table.enqueue(gone, 'billing');
    expect(table.types()).toEqual(['flow-moved', 'contact-turned-away']);
    expect(table.history.at(-1)).toMatchObject({ reason: 'queue-removed', queue: 'billing' });
    expect(table.centre.contacts.get(gone)?.state.status).toBe('in-flow');
  });

  test('an agent who left it goes offline, after the call where there is one; a new one is there to sign in', () => {
    const table = new Table();
    table.signIn('1001', '1002');
    const talking = table.queued('billing');
    table.answer(talking);
    table.do({ type: 'configure', routing: { ...sampleRouting({ version: 'next', agents: [agent('1003', {}), agent('1004', { billing: 3 })] }) } });
    expect([table.presence('1001'), table.presence('1002')]).toEqual(['talking', 'offline']);
    table.signIn('1004');
    expect(table.presence('1004')).toBe('ready');
    table.hangUp(talking);
    table.wait(20_000);
    expect(table.presence('1001')).toBe('offline');
  });
});
