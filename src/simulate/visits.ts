/** Calls while they are in the centre: in, answered or not, over; and called again. Each is counted once. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, LegId, QueueId } from '../base/ids.ts';
import { plan, planAt } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type { AgentsAtWork } from './agents.ts';
import { callsOf, redialOf } from './callers.ts';
import type { Call } from './callers.ts';
import { asksWhoWasLast, callArrives, callerKnown, endCall, enterQueue, legNamed, nameCall, pressKey } from './decider.ts';
import type { Decider, Event, EventOf, LastTalk } from './decider.ts';
import type { IdealSwitch } from './ideal-switch.ts';
import type { Asked, Scenario } from './scenario.ts';
import { countCaller, isCounted } from './tally.ts';
import type { Outcome, Tally } from './tally.ts';

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

interface Visit {
  readonly call: Call;
  readonly n: number;
  readonly leg: LegId;
  queue: QueueId;
  /** Of the queue that the caller is in. */
  asked: Asked;
  /** When the caller came to a queue first, or was turned away. */
  at: number | undefined;
  /** One of those that `waiting` has counted. */
  waits: boolean;
  counted: boolean;
}

const followed = ['contact-arrived', 'contact-turned-away', 'contact-queued', 'contact-overflowed', 'contact-left-queue', 'contact-connected', 'contact-ended'] as const;
type Followed = EventOf<(typeof followed)[number]>;

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

  const count = (visit: Visit, end: Outcome['end'], waitMs: number): void => {
    const { call, queue, at } = visit;
    if (visit.counted || at === undefined) return;
    visit.counted = true;
    if (visit.waits) waiting -= 1;
    const inTime = waitMs <= (scenario.routing.queues.get(queue)?.serviceLevelMs ?? 0);
    countCaller(tally, { end, at, class: call.class.name, tags: call.class.tags, queue, waitMs, inTime, talkMs: call.talkMs });
  };

  const enter = (visit: Visit, contact: ContactId, asked: Asked): void => {
    visit.asked = asked;
    enterQueue(decider, agenda.now, contact, asked.into);
    const { key } = asked;
    if (key !== undefined) plan(agenda, key.afterMs, () => (visit.asked === asked ? pressKey(decider, agenda.now, visit.leg, key.key) : undefined));
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
    const visit: Visit = { call, n, leg, queue: asked.into.queue, asked, at: undefined, waits: false, counted: false };
    inside.set(contact, visit);
    phones.begin(leg);
    callArrives(decider, agenda.now, contact, leg, call.ani);
    if (visit.counted) return endCall(decider, agenda.now, contact);
    if (talked !== undefined) callerKnown(decider, agenda.now, contact, lastOf(call));
    enter(visit, contact, asked);
    if (call.patienceMs < Number.POSITIVE_INFINITY && !visit.counted) plan(agenda, call.patienceMs, () => (visit.counted ? undefined : phones.putDown(leg)));
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
    if (next !== undefined) return plan(agenda, next.afterMs, () => (inside.get(contact) === visit ? enter(visit, contact, next.asked) : undefined));
    turnedAway(visit, waitMs);
    plan(agenda, 0, () => endCall(decider, agenda.now, contact));
  };
  const answered = (visit: Visit, agent: AgentId, waitMs: number): void => {
    count(visit, 'answered', waitMs);
    talked?.set(visit.call.ani, { agent, at: agenda.now });
    agents.talks(agent, visit.call.wrapUpMs);
    plan(agenda, visit.call.talkMs, () => phones.putDown(visit.leg));
  };
  const over = (visit: Visit, contact: ContactId, waitMs: number): void => {
    inside.delete(contact);
    if (visit.counted || visit.at === undefined) return;
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
        return answered(visit, event.agent, event.waitMs);
      case 'contact-ended':
        // In the flow between two queues it waits on.
        return over(visit, event.contact, event.during === 'flow' ? agenda.now - (visit.at ?? agenda.now) : event.waitMs);
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

const isFollowed = (event: Event): event is Followed => (followed as readonly string[]).includes(event.type);
