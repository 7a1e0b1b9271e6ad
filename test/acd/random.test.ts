import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentId, ContactId, QueueId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import { offerExplained } from '../../src/acd/explain.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Event } from '../../src/acd/messages.ts';
import type { Centre } from '../../src/acd/model.ts';
import { beginning, comeTo, follow } from '../../src/acd/moment.ts';
import type { Moment } from '../../src/acd/moment.ts';
import { callsAt } from '../../src/acd/open-callbacks.ts';
import { replay } from '../../src/acd/replay.ts';
import { nextOf } from '../../src/acd/wait-deadline.ts';
import type { CallEventRow } from '../../src/store/tables.ts';
import { causesComeFirst } from '../../torture/history/causes-first.ts';
import type { History } from '../../torture/history/history.ts';
import { oneCallAPhone } from '../../torture/history/one-call-a-phone.ts';
import { servedOnce } from '../../torture/history/served-once.ts';
import { linesOf } from '../support/decider.ts';
import { moves, supervisor, World } from '../support/random-day.ts';

const runs = { numRuns: 400 } as const;

describe('random days', () => {
  test('no promise is broken after any step', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) {
          world.make(move);
          expect([...violations(world.centre), ...world.overtaken]).toEqual([]);
        }
      }),
      runs,
    );
  });

  test('every contact ends exactly once, its events counted without a gap', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        for (const contact of [...world.centre.contacts.values()]) world.do({ type: 'leg-down', leg: contact.leg, end: 'hung-up', at: world.at });
        // Who is to be called back is not on the phone; a supervisor ends that, once there is one again.
        world.do({ type: 'configure', routing: { ...world.first, version: 'last' }, at: world.at });
        for (const contact of [...world.centre.contacts.values()]) world.do({ type: 'withdraw', agent: supervisor.id, contact: contact.id, reason: '', at: world.at });
        const byContact = new Map<string, Event[]>();
        for (const event of world.history) if ('contact' in event && event.n !== undefined) byContact.set(event.contact, [...(byContact.get(event.contact) ?? []), event]);
        for (const [contact, events] of byContact) {
          expect(events.map((event) => event.n), contact).toEqual(events.map((_, index) => index + 1));
          expect(events.filter((event) => event.type === 'contact-ended')).toHaveLength(1);
          expect(events.at(-1)?.type).toBe('contact-ended');
        }
      }),
      runs,
    );
  });

  test('left alone, nobody stays in a transient state past its deadline', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        // While the switch is away nothing falls due.
        world.make(['switch-seen', 0, 0]);
        for (let minutes = 0; minutes < 30; minutes += 1) world.do({ type: 'tick', at: (world.at += 60_000) });
        expect([...world.centre.offers.values()].filter((offer) => offer.until <= world.at)).toEqual([]);
        expect([...world.centre.agents.values()].filter(({ presence }) => presence.status === 'wrap-up' && presence.until !== undefined && presence.until <= world.at)).toEqual([]);
        expect([...world.centre.contacts.values()].filter(({ state }) => state.status === 'transferring' && state.until <= world.at)).toEqual([]);
        expect([...world.centre.contacts.values()].filter((contact) => (callsAt(contact) ?? Number.POSITIVE_INFINITY) <= world.at)).toEqual([]);
        expect([...world.centre.contacts.values()].filter((contact) => (nextOf(world.centre, contact) ?? Number.POSITIVE_INFINITY) <= world.at)).toEqual([]);
      }),
      runs,
    );
  });

  test('a checker of the journal from outside finds no event before its cause, and nobody served twice', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const history: History = { events: rowsOf(world.history), asked: [], faults: [], dials: [], phoneCalls: [], agents: [], numbers: new Map(), recordings: [], talkMs: 0 };
        expect([...causesComeFirst(history), ...servedOnce(history), ...oneCallAPhone(history)]).toEqual([]);
      }),
      runs,
    );
  });

  test('the state taken up again from what was stored is the same state', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const { centre } = world;
        const again = makeCentre(centre.routing, { contacts: [...centre.contacts.values()].reverse(), agents: [...centre.agents.values()], offers: [...centre.offers.values()], closed: [...centre.closed.values()], left: [...centre.hungUp.values()].reverse() }, centre.at);
        expect(violations(again)).toEqual([]);
        expect(sorted(configured(linesOf(again), centre))).toEqual(sorted(configured(linesOf(centre), centre)));
        expect([...again.floor.free.keys()].sort()).toEqual(freeOnceSeen(centre));
        for (const id of centre.floor.free.keys()) expect(spotsOf(again, id)).toEqual(spotsOf(centre, id));
        for (const [queue, { agent, n }] of centre.floor.turns) if (again.agents.has(agent)) expect(again.floor.turns.get(queue)).toEqual({ agent, n });
        expect(sorted(again.legs)).toEqual(sorted(centre.legs));
        expect(sorted(again.closed)).toEqual(sorted(centre.closed));
        expect(sorted(again.hungUp)).toEqual(sorted(centre.hungUp));
        expect(sorted(again.callbacks)).toEqual(sorted(centre.callbacks));
        expect(again.deadlines.length > 0 || [...centre.offers].length === 0).toBe(true);
      }),
      runs,
    );
  });

  test('the state made again from all that happened is the same state', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const { centre, history } = world;
        const contacts = new Map<ContactId, Event[]>();
        for (const event of history) if ('contact' in event) contacts.set(event.contact, [...(contacts.get(event.contact) ?? []), event]);
        const made = replay(centre.routing, { contacts, agents: sinceLastChange(history), queues: history.filter(({ type }) => type === 'queue-closed' || type === 'queue-reopened') });
        expect(made.leftOut).toEqual([]);
        expect(sorted(new Map(made.contacts.map((contact) => [contact.id, contact])))).toEqual(sorted(centre.contacts));
        expect(sorted(new Map(made.offers.map((offer) => [offer.id, offer])))).toEqual(sorted(centre.offers));
        expect(sorted(new Map(made.closed.map((queue) => [queue.id, queue])))).toEqual(sorted(centre.closed));
        // Whoever left the configuration is forgotten, but for the call that is still with them.
        const presences = ({ agents: all }: Centre) => [...all.values()].filter(({ id, presence }) => centre.routing.agents.has(id) || presence.status === 'talking' || presence.status === 'offered').sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, presence, then, wantsWrapUp, outOf, asked, work }) => ({ id, presence, then, wantsWrapUp, outOf, asked, work }));
        expect(presences(makeCentre(centre.routing, made, 0))).toEqual(presences(centre));
      }),
      runs,
    );
  });

  test('every offer is explained by the very choice that was made, whatever else is told', () => {
    fc.assert(
      fc.property(moves, (day) => {
        const world = new World();
        for (const move of day) world.make(move);
        const moment = beginningOf(world);
        for (const journalled of world.journal()) {
          const { event } = journalled;
          comeTo(moment, event.at);
          if (event.type === 'offer-made') {
            const { asked, recomputed } = offerExplained(moment.centre, event);
            expect(recomputed, JSON.stringify(event)).toBe(true);
            expect(asked?.candidates.filter(({ verdict }) => verdict.code === 'rung').map(({ agent }) => agent)).toEqual([event.agent]);
            expect(asked?.candidates.filter(({ verdict }) => verdict.code === 'free')).toEqual([]);
          }
          follow(moment, journalled);
        }
      }),
      runs,
    );
  });

  test('the state of any moment is made again from the events before it', () => {
    fc.assert(
      fc.property(moves, fc.array(fc.nat(250), { minLength: 5, maxLength: 20 }), (day, when) => {
        const world = new World();
        const seen = new Map<number, unknown>();
        for (const [index, move] of day.entries()) {
          world.make(move);
          if (when.includes(index)) seen.set(world.history.length, pictureOf(world.centre));
        }
        const moment = beginningOf(world);
        for (const [index, journalled] of [...world.journal(), undefined].entries()) {
          if (seen.has(index)) expect(pictureOf(moment.centre)).toEqual(seen.get(index));
          if (journalled !== undefined) follow(moment, journalled);
        }
        expect(moment.leftOut.size).toBe(0);
        expect(moment.version).toBe(world.centre.routing.version);
      }),
      runs,
    );
  });
});

