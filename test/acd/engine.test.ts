import { describe, expect, test } from 'vitest';
import { agentId, contactId, legId, queueId } from '../../src/base/ids.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { Engine } from '../../src/acd/engine.ts';
import type { EngineOptions } from '../../src/acd/engine.ts';
import type { Batch, Committed, Journal } from '../../src/acd/journal-port.ts';
import type { Input, JournalEvent } from '../../src/acd/messages.ts';
import type { Order } from '../../src/telephony/port.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

/** A journal whose answers the test gives; what it was asked is kept. */
class ScriptedJournal implements Journal {
  readonly offered: Batch[] = [];
  readonly #answers: ((answer: Committed) => void)[] = [];
  readonly #asked = Promise.withResolvers<void>();
  /** The first commit is here. Its answer is waited for for a moment only, which a look now and then could miss. */
  readonly asked = this.#asked.promise;
  next: ((batch: Batch) => Committed['result'] | 'forgot') | null = () => 'committed';

  load(): Promise<never> {
    return Promise.reject(new Error('not used'));
  }

  commit(batch: Batch): Promise<Committed> {
    this.offered.push(batch);
    this.#asked.resolve();
    const { promise, resolve } = Promise.withResolvers<Committed>();
    if (this.next) resolve(answer(this.next(batch)));
    else this.#answers.push(resolve);
    return promise;
  }

  /** Answers the oldest open commit. */
  answer(result: Committed['result'] | 'forgot'): void {
    this.#answers.shift()?.(answer(result));
  }
}

function answer(result: Committed['result'] | 'forgot'): Committed {
  if (result === 'forgot') return { result: 'fenced', because: 'redis-forgot' };
  if (result === 'unavailable') return { result, error: new Error('away') };
  return result === 'committed' ? { result, events: [] } : { result };
}

function makeEngine(more: Partial<EngineOptions> = {}): { engine: Engine; journal: ScriptedJournal; orders: Order[]; log: string[]; clock: { at: number } } {
  const journal = new ScriptedJournal();
  const orders: Order[] = [];
  const log: string[] = [];
  const clock = { at: 1_000_000 };
  const engine = new Engine({
    centre: sampleCentre(sampleRouting(), clock.at),
    journal,
    epoch: 7,
    clock: { now: () => clock.at },
    send: (more) => orders.push(...more),
    onFatal: (error) => log.push(`fatal: ${error.message}`),
    onForgot: () => log.push('forgot'),
    onAway: (away) => log.push(away ? 'away' : 'back'),
    ...more,
  });
  return { engine, journal, orders, log, clock };
}

const arrival = (n: number, at = 1_000_000): Input => ({ type: 'call-arrived', at, contact: contactId(`c-${n}`), leg: legId(`1700000000.${n}`), ani: '', dnis: '4000' });
const enqueue = (n: number): Input => ({ type: 'flow-moved', at: 1_000_000, contact: contactId(`c-${n}`), path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'queue', queue: queueId('general'), priority: 0 } });

