import { expect, test } from 'vitest';
import { agentId, contactId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { estimateOf } from '../../src/acd/estimate.ts';
import { nextDeadline } from '../../src/acd/deadlines.ts';
import type { Input } from '../../src/acd/messages.ts';
import { step } from '../../src/acd/step.ts';
import { newAgenda, doNext, nextAt, plan } from '../../src/simulate/agenda.ts';
import { stream } from '../../src/simulate/random.ts';
import { callerLeg } from '../support/decider.ts';
import { agent, sampleCentre, sampleRouting } from '../support/sample-routing.ts';

interface Day {
  readonly agents: number;
  /** Offered load by the hour, as a part of what the agents can do. */
  readonly load: readonly number[];
  readonly spread: 'exponential' | 'log-normal';
  /** Mean patience; callers wait for as long as it takes where it is not given. */
  readonly patienceS?: number;
  /** This part of the callers goes before the others. */
  readonly urgent?: number;
}

const talkMs = 180_000;
const hourMs = 3_600_000;

/**
 * A day of callers; each who waits is given an estimate after 10 s, and what came of it is seen by those who were answered.
 * Answers how many of them waited no longer than was said, as shares.
 */
function hitRates(day: Day, seed: number): { readonly p50: number; readonly p90: number; readonly told: number; readonly silent: number } {
  const ids = Array.from({ length: day.agents }, (_, index) => String(1_000 + index));
  const routing = sampleRouting({ queues: { wrapUpMs: 0 }, agents: ids.map((id) => agent(id, {}, ['general'])), admission: { callsPerSecond: 1_000, perCaller: { calls: 1_000_000, withinMs: 60_000, except: [] } } });
  const centre = sampleCentre(routing);
  const agenda = newAgenda();
  const draw = stream(seed, 0, 'day');
  const exponential = (mean: number): number => -mean * Math.log(1 - draw());
  const talk = (): number => (day.spread === 'exponential' ? exponential(talkMs) : talkMs * Math.exp(0.8 * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()) - 0.32));
  const told = new Map<ContactId, { readonly at: number; readonly p50Ms: number; readonly p90Ms: number }>();
  const counts = { told: 0, silent: 0, p50: 0, p90: 0 };
  let calls = 0;
  const tell = (input: Input): void => {
    const decision = step(centre, input);
    if (!decision.ok) return;
    for (const event of decision.events) {
      if (event.type === 'offer-made') plan(agenda, 3_000, () => tell({ type: 'leg-up', at: agenda.now, leg: event.leg }));
      if (event.type !== 'contact-connected') continue;
      const said = told.get(event.contact);
      if (said !== undefined) {
        counts.told += 1;
        counts.p50 += event.at - said.at <= said.p50Ms ? 1 : 0;
        counts.p90 += event.at - said.at <= said.p90Ms ? 1 : 0;
      }
      plan(agenda, talk(), () => tell({ type: 'leg-down', at: agenda.now, leg: callerLeg(event.contact), end: 'hung-up' }));
    }
  };
  for (const id of ids) for (const type of ['sign-in', 'make-ready'] as const) tell({ type, at: 0, agent: agentId(id) });
  const arrive = (): void => {
    const load = day.load[Math.floor(agenda.now / hourMs)];
    if (load === undefined) return;
    const contact = contactId(`c-1700000000-${(calls += 1)}`);
    tell({ type: 'call-arrived', at: agenda.now, contact, leg: callerLeg(contact), ani: String(10_000_000 + calls), dnis: '4000' });
    tell({ type: 'flow-moved', at: agenda.now, contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'queue', queue: queueId('general'), priority: draw() < (day.urgent ?? 0) ? 5 : 0 } });
    plan(agenda, 10_000, () => {
      if (centre.contacts.get(contact)?.state.status !== 'waiting') return;
      const estimate = estimateOf(centre, contact);
      if (estimate === undefined) counts.silent += 1;
      else told.set(contact, { at: agenda.now, ...estimate });
    });
    if (day.patienceS !== undefined) plan(agenda, exponential(day.patienceS * 1_000), () => (['waiting', 'offered'].includes(centre.contacts.get(contact)?.state.status ?? '') ? tell({ type: 'leg-down', at: agenda.now, leg: callerLeg(contact), end: 'hung-up' }) : undefined));
    plan(agenda, exponential(talkMs / (day.agents * load)), arrive);
  };
  arrive();
  while (nextAt(agenda) < Number.POSITIVE_INFINITY) {
    const due = nextDeadline(centre) ?? Number.POSITIVE_INFINITY;
    if (due <= nextAt(agenda)) {
      agenda.now = Math.max(agenda.now, due);
      tell({ type: 'tick', at: agenda.now });
    } else doNext(agenda);
  }
  return { told: counts.told, silent: counts.silent / (counts.silent + counts.told), p50: counts.p50 / counts.told, p90: counts.p90 / counts.told };
}

/** What is to hold is in docs/queues.md, with the figures of these very days. */
const days: readonly (readonly [name: string, day: Day, p50: readonly [number, number], p90: readonly [number, number]])[] = [
  ['steady, 20 agents', { agents: 20, load: Array<number>(24).fill(0.95), spread: 'exponential' }, [0.4, 0.6], [0.84, 0.96]],
  ['steady, 5 agents', { agents: 5, load: Array<number>(48).fill(0.9), spread: 'exponential' }, [0.4, 0.6], [0.84, 0.96]],
  ['steady, 20 agents, log-normal talks', { agents: 20, load: Array<number>(24).fill(0.95), spread: 'log-normal' }, [0.4, 0.6], [0.84, 0.96]],
  ['a peak of two hours, callers with patience', { agents: 20, load: [0.6, 0.8, 1.2, 1.2, 0.8, 0.6, 0.9, 1.3, 1.1, 0.7], spread: 'log-normal', patienceS: 240 }, [0.4, 0.6], [0.84, 0.97]],
  ['steady, 20 agents, every tenth caller goes before the others', { agents: 20, load: Array<number>(24).fill(0.95), spread: 'exponential', urgent: 0.1 }, [0.4, 0.6], [0.84, 0.96]],
];

test.each(days)('hit rates: %s', (name, day, p50, p90) => {
  const rates = hitRates(day, 7);
  if (process.env['SHOW_HIT_RATES']) console.log(name, rates);
  expect(rates.told).toBeGreaterThan(500);
  expect(rates.p50).toBeGreaterThan(p50[0]);
  expect(rates.p50).toBeLessThan(p50[1]);
  expect(rates.p90).toBeGreaterThan(p90[0]);
  expect(rates.p90).toBeLessThan(p90[1]);
});