function beginningOf(world: World): Moment {
  const moment = beginning(world.first, (version) => world.routings.get(version));
  moment.centre.switchUp = true;
  return moment;
}

/** All but what only time tells. */
const pictureOf = (centre: Centre): unknown =>
  structuredClone({
    contacts: sorted(centre.contacts), agents: sorted(centre.agents), offers: sorted(centre.offers), lines: sorted(configured(linesOf(centre), centre)), legs: sorted(centre.legs), closed: sorted(centre.closed),
    switchUp: centre.switchUp, alarms: [...centre.alarms.keys()].sort(), queues: sorted(centre.routing.queues),
  });

const rowsOf = (events: readonly Event[]): CallEventRow[] =>
  events.map((event, seq) => ({ centre: '', epoch: 1, seq, at: new Date(event.at), type: event.type, n: null, queue: null, contact: 'contact' in event ? event.contact : null, agent: 'agent' in event ? (event.agent ?? null) : null, body: { ...event } }));

/** Of a queue that is no more an empty line is nothing. */
const configured = (lines: ReadonlyMap<QueueId, readonly string[]>, { routing }: Centre) => new Map([...lines].filter(([id, line]) => line.length > 0 || routing.queues.has(id)));

/** What a phone is like is forgotten with the process, so that one who is ready may be rung; a rest is not. */
const freeOnceSeen = ({ agents, at }: Centre): string[] => [...agents.values()].flatMap(({ id, presence, restUntil }) => (presence.status === 'ready' && restUntil <= at ? [id] : [])).sort();

