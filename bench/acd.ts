/**
 * The router alone: how long a match takes where 100,000 callers wait and all agents are busy, and where nobody waits and
 * all are free; how many steps a second it decides, alone and with the commit in Redis; and what a waiting caller costs
 * in memory. A match is measured as the whole step that makes an offer, its events and orders included.
 */
import { setFlagsFromString } from 'node:v8';
import { stderr } from 'node:process';
import { parseArgs } from 'node:util';
import { runInNewContext } from 'node:vm';
import type { Invocation } from '../cli/main.ts';
import { progressOn } from '../runtime/progress.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { makeCentre } from '../src/acd/centre.ts';
import type { Input } from '../src/acd/messages.ts';
import type { Centre } from '../src/acd/model.ts';
import { step } from '../src/acd/step.ts';
import { printFigures } from './figures.ts';
import { committedSteps } from './acd-committed.ts';
import { idealPhones } from './ideal-phones.ts';
import type { Phones } from './ideal-phones.ts';
import { largeRouting, startedAt, waitingContacts } from './large-centre.ts';
import type { Size } from './large-centre.ts';
import { quantile, rounded } from './quantile.ts';

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, agents: { type: 'string', default: '10000' }, waiting: { type: 'string', default: '100000' }, matches: { type: 'string', default: '10000' }, 'without-redis': { type: 'boolean' } } });
  const size = { agents: count(values.agents), waiting: count(values.waiting), queues: 200, skills: 100 };
  const matches = count(values.matches);
  const progress = progressOn(stderr, lang);
  const measured: Record<string, Matches> = {};
  for (const agents of [Math.ceil(size.agents / 10), size.agents]) {
    progress.step({ en: `${agents} agents: matches`, zh: `${agents} 名坐席：匹配` });
    measured[`busy${agents}`] = busy({ ...size, agents }, matches);
    measured[`free${agents}`] = free({ ...size, agents }, matches);
    progress.done();
  }
  progress.step({ en: 'memory', zh: '内存' });
  const bytes = bytesPerWaiting(size);
  progress.done();
  progress.step({ en: 'steps with the commit in Redis', zh: '含 Redis 提交的步数' });
  const committed = values['without-redis'] === true ? undefined : await committedSteps(size);
  progress.done();
  console.table(Object.fromEntries(Object.entries(measured).map(([name, of]) => [name, { 'p50 µs': of.p50Us, 'p99 µs': of.p99Us, 'max µs': of.maxUs, 'steps/s': of.stepsPerSecond }])));
  console.table({ 'bytes of heap per waiting contact': bytes, ...committed });
  const figures = Object.fromEntries(Object.entries(measured).flatMap(([name, of]) => Object.entries(of).map(([figure, value]) => [`${name}${figure[0]?.toUpperCase()}${figure.slice(1)}`, value])));
  printFigures({ ...figures, bytesPerWaiting: bytes, ...committed }, values.json);
  return 0;
}

interface Matches {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Of all kinds, as they come with these matches. */
  readonly stepsPerSecond: number;
}

/** Everybody talks and as many wait as the size says: an agent comes free. */
function busy(size: Size, matches: number): Matches {
  const centre = opened(size, size.waiting);
  const phones = idealPhones(centre.routing, size.waiting);
  for (const agent of centre.routing.agents.keys()) phones.inputs.push({ type: 'sign-in', at: startedAt, agent }, { type: 'make-ready', at: startedAt, agent });
  return played(centre, phones, matches);
}

/** Everybody is free: a caller comes. */
function free(size: Size, matches: number): Matches {
  const centre = opened(size, 0);
  const phones = idealPhones(centre.routing, 0);
  for (const agent of centre.routing.agents.keys()) for (const type of ['sign-in', 'make-ready'] as const) step(centre, { type, at: startedAt, agent });
  phones.call();
  return played(centre, phones, matches);
}

function opened(size: Size, waiting: number): Centre {
  const centre = makeCentre(largeRouting(size), { contacts: waitingContacts({ ...size, waiting }), agents: [], offers: [], closed: [] }, startedAt);
  step(centre, { type: 'switch-seen', at: startedAt, startedAt: 0, legs: [...centre.contacts.values()].map(({ leg }) => ({ leg, role: 'caller', state: 'up', ani: '', dnis: '4000', since: startedAt })), bridges: [], devices: [] });
  // Who has waited for more than a minute asks less.
  step(centre, { type: 'tick', at: startedAt });
  return centre;
}

function played(centre: Centre, { inputs, follow }: Phones, matches: number): Matches {
  const warmUp = Math.ceil(matches / 4);
  const times: number[] = [];
  let [made, steps, tookMs] = [0, 0, 0];
  for (let next = 0; made < warmUp + matches && next < inputs.length; next += 1) {
    // Agents whom nobody needs are signed in without a match; the array is cut so that the bench measures no array.
    if (next === 10_000) next -= inputs.splice(0, next).length;
    const input = inputs[next];
    if (input === undefined) break;
    const { offers, ms } = timed(centre, input, follow);
    made += offers;
    if (made <= warmUp) continue;
    steps += 1;
    tookMs += ms;
    if (offers > 0) times.push(ms * 1_000);
  }
  if (times.length < matches) throw new Error(`only ${times.length} of ${matches} matches came about`);
  return { p50Us: rounded(quantile(times, 0.5)), p99Us: rounded(quantile(times, 0.99)), maxUs: rounded(quantile(times, 1)), stepsPerSecond: Math.round((steps * 1_000) / tookMs) };
}

function timed(centre: Centre, input: Input, follow: Phones['follow']): { readonly offers: number; readonly ms: number } {
  const from = performance.now();
  const decision = step(centre, input);
  const ms = performance.now() - from;
  if (!decision.ok) return { offers: 0, ms };
  follow(decision.events, decision.orders);
  return { offers: decision.events.reduce((sum, { type }) => sum + (type === 'offer-made' ? 1 : 0), 0), ms };
}

function bytesPerWaiting(size: Size): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const centres: Centre[] = [];
  const at = [used()];
  for (const waiting of [0, size.waiting]) {
    centres.push(opened(size, waiting));
    at.push(used());
  }
  const [before = 0, withEmpty = 0, withBoth = 0] = at;
  if (centres.some(({ contacts }, index) => contacts.size !== index * size.waiting)) throw new Error('not the centres that were measured');
  return Math.round((withBoth - withEmpty - (withEmpty - before)) / size.waiting);
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 10 || value > 1_000_000) throw new SetupError({ en: `${text} is not a whole number from 10 to 1,000,000.`, zh: `${text} 不是 10 到 1,000,000 的整数。` });
  return value;
}
