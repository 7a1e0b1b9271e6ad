import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queueId } from '../../src/base/ids.ts';
import { loadTraffic } from '../../src/simulate/load-traffic.ts';
import type { LoadedTraffic } from '../../src/simulate/load-traffic.ts';

let dir = '';
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'rexian-traffic-'))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const config = resolve(import.meta.dirname, '../../config');

function loaded(text: string, more: { readonly name?: string; readonly configNamed?: boolean } = {}): LoadedTraffic {
  const traffic = join(dir, more.name ?? 'traffic.yaml');
  writeFileSync(traffic, text);
  return loadTraffic({ traffic, config, configNamed: more.configNamed ?? false });
}

function scenario(...args: Parameters<typeof loaded>) {
  const result = loaded(...args);
  if (!result.ok) throw new Error(result.problems.map(({ line, column, code, text }) => `${line}:${column} ${code} ${text.en}`).join('\n'));
  return result.scenario;
}

const alone = 'agents: { first: { count: 2, skills: { billing: 5 } } }\n';

describe('a traffic file', () => {
  test('with its own agents and lines needs nothing else', () => {
    const { routing, classes, replications, lengthMs, warmUpMs } = scenario(`${alone}classes:\n  bills: { needs: billing >= 3, arrivals: { perHour: 30 }, handle: { exponential: 3m }, patience: { exponential: 1m } }\n`);
    expect([...routing.agents.keys()]).toEqual(['100000', '100001']);
    expect([...routing.agents.values()].map(({ team, queues }) => [team, queues])).toEqual([['first', ['bills']], ['first', ['bills']]]);
    expect(routing.queues.get(classes[0]?.queue ?? expect.fail())).toMatchObject({ id: 'bills', needs: { text: 'billing >= 3' } });
    expect([replications, lengthMs, warmUpMs]).toEqual([10, 8 * 3_600_000, 0]);
    // Expected calls in the whole of the time.
    expect(classes[0]?.arrivals).toEqual({ type: 'random', everyMs: 8 * 3_600_000, calls: [240] });
  });

  test('may use the queues and agents of the configuration, and lines of its own beside them', () => {
    const { routing, classes } = scenario('classes:\n  a: { queue: billing, arrivals: { perHour: 9 }, talk: { fixed: 1m } }\n  b: { needs: "faults >= 4", arrivals: { every: 30m, calls: [3, 4.5] }, talk: { fixed: 1m }, wrapUp: { fixed: 10s } }\n');
    expect([...routing.queues.keys()]).toEqual(['billing', 'faults', 'general', 'b']);
    expect([...routing.agents.values()].filter(({ queues }) => queues.some((queue) => queue === 'b')).map(({ id }) => id)).toEqual(['1002', '1003']);
    // Supervisors who take no calls are not there.
    expect(routing.agents.size).toBe(5);
    expect(classes.map(({ queue }) => queue)).toEqual(['billing', 'b']);
  });

  test('its lists of arrivals say how long it lasts and how it is counted', () => {
    const { lengthMs, intervalMs } = scenario(`${alone}warmUp: 30m\nclasses:\n  a: { needs: "true", arrivals: { every: 30m, calls: [1, 2, 3, 4] }, handle: { fixed: 1m } }\n`);
    expect([lengthMs, intervalMs]).toEqual([90 * 60_000, 30 * 60_000]);
  });

  test('those that docs/simulate.md shows are good', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../docs/simulate.md'), 'utf8');
    const shown = [...text.matchAll(/```yaml\n([^`]+)```/g)].map(([, yaml]) => yaml ?? '').filter((yaml) => yaml.includes('classes:'));
    expect(shown).toHaveLength(2);
    expect(shown.map((yaml) => scenario(yaml).classes.map(({ name }) => name))).toEqual([['bills', 'vip'], ['calls']]);
  });

  test('generated: every queue of the configuration gets its callers', () => {
    const result = loadTraffic({ traffic: 'generated', config, configNamed: false });
    expect(result.ok && result.scenario.classes.map(({ name, queue }) => [name, queue])).toEqual(['billing', 'faults', 'general'].map((name) => [name, name]));
  });
});

/** Each: what is written, and where and of what is complained. */
const faults: readonly (readonly [string, string])[] = [
  ['classes: {}\n', '1:1 no-calls'],
  ['clases: {}\n', '1:1 unknown-field'],
  [`${alone}classes:\n  a: { needs: "true", arrivals: { perHour: 30 } }\n`, '3:3 class-times'],
  [`${alone}classes:\n  a: { arrivals: { perHour: 30 }, handle: { fixed: 1s } }\n`, '3:3 class-line'],
  [`${alone}classes:\n  a: { needs: "true", queue: x, arrivals: { perHour: 30 }, handle: { fixed: 1s } }\n`, '3:3 class-line'],
  [`${alone}classes:\n  a: { needs: "true", share: 1, handle: { fixed: 1s } }\n`, '3:3 class-arrivals'],
  [`${alone}classes:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s, exponential: 2s } }\n`, '3:57 bad-distribution'],
  [`${alone}classes:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { exponential: 180 } }\n`, '3:72 bad-duration'],
  [`${alone}classes:\n  a: { needs: "true", arrivals: { perHour: -3 }, handle: { fixed: 1s } }\n`, '3:44 out-of-range'],
  [`${alone}classes:\n  a: { needs: "true", arrivals: { perHour: 3, every: 1h }, handle: { fixed: 1s } }\n`, '3:33 bad-arrivals'],
  [`${alone}classes:\n  a: { needs: "biling >= 3", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n`, '3:16 unknown-skill'],
  [`${alone}classes:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { lognormal: { mean: 3m } } }\n`, '3:59 missing'],
  ['classes:\n  a: { queue: biling, arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '2:15 unknown-queue'],
  ['agents: { first: { count: 0 } }\nclasses:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '1:27 out-of-range'],
  ['agents: { first: { count: 2, skils: { a: 1 } } }\nclasses:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '1:30 unknown-field'],
  ['agents: { first: { count: 2, skills: { a: 99 } } }\nclasses:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '1:43 out-of-range'],
  ['agents: { first: { count: 2, skills: { a: 1 } } }\nclasses:\n  a: { needs: "!a", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '1:9 no-agents'],
  [`${alone}shifts: { frist: [{ from: 1h, to: 2h }] }\nclasses:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n`, '2:11 unknown-word'],
  [`${alone}shifts: { first: [{ from: 2h, to: 1h }] }\nclasses:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n`, '2:19 bad-shift'],
  ['agents: recorded\nclasses:\n  a: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '1:9 no-record'],
  [`${alone}queues: { line: { name: { zh: 线, en: line }, rinng: 3s } }\nclasses:\n  a: { queue: line, arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n`, '2:46 unknown-field'],
  ['classes:\n  billing: { needs: "true", arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n', '2:3 duplicate'],
  ['recorded: { file: nothing-here.csv }\n', '1:1 no-file'],
];

describe('what is wrong is said at its place', () => {
  test.each(faults)('%j', (text, where) => {
    const result = loaded(text);
    expect(result.ok ? [] : result.problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([where]);
    if (!result.ok) for (const { text: said } of result.problems) expect(said.zh).not.toBe(said.en);
  });

  test('but what another configuration has not, in a file that was written for the present one, is no fault', () => {
    const text = 'shifts: { third: [{ from: 1h, to: 2h }] }\nclasses:\n  a: { queue: gone, arrivals: { perHour: 3 }, handle: { fixed: 1s } }\n';
    expect(loaded(text).ok).toBe(false);
    const again = loadTraffic({ traffic: join(dir, 'traffic.yaml'), config, configNamed: true, writtenFor: config });
    expect(again.ok && again.scenario.classes.map(({ queue }) => queue)).toEqual(['gone']);
  });

  test('of a record with a configuration, a class that is named as a queue comes to that queue', () => {
    const calls = 'arrival_s,class,wait_s,outcome,talk_s,agent\n10,billing,0,answered,30,x\n20,walk-in,0,answered,30,x\n';
    const { classes, routing } = scenario(calls, { name: 'named.csv', configNamed: true });
    expect(classes.map(({ queue }) => queue)).toEqual(['billing', 'walk-in']);
    expect(routing.queues.get(queueId('billing'))?.needs.text).toContain('billing >= 3');
    expect(scenario(calls, { name: 'named.csv' }).routing.queues.get(queueId('billing'))?.needs.text).toBe('true');
  });

  test('a file that is not there, and one that is no YAML', () => {
    const missing = loadTraffic({ traffic: join(dir, 'none.yaml'), config, configNamed: false });
    expect(missing.ok ? [] : missing.problems.map(({ code }) => code)).toEqual(['no-file']);
    const broken = loaded('classes: [\n');
    expect(broken.ok ? [] : broken.problems[0]?.code).toBe('yaml-syntax');
  });

  test('a record whose numbers are none', () => {
    const result = loaded('arrival_s,class,wait_s,outcome,talk_s\n10,a,0,answered,30\n20,a,x,answered,30\n30,a,0,anwsered,30\n', { name: 'calls.csv' });
    expect(result.ok ? [] : result.problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual(['3:6 bad-record', '4:8 bad-record']);
    const columns = loaded('arrival_s,kind\n', { name: 'calls.csv' });
    expect(columns.ok ? [] : columns.problems.map(({ text }) => text.en)).toEqual(['there is no column class', 'there is no column wait_s', 'there is no column outcome', 'there is no column talk_s']);
  });
});
