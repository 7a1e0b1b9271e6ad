/** Calls while they are in the centre: in, answered or not, over; and called again. Each is counted once. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, LegId, QueueId } from '../base/ids.ts';
import { plan, planAt } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type { AgentsAtWork } from './agents.ts';
import { callsOf, redialOf } from './callers.ts';
import type { Call } from './callers.ts';
import { askCallback, asksWhoWasLast, callArrives, callerKnown, endCall, enterQueue, legNamed, nameCall, pressKey } from './decider.ts';
import type { Decider, Event, EventOf, LastTalk } from './decider.ts';
import type { IdealSwitch } from './ideal-switch.ts';
import { patienceBeyond } from './patience.ts';
import { stream } from './random.ts';
import type { Asked, LegFate, Onward, OwnRing, Promised, Scenario } from './scenario.ts';
import { countCaller, isCounted } from './tally.ts';
import type { Outcome, Tally } from './tally.ts';
import { isFollowed } from './visit.ts';
import type { Followed, Visit } from './visit.ts';

export interface Visits {
  /** Callers begin to come. */
  readonly begin: () => void;
  readonly see: (event: Event) => void;
  /** Whoever waits now is counted as waiting. */
  readonly close: (at: number) => void;
  readonly made: () => number;
  /** How many of those who are counted wait. */
  readonly waiting: () => number;
}

interface Parts {
  readonly agenda: Agenda;
  readonly decider: Decider;
  readonly phones: IdealSwitch;
  readonly agents: AgentsAtWork;
  readonly tally: Tally;
}

