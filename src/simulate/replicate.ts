/** One replication: callers come, the decider decides, the ideal switch plays the rest, and what came of it is counted. */
import { doNext, newAgenda, nextAt } from './agenda.ts';
import { agentsAtWork } from './agents.ts';
import { openDecider } from './decider.ts';
import type { Decided, Event } from './decider.ts';
import { idealSwitch } from './ideal-switch.ts';
import type { Scenario } from './scenario.ts';
import { newTally, samplesOf } from './tally.ts';
import type { Sample } from './tally.ts';
import { visits } from './visits.ts';

export interface Replication {
  readonly samples: readonly Sample[];
  readonly calls: number;
  /** What the decider decided. */
  readonly events: number;
}

export function replicate(scenario: Scenario, replication: number, progress: (done: number) => void = () => {}, seen: (event: Event) => void = () => {}): Replication {
  const agenda = newAgenda();
  const tally = newTally(scenario);
  let events = 0;
  const decider = openDecider(scenario.routing, (decided) => {
    events += decided.events.length;
    follow(decided);
  }, scenario.startsAt?.[replication % scenario.startsAt.length]);
  const phones = idealSwitch(scenario, replication, agenda, decider);
  const agents = agentsAtWork(scenario, replication, agenda, decider, tally);
  const callers = visits(scenario, replication, { agenda, decider, phones, agents, tally });
  const follow = (decided: Decided): void => {
    for (const event of decided.events) {
      seen(event);
      if (event.type === 'presence-changed') agents.see(event);
      else callers.see(event);
    }
    for (const order of decided.orders) phones.perform(order);
  };

  agents.comeAndGo();
  callers.begin();
  const end = scenario.warmUpMs + scenario.lengthMs;
  let told = 0;
  for (;;) {
    const due = decider.dueAt() ?? Number.POSITIVE_INFINITY;
    const next = Math.min(nextAt(agenda), due);
    if (next >= end && (callers.waiting() === 0 || next > end + scenario.drainMs)) break;
    if (due <= next) {
      agenda.now = Math.max(agenda.now, due);
      decider.tell({ type: 'tick', at: agenda.now });
    } else doNext(agenda);
    if (next >= told + end / 100) {
      told = next;
      progress(Math.min(1, next / end));
    }
  }
  callers.close(Math.max(end, agenda.now));
  agents.close(end);
  return { samples: samplesOf(tally), calls: callers.made(), events };
}
