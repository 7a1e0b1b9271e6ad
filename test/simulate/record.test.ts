import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTraffic } from '../../src/simulate/load-traffic.ts';
import { patienceBeyond, survivalOf } from '../../src/simulate/patience.ts';
import { stream } from '../../src/simulate/random.ts';
import { agentsIn, dutiesIn } from '../../src/simulate/recorded-agents.ts';
import { readCalls } from '../../src/simulate/recorded-calls.ts';
import type { SeenCall } from '../../src/simulate/recorded-calls.ts';
import { replicate } from '../../src/simulate/replicate.ts';

describe('patience from a record in which most were answered', () => {
  /** Kaplan and Meier by hand: at 2 one of 5 gives up, at 4 one of 3, at 9 the last. */
  const seen = survivalOf([{ waitMs: 2, gaveUp: true }, { waitMs: 3, gaveUp: false }, { waitMs: 4, gaveUp: true }, { waitMs: 6, gaveUp: false }, { waitMs: 9, gaveUp: true }]);

  test('is the share that still waits, which goes down where one gives up', () => {
    expect(seen.timesMs).toEqual([2, 4, 9]);
    expect(seen.shares.map((share) => Math.round(share * 1_000))).toEqual([800, 533, 0]);
  });

  test('beyond what a caller showed it is drawn from those who waited longer', () => {
    expect([0.1, 0.6, 0.9].map((random) => patienceBeyond(seen, 0, random))).toEqual([9, 4, 2]);
    expect([0.1, 0.6, 0.9].map((random) => patienceBeyond(seen, 3, random))).toEqual([9, 9, 4]);
    expect(patienceBeyond(seen, 9, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });

  test('nobody who gave up: nobody gives up', () => {
    expect(patienceBeyond(survivalOf([{ waitMs: 5, gaveUp: false }]), 5, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });

  test('finds an exponential patience again behind waits that hid most of it', () => {
    const random = stream('hidden');
    const hidden = survivalOf(Array.from({ length: 20_000 }, () => {
      const [patience, wait] = [-60 * Math.log(random()), -20 * Math.log(random())];
      return { waitMs: Math.min(patience, wait), gaveUp: patience <= wait };
    }));
    const shareAt = (time: number): number => hidden.shares[hidden.timesMs.findLastIndex((at) => at <= time)] ?? 1;
    for (const time of [20, 60, 90]) expect(shareAt(time)).toBeCloseTo(Math.exp(-time / 60), 1);
  });
});

test('a record is read in our words and in the bank’s; who never came to a queue is passed over', () => {
  const ours = readCalls('calls.csv', 'date,arrival_s,class,priority,customer,ivr_s,wait_s,outcome,talk_s,agent\n2026-01-05,100,bills,2,77,10,4.5,answered,60,A1\n');
  expect(ours.calls).toEqual([{ date: '2026-01-05', at: 110_000, class: 'bills', priority: 2, customer: '77', waitMs: 4_500, answered: true, talkMs: 60_000, agent: 'A1' }]);
  const theirs = readCalls('bank.csv', 'date,arrival_s,type,priority,customer,ivr_s,queue_wait_s,outcome,service_s,agent,entered_queue\nd,1,PS,0,,9,0,HANG,0,,0\nd,2,PS,0,,9,31,HANG,0,,1\nd,3,PS,0,,9,0,PHANTOM,0,,1\nd,4,PS,0,,9,0,AGENT,5,AG01,0\n');
  expect([theirs.calls.map(({ at, answered }) => [at, answered]), theirs.passedOver, theirs.problems]).toEqual([[[11_000, false], [13_000, true]], 2, []]);
});

describe('agents of a record', () => {
  const call = (at: number, waitMs: number, talkMs: number, agent: string, more: Partial<SeenCall> = {}): SeenCall => ({ date: 'd', at, class: 'a', priority: 0, customer: '', waitMs, answered: agent !== '', talkMs, agent, ...more });

  test('are there from their first call to the end of their last, but for times when somebody waited whom they take', () => {
    const calls = [
      call(0, 0, 60_000, 'anna'),
      // Anna is free from 60 s on; who comes at 100 s waits for 50 s, so she is not there then.
      call(100_000, 50_000, 0, ''),
      // Of another kind, which she does not take: says nothing of her.
      call(200_000, 50_000, 10_000, 'ben', { class: 'b' }),
      // So short a wait is ringing.
      call(300_000, 9_000, 60_000, 'anna'),
    ];
    const agents = agentsIn(calls);
    expect(agents.map(({ id, name, classes }) => [id, name, [...classes]])).toEqual([['100000', 'anna', ['a']], ['100001', 'ben', ['b']]]);
    expect([...dutiesIn(calls, agents).values()]).toEqual([[{ fromMs: 0, toMs: 100_000 }, { fromMs: 150_000, toMs: 369_000 }], [{ fromMs: 250_000, toMs: 260_000 }]]);
  });
});

/** Use of these data asks to be acknowledged: Anonymous Bank, Service Enterprise Engineering lab, Technion. */
const bank = resolve(import.meta.dirname, '../../../shared/anonymous-bank/1999-08-01.csv');
if (!existsSync(bank)) console.warn(`${bank} is not there: the day of real calls is not simulated`);

describe.skipIf(!existsSync(bank))('a day of real calls', () => {
  const played = (() => {
    let once: ReturnType<typeof play> | undefined;
    return () => (once ??= play());
  })();

  test('brings each call that came to the queue, and nobody else', () => {
    const { loaded, scenario, sample, all } = played();
    expect(all?.offered).toBe(2_236);
    expect(loaded.passedOver).toBe(136);
    expect(Object.keys(sample?.callers.class ?? {}).sort()).toEqual(['in', 'ne', 'nw', 'pe', 'ps', 'tt']);
    expect(scenario.routing.agents.size).toBe(18);
  });

  /** Recorded: 1,508 answered, 728 gave up, a mean wait of 116.8 s. A record knows nothing of breaks while nobody waited. */
  test('and ends about as it ended, with agents who were there a little more', () => {
    const { all } = played();
    expect((all?.answered ?? 0) / 1_508).toBeGreaterThan(1);
    expect((all?.answered ?? 0) / 1_508).toBeLessThan(1.2);
    expect((all?.waitMs ?? 0) / (all?.offered ?? 1) / 116_800).toBeGreaterThan(0.7);
    expect((all?.waitMs ?? 0) / (all?.offered ?? 1) / 116_800).toBeLessThan(1.1);
  });

  test('an agent takes what the record shows, and is not there while callers of that wait in vain', () => {
    const { scenario } = played();
    const takers = [...scenario.routing.agents.values()].filter(({ queues }) => queues.some((queue) => queue === 'in')).length;
    expect(takers).toBeGreaterThan(2);
    expect(takers).toBeLessThan(18);
    expect([...(scenario.duties[0]?.values() ?? [])].some((duties) => duties.length > 3)).toBe(true);
  });
});

/** Only where the data are: what stands in a skipped `describe` is run all the same. */
function play() {
  const loaded = loadTraffic({ traffic: bank, config: '', configNamed: false });
  if (!loaded.ok) throw new Error('the record is refused');
  const sample = replicate(loaded.scenario, 0).samples[0];
  return { loaded, scenario: loaded.scenario, sample, all: sample?.callers.all['all'] };
}
