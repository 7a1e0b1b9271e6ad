import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import { assemble } from '../../src/simulate/assemble.ts';
import { callsOf } from '../../src/simulate/callers.ts';
import type { Call } from '../../src/simulate/callers.ts';
import { runReplications } from '../../src/simulate/pool.ts';
import { replicate } from '../../src/simulate/replicate.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import type { Counts, Sample } from '../../src/simulate/tally.ts';
import { readTraffic } from '../../src/simulate/traffic-file.ts';
import { scenarioOf } from './scenario.ts';

/** A caller every ten minutes on average, alone in the centre nearly always. */
const quiet = { perHour: 6 };

function sampleOf(scenario: Scenario, replication = 0): Sample {
  const sample = replicate(scenario, replication).samples[0];
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

const all = ({ callers }: Sample): Counts => callers.all['all'] ?? expect.fail('nobody called');

function callers(scenario: Scenario, index = 0): Call[] {
  const next = callsOf(scenario, 0, index);
  const calls: Call[] = [];
  for (let call = next(); call !== undefined; call = next()) calls.push(call);
  return calls;
}

describe('a replication', () => {
  const busy = scenarioOf({
    length: '4h', replications: 4, agents: { first: { count: 6 } },
    classes: { a: { needs: 'true', arrivals: { perHour: 70 }, handle: { lognormal: { mean: '4m', cv: 1 } }, patience: { exponential: '1m' }, tags: ['vip'] }, b: { needs: 'true', arrivals: { perHour: 20 }, talk: { exponential: '3m' }, wrapUp: { fixed: '30s' } } },
  });

  test('is the same again, on whatever thread, and each seed and number another', async () => {
    const here = Array.from({ length: 4 }, (_, index) => replicate(busy, index));
    expect(await runReplications(busy, 2)).toEqual(here);
    expect(here[1]?.samples).not.toEqual(here[0]?.samples);
    expect(replicate({ ...busy, seed: '2' }, 0).samples).not.toEqual(here[0]?.samples);
  });

  test('counts every caller once, in each of the ways of counting', () => {
    const { callers: by } = sampleOf(busy);
    const everyone = by.all['all'];
    for (const counts of [everyone, ...Object.values(by.class), ...Object.values(by.queue), ...Object.values(by.tag)]) {
      expect(counts?.offered).toBe((counts?.answered ?? 0) + (counts?.abandoned ?? 0) + (counts?.turnedAway ?? 0) + (counts?.waiting ?? 0));
    }
    expect((by.class['a']?.offered ?? 0) + (by.class['b']?.offered ?? 0)).toBe(everyone?.offered);
    expect(by.tag['vip']).toEqual(by.class['a']);
    expect(everyone?.offered).toBe(callers(busy, 0).length + callers(busy, 1).length);
  });

  test('cut into batches it counts the same', () => {
    const parts = replicate({ ...busy, batches: 8 }, 0).samples;
    const whole = sampleOf(busy);
    const sum = (of: (sample: Sample) => number): number => parts.reduce((total, part) => total + of(part), 0);
    expect(parts).toHaveLength(8);
    for (const count of ['offered', 'answered', 'abandoned', 'inTime', 'waitMs'] as const) expect(sum((part) => all(part)[count])).toBe(all(whole)[count]);
    const agent = agentId('100000');
    for (const time of ['busyMs', 'readyMs', 'answered'] as const) expect(sum(({ agents }) => agents[agent]?.[time] ?? 0)).toBe(whole.agents[agent]?.[time]);
  });

  test('leaves the warm-up out, of callers and of agents’ time', () => {
    const warm = sampleOf({ ...busy, warmUpMs: 3 * 3_600_000, lengthMs: 3_600_000 });
    expect(all(warm).offered).toBe([0, 1].flatMap((index) => callers(busy, index)).filter(({ at }) => Math.round(at) >= 3 * 3_600_000).length);
    const { busyMs = 0, readyMs = 0 } = warm.agents[agentId('100003')] ?? {};
    expect(busyMs + readyMs).toBe(3_600_000);
  });

  test('tells how far it is', () => {
    const told: number[] = [];
    replicate(busy, 0, (done) => told.push(done));
    expect(told.length).toBeGreaterThan(20);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeLessThanOrEqual(1);
  });
});

describe('common random numbers: what is changed meets the same callers', () => {
  const written = { length: '8h', agents: { first: { count: 3 } }, classes: { a: { needs: 'true', arrivals: { perHour: 60 }, handle: { exponential: '3m' }, patience: { exponential: '2m' } } } };
  const bare = (calls: readonly Call[]) => calls.map(({ class: _, ...call }) => call);

  test('another class, other agents and other phones change nothing of who calls', () => {
    const other = scenarioOf({ ...written, agents: { first: { count: 9 } }, phones: { answer: { exponential: '5s' } }, classes: { new: { needs: 'true', arrivals: { perHour: 99 }, handle: { fixed: '1m' } }, ...written.classes } });
    const named = ({ ani: _, ...call }: ReturnType<typeof bare>[number]) => call;
    expect(bare(callers(other, 1)).map(named)).toEqual(bare(callers(scenarioOf(written))).map(named));
  });

  test('twice the talk is the same talk twice', () => {
    const longer = scenarioOf({ ...written, classes: { a: { ...written.classes.a, handle: { exponential: '6m' } } } });
    const [once, twice] = [callers(scenarioOf(written)), callers(longer)];
    expect(twice.map(({ talkMs }) => talkMs / 2)).toEqual(once.map(({ talkMs }) => talkMs));
    expect(twice.map(({ at, patienceMs }) => [at, patienceMs])).toEqual(once.map(({ at, patienceMs }) => [at, patienceMs]));
  });

  test('arrivals follow their intervals', () => {
    const morning = callers(scenarioOf({ ...written, classes: { a: { needs: 'true', arrivals: { every: '1h', calls: [0, 400, 0, 100] }, handle: { fixed: '1m' } } } }));
    const within = (hour: number) => morning.filter(({ at }) => Math.floor(at / 3_600_000) === hour).length;
    expect([within(0), within(2), within(4)]).toEqual([0, 0, 0]);
    // Four standard deviations of a Poisson count.
    expect(Math.abs(within(1) - 400)).toBeLessThan(80);
    expect(Math.abs(within(3) - 100)).toBeLessThan(40);
  });

  test('a share is that part of all arrivals', () => {
    const shared = scenarioOf({ length: '10h', arrivals: { perHour: 100 }, agents: { first: { count: 1 } }, classes: { a: { needs: 'true', share: 0.7, handle: { fixed: '1s' } }, b: { needs: 'true', share: 0.3, handle: { fixed: '1s' } } } });
    expect(Math.abs(callers(shared, 0).length - 700)).toBeLessThan(106);
    expect(Math.abs(callers(shared, 1).length - 300)).toBeLessThan(70);
  });
});

describe('phones, agents and callers', () => {
  const one = { length: '100h', agents: { first: { count: 1 } } };

  test('a caller waits for the ringing and the answer, and the agent is busy with both', () => {
    const sample = sampleOf(scenarioOf({ ...one, phones: { ring: { fixed: '1s' }, answer: { fixed: '4s' } }, classes: { a: { needs: 'true', serviceLevel: '5s', arrivals: { perHour: 1 }, handle: { fixed: '10s' } } } }));
    expect(all(sample)).toMatchObject({ medianMs: 5_000, inTime: all(sample).answered });
    expect(sample.agents[agentId('100000')]?.busyMs).toBe(15_000 * all(sample).answered);
  });

  test('a phone that nobody answers pauses its agent, and the caller goes to the next', () => {
    const sample = sampleOf(scenarioOf({ ...one, agents: { first: { count: 2 } }, phones: { missed: { share: 0.3, back: { fixed: '2m' } } }, classes: { a: { needs: 'true', arrivals: quiet, handle: { fixed: '10s' } } } }));
    const counts = all(sample);
    expect(counts.answered).toBe(counts.offered);
    // Waits are of no ring, one ring of 15 s, and so on; about three in ten have one or more.
    const { inTime, longestMs } = counts;
    expect(inTime / counts.offered).toBeGreaterThan(0.6);
    expect(longestMs).toBeGreaterThanOrEqual(30_000);
    const { busyMs = 0, readyMs = 0 } = sample.agents[agentId('100000')] ?? {};
    expect(busyMs + readyMs).toBeLessThan(100 * 3_600_000);
  });

  test('talk, then wrap-up: both keep the agent busy', () => {
    const sample = sampleOf(scenarioOf({ ...one, classes: { a: { needs: 'true', arrivals: quiet, talk: { fixed: '60s' }, wrapUp: { fixed: '30s' } } } }));
    expect(all(sample).talkMs).toBe(60_000 * all(sample).answered);
    const { busyMs = 0, answered = 0 } = sample.agents[agentId('100000')] ?? {};
    expect(busyMs).toBeGreaterThan((answered - 1) * 90_000);
    expect(busyMs).toBeLessThanOrEqual(answered * 90_000);
  });

  test('a queue’s own wrap-up is taken to its end, and a shorter one only as long as it takes', () => {
    const queues = { line: { name: { zh: '队列', en: 'line' }, wrapUp: { time: '40s' } } };
    const busy = (wrapUp: object): number => {
      const sample = sampleOf(scenarioOf({ ...one, queues, classes: { a: { queue: 'line', arrivals: { perHour: 1 }, talk: { fixed: '60s' }, ...wrapUp } } }));
      return Math.round((sample.agents[agentId('100000')]?.busyMs ?? 0) / all(sample).answered / 1_000);
    };
    expect([busy({}), busy({ wrapUp: { fixed: '15s' } }), busy({ wrapUp: { fixed: '2m' } })]).toEqual([100, 75, 100]);
  });

  test('agents come and go with their shifts: who calls before waits for the first', () => {
    const sample = sampleOf(scenarioOf({ length: '4h', agents: { first: { count: 3 } }, shifts: { first: [{ from: '1h', to: '2h' }, { from: '3h', to: '4h' }] }, classes: { a: { needs: 'true', arrivals: { every: '30m', calls: [5] }, handle: { fixed: '10s' } } } }));
    const { busyMs = 0, readyMs = 0 } = sample.agents[agentId('100001')] ?? {};
    expect(busyMs + readyMs).toBe(7_200_000);
    expect(all(sample).inTime).toBe(0);
    expect(all(sample).answered).toBe(all(sample).offered);
    expect(all(sample).medianMs).toBeGreaterThan(1_800_000);
  });

  test('who is never answered gives up after the patience, and some call again', () => {
    const nobody = { length: '10h', agents: { first: { count: 1 } }, shifts: { first: [{ from: '100h', to: '101h' }] } };
    const calls = { needs: 'true', arrivals: { every: '1h', calls: [200] }, handle: { fixed: '10s' }, patience: { fixed: '30s' } };
    const once = all(sampleOf(scenarioOf({ ...nobody, classes: { a: calls } })));
    expect(once).toMatchObject({ abandoned: once.offered, waitMs: 30_000 * once.offered });
    const again = (share: number, times: number) => all(sampleOf(scenarioOf({ ...nobody, classes: { a: { ...calls, redial: { share, times, after: { fixed: '5m' } } } } }))).offered;
    expect(again(1, 2)).toBe(3 * once.offered);
    expect(Math.abs(again(0.5, 1) / once.offered - 1.5)).toBeLessThan(0.15);
  });

  test('a full queue turns callers away, who are offered and not answered', () => {
    const queues = { line: { name: { zh: '队列', en: 'line' }, maxWaiting: 2 } };
    const counts = all(sampleOf(scenarioOf({ ...one, length: '1h', queues, classes: { a: { queue: 'line', arrivals: { perHour: 600 }, handle: { fixed: '1m' } } } })));
    expect(counts.turnedAway).toBeGreaterThan(400);
    expect(counts.offered).toBe(counts.answered + counts.turnedAway);
  });

  test('who has waited as long as a queue lets anyone, or whose queue is empty, leaves it and is turned away', () => {
    const nobody = { ...one, length: '1h', shifts: { first: [{ from: '100h', to: '101h' }] } };
    const line = (rule: object) => ({ line: { name: { zh: '队列', en: 'line' }, ...rule } });
    const counts = all(sampleOf(scenarioOf({ ...nobody, queues: line({ maxWait: '40s' }), classes: { a: { queue: 'line', arrivals: { perHour: 60 }, handle: { fixed: '1m' } } } })));
    expect(counts).toMatchObject({ turnedAway: counts.offered, longestMs: 40_000, medianMs: 40_000 });
    const empty = all(sampleOf(scenarioOf({ ...nobody, queues: line({ empty: { joining: ['offline'] } }), classes: { a: { queue: 'line', arrivals: { perHour: 60 }, handle: { fixed: '1m' } } } })));
    expect(empty).toMatchObject({ turnedAway: empty.offered, longestMs: 0 });
  });

  test('a sticky queue is told whom its callers know: nobody waits for a record, and who is known is kept for that agent', () => {
    const sticky = { line: { name: { zh: '队列', en: 'line' }, sticky: { within: '7d', wait: '1h' } } };
    const played = (known: number) => sampleOf(scenarioOf({ ...one, length: '20h', agents: { first: { count: 10 } }, queues: sticky, classes: { a: { queue: 'line', known, arrivals: { perHour: 20 }, handle: { fixed: '10m' } } } }));
    expect(all(played(0))).toMatchObject({ medianMs: 0, longestMs: 0 });
    // Ten minutes of talk at 20 calls/h keep a third of the agents busy, and who knows one of those waits for that one.
    const { inTime, offered, longestMs } = all(played(1));
    expect(inTime / offered).toBeGreaterThan(0.5);
    expect(inTime / offered).toBeLessThan(0.85);
    expect(longestMs).toBeGreaterThan(300_000);
  });

  test('who calls twice knows who answered the first time', () => {
    const sticky = { line: { name: { zh: '队列', en: 'line' }, sticky: { within: '7d', wait: '1h' } } };
    const { value } = readTraffic({ agents: { first: { count: 20 } }, queues: sticky, recorded: { file: 'x.csv', queues: { a: 'line' } }, length: '24h' });
    const call = (at: number) => ({ date: '2026-01-05', at, class: 'a', priority: 0, customer: '13800001234', waitMs: 0, answered: true, talkMs: 60_000, agent: 'x' });
    const { scenario } = value === undefined ? {} : assemble(value, [call(1_000), call(500_000), call(900_000)], undefined);
    const answered: string[] = [];
    replicate(scenario ?? expect.fail('no scenario'), 0, undefined, (event) => void (event.type === 'contact-connected' && answered.push(event.agent)));
    expect(answered).toEqual([answered[0], answered[0], answered[0]]);
  });

  test('whom the limits of admission turn away is counted so too', () => {
    const scenario = scenarioOf({ ...one, length: '1h', agents: { first: { count: 50 } }, classes: { a: { needs: 'true', arrivals: { perHour: 7_200 }, handle: { fixed: '10s' } } } });
    for (const treatment of ['congestion', 'prompt'] as const) {
      const { centre } = scenario.routing;
      const counts = all(sampleOf({ ...scenario, routing: { ...scenario.routing, centre: { ...centre, admission: { ...centre.admission, callsPerSecond: 1, treatment } } } }));
      // Two callers a second knock; after one is let in the door is shut for a second and then waits half of one.
      expect(Math.abs(counts.answered - 2_400)).toBeLessThan(100);
      expect(counts.turnedAway).toBe(counts.offered - counts.answered);
    }
  });

  test('an overflow moves the caller, and its age, to the queue that answers', () => {
    const name = { zh: '队列', en: 'line' };
    const queues = { closed: { name, needs: 'nobody', overflow: { after: '10s', to: 'open' } }, open: { name } };
    const sample = sampleOf(scenarioOf({ ...one, agents: { first: { count: 5, queues: ['open'] }, other: { count: 1, skills: { nobody: 1 }, queues: [] }, more: { count: 1, queues: ['open'] } }, queues, classes: { a: { queue: 'closed', arrivals: quiet, handle: { fixed: '10s' } } } }));
    expect(sample.callers.queue).toEqual({ open: sample.callers.class['a'] });
    expect(all(sample)).toMatchObject({ medianMs: 10_000, answered: all(sample).offered });
  });

  test('more priority waits less', () => {
    const calls = { queue: 'line', arrivals: { perHour: 28 }, handle: { exponential: '1m' } };
    const sample = sampleOf(scenarioOf({ ...one, queues: { line: { name: { zh: '队列', en: 'line' } } }, classes: { vip: { ...calls, priority: 10 }, other: calls } }));
    const mean = (of: string): number => (sample.callers.class[of]?.waitMs ?? 0) / (sample.callers.class[of]?.offered ?? 1);
    // Two classes at a load of 28/60 each before one agent (Cobham): 105 s and 1,575 s. One long run comes near.
    expect(mean('vip') / 1_000).toBeCloseTo(105, -2);
    expect(mean('other')).toBeGreaterThan(5 * mean('vip'));
  });
});