/** Of each agent what Postgres is asked for: from the change to what they are now. */
function sinceLastChange(history: readonly Event[]): Event[] {
  const kinds: ReadonlySet<string> = new Set(['presence-changed', 'presence-requested', 'wrap-up-requested', 'queue-left', 'queue-joined', 'break-asked', 'break-decided', 'disposition-set']);
  const own = Map.groupBy(history.filter((event) => 'agent' in event && kinds.has(event.type)), (event) => ('agent' in event ? event.agent : undefined));
  return [...own.values()].flatMap((events) => events.slice(Math.max(0, events.findLastIndex(({ type }) => type === 'presence-changed'))));
}

/** In the pools that are always there; those of single callers come and go. */
const spotsOf = ({ floor }: Centre, id: AgentId): string[] => (floor.free.get(id) ?? []).flatMap(({ pool, candidate }) => (pool.lasting ? [`${pool.want.key}: ${JSON.stringify(candidate)}`] : [])).sort();

const sorted = (map: ReadonlyMap<string, unknown>): unknown[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

test('the random days reach nearly every kind of event, or they would prove nothing', () => {
  const seen = new Set<string>();
  for (const day of fc.sample(moves, { numRuns: 1_600, seed: 7 })) {
    const world = new World();
    for (const move of day) world.make(move);
    for (const event of world.history) seen.add(event.type === 'offer-ended' && event.outcome === 'answered-elsewhere' ? event.outcome : event.type === 'callback-attempted' && event.for !== undefined ? 'dialled-for-agent' : event.type === 'presence-changed' && event.because === 'callback-over' ? event.because : event.type);
  }
  const all = ['answered-elsewhere', 'dialled-for-agent', 'callback-over', 'contact-arrived', 'caller-known', 'contact-held', 'hold-ended', 'contact-escalated', 'flow-moved', 'contact-queued', 'contact-turned-away', 'contact-left-queue', 'contact-told', 'contact-overflowed', 'contact-re-prioritised', 'contact-widened', 'callback-asked', 'callback-waiting', 'callback-attempted', 'callback-answered', 'callback-missed', 'callback-due', 'callback-connected', 'contact-requeued', 'contact-restored', 'offer-made', 'offer-rang', 'offer-answered', 'offer-ended', 'contact-connected', 'transfer-started', 'transfer-connected', 'transfer-failed', 'contact-ended', 'presence-changed', 'presence-requested', 'wrap-up-requested', 'queue-left', 'queue-joined', 'break-asked', 'break-decided', 'rest-set', 'device-changed', 'answer-asked', 'recording-started', 'recording-paused', 'recording-resumed', 'recording-stopped', 'recording-failed', 'contact-repaired', 'stray-removed', 'switch-changed', 'pace-changed', 'alarm-raised', 'alarm-cleared', 'queue-closed', 'queue-reopened', 'hours-changed', 'configured'];
  expect(all.filter((type) => !seen.has(type))).toEqual([]);
});
