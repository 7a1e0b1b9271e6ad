/** Calls while they are in the centre: in, answered or not, over; and called again. Each is counted once. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, LegId, QueueId } from '../base/ids.ts';
import { plan, planAt } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type { AgentsAtWork } from './agents.ts';
import { callsOf, redialOf } from './callers.ts';
import type { Call } from './callers.ts';
import { callArrives, endCall, enterQueue, nameCall } from './decider.ts';
import type { Decider, Event, EventOf } from './decider.ts';
import type { IdealSwitch } from './ideal-switch.ts';
import type { Scenario } from './scenario.ts';
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
  readonly leg: LegId;
  queue: QueueId;
  /** When the caller came to the queue, or was turned away. */
  at: number | undefined;
  counted: boolean;
}

type Followed = EventOf<'contact-arrived' | 'contact-turned-away' | 'contact-queued' | 'contact-overflowed' | 'contact-connected' | 'contact-ended'>;

interface Parts {
  readonly agenda: Agenda;
  readonly decider: Decider;
  readonly phones: IdealSwitch;
  readonly agents: AgentsAtWork;
  readonly tally: Tally;
}

export function visits(scenario: Scenario, replication: number, { agenda, decider, phones, agents, tally }: Parts): Visits {
  const inside = new Map<ContactId, Visit>();
  let made = 0;
  let waiting = 0;

  const count = (visit: Visit, end: Outcome['end'], waitMs: number): void => {
    const { call, queue, at } = visit;
    if (visit.counted || at === undefined) return;
    visit.counted = true;
    if (end !== 'turned-away' && isCounted(tally, at)) waiting -= 1;
    const inTime = waitMs <= (scenario.routing.queues.get(queue)?.serviceLevelMs ?? 0);
    countCaller(tally, { end, at, class: call.class.name, tags: call.class.tags, queue, waitMs, inTime, talkMs: call.talkMs });
  };

  const arrive = (call: Call): void => {
    made += 1;
    const { leg, contact } = nameCall(made);
    const visit: Visit = { call, leg, queue: call.class.queue, at: undefined, counted: false };
    inside.set(contact, visit);
    phones.begin(leg);
    callArrives(decider, agenda.now, contact, leg, call.ani);
    if (visit.counted) return endCall(decider, agenda.now, contact);
    enterQueue(decider, agenda.now, contact, call.class.queue, call.priority);
    if (call.patienceMs < Number.POSITIVE_INFINITY && !visit.counted) plan(agenda, call.patienceMs, () => (visit.counted ? undefined : phones.putDown(leg)));
  };
  const comeOneByOne = (next: () => Call | undefined): void => {
    const call = next();
    if (call === undefined) return;
    planAt(agenda, call.at, () => {
      comeOneByOne(next);
      arrive(call);
    });
  };

  const turnedAway = (visit: Visit): void => {
    visit.at ??= agenda.now;
    count(visit, 'turned-away', 0);
  };
  const answered = (visit: Visit, agent: AgentId, waitMs: number): void => {
    count(visit, 'answered', waitMs);
    agents.talks(agent, visit.call.wrapUpMs);
    plan(agenda, visit.call.talkMs, () => phones.putDown(visit.leg));
  };
  const over = (visit: Visit, contact: ContactId, waitMs: number): void => {
    inside.delete(contact);
    if (visit.counted || visit.at === undefined) return;
    count(visit, 'abandoned', waitMs);
    const again = redialOf(scenario, replication, visit.call, agenda.now);
    if (again !== undefined && again.at < scenario.warmUpMs + scenario.lengthMs) planAt(agenda, again.at, () => arrive(again));
  };

  const follow = (visit: Visit, event: Followed): void => {
    switch (event.type) {
      case 'contact-arrived':
        return event.turnedAway === undefined ? undefined : turnedAway(visit);
      case 'contact-turned-away':
        turnedAway(visit);
        return plan(agenda, 0, () => endCall(decider, agenda.now, event.contact));
      case 'contact-queued':
        visit.at = event.at;
        if (isCounted(tally, event.at)) waiting += 1;
        return;
      case 'contact-overflowed':
        visit.queue = event.queue;
        return;
      case 'contact-connected':
        return answered(visit, event.agent, event.waitMs);
      case 'contact-ended':
        return over(visit, event.contact, event.waitMs);
      default:
        return assertNever(event);
    }
  };

  return {
    begin: () => scenario.classes.forEach((_, index) => comeOneByOne(callsOf(scenario, replication, index))),
    see: (event) => {
      switch (event.type) {
        case 'contact-arrived':
        case 'contact-turned-away':
        case 'contact-queued':
        case 'contact-overflowed':
        case 'contact-connected':
        case 'contact-ended': {
          const visit = inside.get(event.contact);
          return visit === undefined ? undefined : follow(visit, event);
        }
        default:
          return;
      }
    },
    close: (at) => {
      for (const visit of inside.values()) count(visit, 'waiting', Math.max(0, at - (visit.at ?? at)));
    },
    made: () => made,
    waiting: () => waiting,
  };
}