describe('the engine', () => {
  test('orders nothing, tells nobody and answers nobody before the commit', async () => {
    const { engine, journal, orders } = makeEngine();
    journal.next = null;
    const told: JournalEvent[] = [];
    engine.onCommitted((events) => told.push(...events));
    const outcome = engine.submit(arrival(1));
    await journal.asked;
    expect([orders, told]).toEqual([[], []]);
    journal.answer('committed');
    expect(await outcome).toMatchObject({ ok: true, events: [{ id: '7-1', event: { type: 'contact-arrived' } }] });
    expect(orders.map((order) => order.type)).toEqual(['claim', 'write-ticket']);
    expect(told.map(({ id }) => id)).toEqual(['7-1']);
    await engine.stop();
  });

  test('takes inputs that arrived together into one commit, numbered on without a gap', async () => {
    const { engine, journal } = makeEngine();
    await Promise.all([engine.submit(arrival(1)), engine.submit(arrival(2)), engine.submit(enqueue(1))]);
    await engine.submit(arrival(3));
    expect(journal.offered.map(({ firstSeq, events }) => [firstSeq, events.length])).toEqual([[1, 4], [5, 1]]);
    await engine.stop();
  });

  test('writes a place in line when it is taken and removes it when it is left', async () => {
    const { engine, journal } = makeEngine();
    await engine.submit(arrival(1));
    await engine.submit(enqueue(1));
    expect(journal.offered.at(-1)?.changes.lines.get(queueId('general'))).toEqual(new Map([['c-1', 1_000_000]]));
    await engine.submit({ type: 'leg-down', at: 1_000_000, leg: legId('1700000000.1'), end: 'hung-up' });
    expect(journal.offered.at(-1)?.changes.lines.get(queueId('general'))).toEqual(new Map([['c-1', null]]));
    expect(journal.offered.at(-1)?.changes.contacts).toEqual(new Map([['c-1', null]]));
    await engine.stop();
  });

  test('answers a refusal without a commit', async () => {
    const { engine, journal } = makeEngine();
    expect(await engine.submit({ type: 'make-ready', at: 1, agent: agentId('1001') })).toEqual({ ok: false, refusal: { code: 'not-signed-in' } });
    expect(journal.offered).toEqual([]);
    await engine.stop();
  });

  test('an answer of Redis that is a bug stops the engine also when it comes to what waited', async () => {
    const { engine, journal, log } = makeEngine();
    journal.next = () => 'unavailable';
    await engine.submit(arrival(1));
    journal.next = () => {
      throw new Error('WRONGTYPE');
    };
    await expect.poll(() => log).toEqual(['away', 'fatal: WRONGTYPE']);
    await engine.stop();
  });

  test('goes on while Redis is away and writes what waited, in order, when it is back', async () => {
    const { engine, journal, orders, log } = makeEngine();
    journal.next = () => 'unavailable';
    expect(await engine.submit(arrival(1))).toMatchObject({ ok: true });
    expect(await engine.submit(arrival(2))).toMatchObject({ ok: true });
    expect([orders.length, engine.spooled]).toEqual([4, 2]);
    const failed = journal.offered.length;
    journal.next = () => 'committed';
    await expect.poll(() => engine.spooled).toBe(0);
    expect(journal.offered.slice(failed).map(({ firstSeq }) => firstSeq)).toEqual([1, 2]);
    expect(log).toEqual(['away', 'back']);
    await engine.stop();
  });

  test('stops deciding when another owner exists: no order is given', async () => {
    const { engine, journal, orders, log } = makeEngine();
    journal.next = () => 'fenced';
    void engine.submit(arrival(1));
    await expect.poll(() => log).toEqual(['fatal: another owner decides for this centre']);
    expect(orders).toEqual([]);
    expect(await engine.submit(arrival(2))).toEqual({ ok: false, refusal: { code: 'not-owner' } });
  });

  test('writes everything again under the new epoch when Redis has forgotten', async () => {
    const { engine, journal, log } = makeEngine();
    await engine.submit(arrival(1));
    await engine.submit(enqueue(1));
    journal.next = () => 'forgot';
    await engine.submit(arrival(2));
    expect(log).toEqual(['forgot']);
    const fresh = new ScriptedJournal();
    await engine.rebase(fresh, 9);
    await engine.submit(arrival(3));
    await expect.poll(() => engine.spooled).toBe(0);
    const [first, second] = fresh.offered;
    expect(first).toMatchObject({ firstSeq: 1, replace: true, events: [] });
    expect(first?.earlier?.map(({ id, event }) => `${id} ${event.type}`)).toEqual(['7-1 contact-arrived', '7-2 flow-moved', '7-3 contact-queued', '7-4 contact-arrived']);
    expect([...(first?.changes.contacts.keys() ?? [])]).toEqual(['c-1', 'c-2']);
    expect(first?.changes.lines.get(queueId('general'))).toEqual(new Map([['c-1', 1_000_000]]));
    expect(second).toMatchObject({ firstSeq: 1 });
    await engine.stop();
  });

  test('a commit under the old epoch that meets the new one is kept, and told under it', async () => {
    const { engine, journal, log } = makeEngine();
    await engine.submit(arrival(1));
    journal.next = () => 'unavailable';
    await engine.submit(arrival(2));
    // The lease has found out first that Redis forgot, and takes it anew while what waited is tried again.
    engine.awaitRebase();
    const tried = journal.offered.length;
    journal.next = () => 'fenced';
    await expect.poll(() => journal.offered.length).toBeGreaterThan(tried);
    await engine.submit(arrival(3));
    const fresh = new ScriptedJournal();
    await engine.rebase(fresh, 9);
    await expect.poll(() => engine.spooled).toBe(0);
    expect(log.filter((line) => line.startsWith('fatal'))).toEqual([]);
    expect(fresh.offered[0]?.earlier?.map(({ id }) => id)).toEqual(['7-1', '7-2', '7-3']);
    await engine.stop();
  });

  test('is fenced as ever by another owner once everything was written again', async () => {
    const { engine, log } = makeEngine();
    engine.awaitRebase();
    const fresh = new ScriptedJournal();
    await engine.rebase(fresh, 9);
    await expect.poll(() => engine.spooled).toBe(0);
    fresh.next = () => 'fenced';
    void engine.submit(arrival(1));
    await expect.poll(() => log).toEqual(['fatal: another owner decides for this centre']);
  });

  test('tells a Redis that forgot what Postgres may not have, and nothing that it has', async () => {
    const { engine, journal } = makeEngine();
    for (const n of [1, 2, 3]) await engine.submit(arrival(n));
    engine.stored('7-2');
    journal.next = () => 'forgot';
    await engine.submit(arrival(4));
    const fresh = new ScriptedJournal();
    fresh.next = () => 'forgot';
    await engine.rebase(fresh, 9);
    await engine.submit(arrival(5));
    const again = new ScriptedJournal();
    await engine.rebase(again, 11);
    await expect.poll(() => engine.spooled).toBe(0);
    expect(again.offered[0]?.earlier?.map(({ id }) => id)).toEqual(['7-3', '7-3', '7-4', '9-1']);
    await engine.stop();
  });

  test('does not let callers wait for a Redis that is late: goes on, and writes on when the answer comes', async () => {
    const { engine, journal, orders, log } = makeEngine();
    journal.next = null;
    expect(await engine.submit(arrival(1))).toMatchObject({ ok: true });
    expect(await engine.submit(arrival(2))).toMatchObject({ ok: true });
    expect([orders.length, engine.spooled, journal.offered.length]).toEqual([4, 2, 1]);
    journal.next = () => 'committed';
    journal.answer('committed');
    await expect.poll(() => engine.spooled).toBe(0);
    expect(journal.offered.map(({ firstSeq }) => firstSeq)).toEqual([1, 2]);
    expect(log).toEqual([]);
    await engine.stop();
  });

  test('stops when the late answer is that another owner exists', async () => {
    const { engine, journal, log } = makeEngine();
    journal.next = null;
    await engine.submit(arrival(1));
    journal.answer('fenced');
    await expect.poll(() => log).toEqual(['fatal: another owner decides for this centre']);
  });

  test('believes the switch’s time of a fact only so far back', async () => {
    const { engine } = makeEngine();
    await engine.submit(arrival(1, 999_000));
    await engine.submit(arrival(2, 5));
    await engine.submit(arrival(3, 9_000_000));
    expect([...engine.centre.contacts.values()].map(({ arrivedAt }) => arrivedAt)).toEqual([999_000, 400_000, 1_000_000]);
    await engine.stop();
  });

  test('calls itself when a deadline comes', async () => {
    const { engine } = makeEngine({ clock: steadyClock, centre: sampleCentre(sampleRouting({ queues: { ringMs: 30 } }), steadyClock.now()) });
    await engine.submit({ type: 'sign-in', at: steadyClock.now(), agent: agentId('1003') });
    await engine.submit({ type: 'make-ready', at: steadyClock.now(), agent: agentId('1003') });
    await engine.submit(arrival(1, steadyClock.now()));
    await engine.submit({ ...enqueue(1), at: steadyClock.now() });
    await expect.poll(() => engine.centre.agents.get(agentId('1003'))?.presence).toMatchObject({ status: 'paused', reason: 'missed' });
    await engine.stop();
  });

  test('lets in fewer calls while each commit is slow, and as many as ever when they are quick again', async () => {
    const { engine, journal, clock } = makeEngine();
    journal.next = () => {
      clock.at += 700;
      return 'committed';
    };
    await engine.submit(arrival(1, clock.at));
    await engine.submit(arrival(2, clock.at));
    expect(engine.centre.doors.pace).toBe(1);
    await engine.submit(arrival(3, clock.at));
    await engine.submit(arrival(4, clock.at));
    expect(engine.centre.doors.pace).toBe(0.5);
    expect(journal.offered.at(-1)?.events.map(({ type }) => type)).toEqual(['pace-changed', 'alarm-raised', 'contact-arrived']);
    journal.next = () => 'committed';
    await engine.submit(arrival(5, clock.at));
    clock.at += 5_000;
    await engine.submit(arrival(6, clock.at));
    expect(engine.centre.doors.pace).toBe(1);
    await engine.stop();
  });

  test('one hang of the journal costs nobody the call', async () => {
    const { engine, journal, clock } = makeEngine();
    journal.next = null;
    const first = engine.submit(arrival(1));
    await journal.asked;
    const others = [2, 3, 4].map((n) => engine.submit(arrival(n)));
    clock.at += 30_000;
    journal.next = () => 'committed';
    journal.answer('unavailable');
    await Promise.all([first, ...others]);
    expect([...engine.centre.contacts.values()].map(({ state }) => state.status)).toEqual(Array(4).fill('in-flow'));
    expect(engine.centre.doors.pace).toBe(1);
    await engine.stop();
  });
});