export function visits(scenario: Scenario, replication: number, { agenda, decider, phones, agents, tally }: Parts): Visits {
  const inside = new Map<ContactId, Visit>();
  /** Who has talked to whom in this play, where it matters. */
  const talked = asksWhoWasLast(scenario.routing) ? new Map<string, LastTalk>() : undefined;
  let made = 0;
  let callers = 0;
  let waiting = 0;

  const countNoMore = (visit: Visit): void => {
    visit.counted = true;
    if (visit.waits) waiting -= 1;
  };
  const count = (visit: Visit, end: Outcome['end'], waitMs: number): void => {
    const { call, queue, at } = visit;
    if (visit.counted || at === undefined) return;
    countNoMore(visit);
    const inTime = waitMs <= (scenario.routing.queues.get(queue)?.serviceLevelMs ?? 0);
    countCaller(tally, { end, at, class: call.class.name, tags: call.class.tags, queue, waitMs, inTime, talkMs: call.talkMs });
  };

  const enter = (visit: Visit, contact: ContactId, asked: Asked): void => {
    visit.asked = asked;
    enterQueue(decider, agenda.now, contact, asked.into);
    press(visit, asked);
  };
  const press = (visit: Visit, asked: Asked | Promised): void => {
    const { key } = asked;
    if (key !== undefined) plan(agenda, key.afterMs, () => (visit.asked === asked ? pressKey(decider, agenda.now, visit.leg, key.key) : undefined));
  };
  /** Hangs up after so long, if this time without an agent goes on. */
  const wearOut = (visit: Visit, patienceMs: number): void => {
    const { hold, leg } = visit;
    if (patienceMs < Number.POSITIVE_INFINITY) plan(agenda, patienceMs, () => (visit.hold === hold && !visit.talking ? phones.putDown(leg) : undefined));
  };
  const holdAgain = (visit: Visit): void => {
    visit.hold += 1;
    visit.talking = false;
    const { arrivals, name } = visit.call.class;
    const seen = visit.call.own?.holds[visit.hold];
    if (seen?.gaveUp) return wearOut(visit, seen.waitMs);
    if (arrivals.type === 'recorded') wearOut(visit, patienceBeyond(arrivals.leaving, seen?.waitMs ?? 0, stream(scenario.seed, replication, 'patience', name, visit.call.caller, visit.hold)()));
  };
  /** As the flow did; where the decider will not have it now, the caller is back in line. */
  const promise = (visit: Visit, contact: ContactId, promised: Promised): void => {
    const { asked } = visit;
    visit.promised = false;
    askCallback(decider, agenda.now, contact, { number: promised.number, queue: promised.queue });
    if (!visit.promised) return 'into' in asked ? enter(visit, contact, asked) : endCall(decider, agenda.now, contact);
    visit.asked = promised;
    const { leg } = visit;
    plan(agenda, promised.leaves.afterMs, () => (promised.leaves.by === 'caller' ? phones.putDown(leg) : endCall(decider, agenda.now, contact)));
  };
  /** Somebody who was drawn to be known talked to one of those who serve the queue now. */
  const lastOf = ({ known, own, ani, class: { queue } }: Call): LastTalk | null => {
    if (own?.last !== undefined) return own.last;
    // A record's customer 0 is anybody.
    const before = /[1-9]/.test(ani) ? talked?.get(ani) : undefined;
    if (before !== undefined || known === undefined) return before ?? null;
    const serving = [...scenario.routing.agents.values()].filter(({ queues }) => queues.includes(queue));
    const agent = serving[Math.floor(known * serving.length)];
    return agent === undefined ? null : { agent: agent.id, at: agenda.now };
  };
  const arrive = (call: Call, n: number): void => {
    made += 1;
    const { leg, contact } = call.own === undefined ? nameCall(n, call.again) : { leg: legNamed(call.own.contact), contact: call.own.contact };
    const asked = call.own?.asked ?? { into: { queue: call.class.queue, priority: call.priority } };
    const visit: Visit = { call, n, leg, queue: asked.into.queue, asked, at: undefined, hold: 0, talks: 0, talking: false, promised: false, rung: new Map(), dialled: 0, waits: false, counted: false };
    inside.set(contact, visit);
    phones.begin(leg);
    callArrives(decider, agenda.now, contact, leg, call.ani);
    if (visit.counted) return endCall(decider, agenda.now, contact);
    if (talked !== undefined) callerKnown(decider, agenda.now, contact, lastOf(call));
    enter(visit, contact, asked);
    wearOut(visit, call.patienceMs);
  };
  const comeOneByOne = (next: () => Call | undefined): void => {
    const call = next();
    if (call === undefined) return;
    planAt(agenda, call.at, () => {
      comeOneByOne(next);
      callers += 1;
      arrive(call, callers);
    });
  };

  const turnedAway = (visit: Visit, waitMs: number): void => {
    visit.at ??= agenda.now;
    count(visit, 'turned-away', waitMs);
  };
  /** Back in the flow: on to where the record says that it led, else the end. */
  const sentBack = (visit: Visit, contact: ContactId, queue: QueueId, waitMs: number): void => {
    visit.queue = queue;
    visit.at ??= agenda.now;
    const { next } = visit.asked;
    if (next !== undefined && !('over' in next)) return plan(agenda, next.afterMs, () => (inside.get(contact) === visit ? goOn(visit, contact, next) : undefined));
    turnedAway(visit, waitMs);
    const { leg } = visit;
    plan(agenda, next?.afterMs ?? 0, () => (next?.over === 'caller' ? phones.putDown(leg) : endCall(decider, agenda.now, contact)));
  };
  const goOn = (visit: Visit, contact: ContactId, next: Exclude<Onward, { readonly over: unknown }>): void => ('asked' in next ? enter(visit, contact, next.asked) : promise(visit, contact, next.promised));
  const answered = (visit: Visit, { agent, leg, waitMs }: EventOf<'contact-connected'>): void => {
    count(visit, 'answered', waitMs);
    talked?.set(visit.call.ani, { agent, at: agenda.now });
    const talk = visit.call.own?.talks[visit.talks] ?? { ms: visit.call.talkMs, end: 'caller', ...(visit.call.wrapUpMs !== undefined && { wrapUpMs: visit.call.wrapUpMs }) };
    visit.talks += 1;
    visit.talking = true;
    agents.talks(agent, talk.wrapUpMs);
    const { talks } = visit;
    const goesOn = (): boolean => visit.talking && visit.talks === talks;
    plan(agenda, talk.ms, () => {
      if (!goesOn()) return;
      if (talk.end === 'agent') return phones.putDown(leg);
      if (talk.end === 'lost') return phones.putDown(leg, 'failed');
      if (talk.end === 'escalated') decider.tell({ type: 'escalate', at: agenda.now, agent });
      // Also where there is nobody to hand it on to now.
      if (goesOn()) phones.putDown(visit.leg);
    });
  };
  const ringOf = (visit: Visit, agent: AgentId): OwnRing | undefined => visit.call.own?.rings[agent]?.[(visit.rung.get(agent) ?? 1) - 1];
  const rings = (visit: Visit, { agent, leg }: EventOf<'offer-made'>): void => {
    visit.rung.set(agent, (visit.rung.get(agent) ?? 0) + 1);
    const seen = ringOf(visit, agent);
    if (seen !== undefined) phones.expect(leg, seen);
  };
  /** By a record of this contact, else as others were reached. */
  const calledBack = (visit: Visit, leg: LegId): void => {
    visit.leg = leg;
    const { own } = visit.call;
    const { dialled: all = [] } = scenario.phones;
    const seen: LegFate | undefined = own?.dialled[visit.dialled] ?? all[Math.floor(stream(scenario.seed, replication, 'dialled', visit.n, visit.dialled)() * all.length)];
    visit.dialled += 1;
    phones.expect(leg, seen ?? {});
  };
  const over = (visit: Visit, { contact, during, reason }: EventOf<'contact-ended'>, waitMs: number): void => {
    inside.delete(contact);
    visit.talking = false;
    if (visit.counted || visit.at === undefined) return;
    // It leaves the count to the call that has its place.
    if (reason === 'callback-merged') return countNoMore(visit);
    if (during === 'callback') return count(visit, 'turned-away', waitMs);
    count(visit, 'abandoned', waitMs);
    const again = redialOf(scenario, replication, visit.call, agenda.now);
    if (again !== undefined && again.at < scenario.warmUpMs + scenario.lengthMs) planAt(agenda, again.at, () => arrive(again, visit.n));
  };

  const follow = (visit: Visit, event: Followed): void => {
    switch (event.type) {
      case 'contact-arrived':
        return event.turnedAway === undefined ? undefined : turnedAway(visit, 0);
      case 'contact-turned-away':
        return sentBack(visit, event.contact, event.queue, agenda.now - (visit.at ?? agenda.now));
      case 'contact-left-queue':
        return sentBack(visit, event.contact, event.queue, event.waitMs);
      case 'contact-queued':
        visit.at ??= event.at;
        visit.queue = event.queue;
        if (!visit.waits && isCounted(tally, visit.at)) waiting += 1;
        visit.waits ||= isCounted(tally, visit.at);
        return;
      case 'contact-overflowed':
        visit.queue = event.queue;
        return;
      case 'contact-connected':
        return answered(visit, event);
      case 'offer-made':
        return rings(visit, event);
      case 'offer-ended':
        return event.outcome === 'accepted' ? undefined : agents.letRing(event.agent, ringOf(visit, event.agent));
      case 'contact-escalated':
      case 'contact-requeued':
        visit.queue = event.queue;
        return holdAgain(visit);
      case 'callback-asked':
        visit.promised = true;
        return;
      case 'callback-attempted':
        return calledBack(visit, event.leg);
      case 'callback-connected':
        press(visit, visit.asked);
        return holdAgain(visit);
      case 'contact-ended':
        // In the flow between two queues it waits on.
        return over(visit, event, event.during === 'flow' ? agenda.now - (visit.at ?? agenda.now) : event.waitMs);
      default:
        return assertNever(event);
    }
  };

  return {
    begin: () => scenario.classes.forEach((_, index) => comeOneByOne(callsOf(scenario, replication, index))),
    see: (event) => {
      const visit = isFollowed(event) ? inside.get(event.contact) : undefined;
      if (visit !== undefined && isFollowed(event)) follow(visit, event);
    },
    close: (at) => {
      for (const visit of inside.values()) count(visit, 'waiting', Math.max(0, at - (visit.at ?? at)));
    },
    made: () => made,
    waiting: () => waiting,
  };
}
