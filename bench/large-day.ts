/** The day of a large centre, written as a traffic file would be: six lines of business, each with a line for everybody and one for experts. */
import { assemble } from '../src/simulate/assemble.ts';
import type { Scenario } from '../src/simulate/scenario.ts';
import { readTraffic } from '../src/simulate/traffic-file.ts';

export interface DaySize {
  /** On average, without those who call again. */
  readonly calls: number;
  readonly agents: number;
}

const kinds = ['accounts', 'billing', 'internet', 'mobile', 'orders', 'repairs'];

/** Calls of each hour from midnight on, to each other. */
const hours = [4, 3, 2, 2, 2, 4, 10, 30, 60, 95, 100, 95, 75, 75, 85, 88, 84, 75, 60, 50, 42, 34, 22, 10];

/** Laid out so that a busy hour needs nine tenths of its agents. */
const shifts = [
  { name: 'early', share: 0.38, times: [{ from: '6h', to: '15h' }] },
  { name: 'day', share: 0.24, times: [{ from: '9h', to: '13h' }, { from: '14h', to: '19h' }] },
  { name: 'late', share: 0.3, times: [{ from: '14h', to: '23h' }] },
  { name: 'night', share: 0.08, times: [{ from: '0h', to: '7h' }, { from: '22h', to: '24h' }] },
];

const expertShare = 0.2;

/** With fewer, a team of the night would have nobody. */
export const agentsMin = 100;

export function largeDay({ calls, agents }: DaySize): Scenario {
  const { value, findings } = readTraffic({
    replications: 1,
    length: '24h',
    agents: groups(agents),
    shifts: Object.fromEntries(groupsOf().map(({ name, times }) => [name, times])),
    queues: Object.fromEntries(kinds.flatMap((kind) => [[kind, queue(`${kind} >= 1`)], [`${kind}-experts`, queue(`${kind} >= 4`)]])),
    classes: Object.fromEntries(kinds.flatMap((kind) => [
      [kind, { ...callers(kind, (calls * (1 - expertShare)) / kinds.length), talk: { lognormal: { mean: '160s', cv: 1.1 } }, patience: { exponential: '3m' } }],
      [`${kind}-experts`, { ...callers(`${kind}-experts`, (calls * expertShare) / kinds.length), priority: 10, talk: { lognormal: { mean: '260s', cv: 1.1 } }, patience: { exponential: '5m' } }],
    ])),
    phones: { ring: { fixed: '200ms' }, answer: { exponential: '3s' } },
  });
  const assembled = value === undefined ? undefined : assemble(value, [], undefined);
  const wrong = [...findings, ...(assembled?.findings ?? [])];
  if (assembled?.scenario === undefined || wrong.length > 0) throw new Error(`the bench’s own day is faulty: ${JSON.stringify(wrong)}`);
  return assembled.scenario;
}

const queue = (needs: string) => ({ name: { zh: needs, en: needs }, needs, wrapUp: { mode: 'discretionary' }, serviceLevel: '20s', maxWaiting: 100_000, record: 'never', sayAgentNumber: false });

function callers(to: string, calls: number) {
  const all = hours.reduce((sum, hour) => sum + hour, 0);
  return { queue: to, arrivals: { every: '1h', calls: hours.map((hour) => (calls * hour) / all) }, wrapUp: { exponential: '45s' }, redial: { share: 0.3, after: { exponential: '5m' } } };
}

/** A team for each line of business in each shift: experts in their own, and of some use in the next. */
const groupsOf = () => shifts.flatMap(({ name, share, times }) => kinds.map((kind, n) => ({ name: `${kind}-${name}`, share: share / kinds.length, times, own: kind, next: kinds[(n + 1) % kinds.length] ?? kind })));

function groups(agents: number) {
  let [shares, given] = [0, 0];
  return Object.fromEntries(groupsOf().map(({ name, share, own, next }) => {
    shares += share;
    const count = Math.round(shares * agents) - given;
    given += count;
    return [name, { count, skills: { [own]: 5, [next]: 2 }, queues: [own, `${own}-experts`, next] }];
  }));
}
