/**
 * The same callers on a bare event loop: the least that a simulator of events must do. Whoever has waited longest among
 * those whom a freed agent may take comes next; there are no contacts, offers, priorities, deadlines or reasons, agents
 * are numbers of a team, and of the events only calls and sums are kept.
 */
import { assertNever } from '../src/base/assert.ts';
import { pop, push } from '../src/base/heap.ts';
import type { QueueId } from '../src/base/ids.ts';
import { callsOf, redialOf } from '../src/simulate/callers.ts';
import type { Call } from '../src/simulate/callers.ts';
import { meets } from '../src/simulate/decider.ts';
import { draw } from '../src/simulate/distribution.ts';
import { stream } from '../src/simulate/random.ts';
import type { Scenario } from '../src/simulate/scenario.ts';

export interface Day {
  readonly calls: number;
  readonly answered: number;
  readonly abandoned: number;
  /** Of the answered and those who gave up. */
  readonly waitMs: number;
}

type Event =
  | { readonly type: 'arrival'; readonly at: number; readonly call: Call; readonly next?: () => Call | undefined }
  | { readonly type: 'gives-up' | 'answers'; readonly at: number; readonly caller: Caller }
  | { readonly type: 'freed'; readonly at: number; readonly team: Team }
  | { readonly type: 'shift'; readonly at: number; readonly team: Team; readonly more: number };

interface Caller {
  readonly call: Call;
  readonly at: number;
  over: boolean;
  /** Of the agent whose phone rings or who has answered. */
  team?: Team;
}

interface Team {
  /** Less than nothing while some end their last call after their shift. */
  free: number;
  readonly lines: Line[];
}

interface Line {
  /** In the order they came; those before `head` are gone. */
  readonly waiting: Caller[];
  head: number;
  readonly teams: Team[];
}

const soonest = (a: Event, b: Event): boolean => a.at < b.at;

export function plainDay(scenario: Scenario): Day {
  const events: Event[] = [];
  const plan = (event: Event): void => push(events, event, soonest);
  const lines = openLines(scenario, plan);
  const { phones, seed } = scenario;
  const hands = stream(seed, 0, 'phone');
  const end = scenario.warmUpMs + scenario.lengthMs;
  const day = { calls: 0, answered: 0, abandoned: 0, waitMs: 0 };

  const ring = (caller: Caller, now: number, team: Team): void => {
    team.free -= 1;
    caller.team = team;
    plan({ type: 'answers', at: now + draw(phones.ring, hands) + draw(phones.answer, hands), caller });
  };
  const answer = (caller: Caller, now: number): void => {
    const { call, at, team, over } = caller;
    if (over || team === undefined) return;
    caller.over = true;
    day.answered += 1;
    day.waitMs += now - at;
    plan({ type: 'freed', at: now + call.talkMs + (call.wrapUpMs ?? 0), team });
  };
  const arrive = (call: Call, at: number): void => {
    day.calls += 1;
    const line = lines.get(call.class.queue);
    const caller: Caller = { call, at, over: false };
    if (call.patienceMs < Number.POSITIVE_INFINITY) plan({ type: 'gives-up', at: at + call.patienceMs, caller });
    const team = line?.teams.find(({ free }) => free > 0);
    if (team === undefined) line?.waiting.push(caller);
    else ring(caller, at, team);
  };
  const giveUp = (caller: Caller, now: number): void => {
    if (caller.over) return;
    caller.over = true;
    day.abandoned += 1;
    day.waitMs += now - caller.at;
    if (caller.team !== undefined) free(caller.team, 1, now);
    const again = redialOf(scenario, 0, caller.call, now);
    if (again !== undefined && again.at < end) plan({ type: 'arrival', at: again.at, call: again });
  };
  const free = (team: Team, more: number, now: number): void => {
    team.free += more;
    while (team.free > 0) {
      const line = longestWaiting(team);
      const caller = line?.waiting[line.head];
      if (line === undefined || caller === undefined) return;
      line.head += 1;
      ring(caller, now, team);
    }
  };

  const comeNext = (next: () => Call | undefined): void => {
    const call = next();
    if (call !== undefined) plan({ type: 'arrival', at: call.at, call, next });
  };
  for (const index of scenario.classes.keys()) comeNext(callsOf(scenario, 0, index));
  for (let event = pop(events, soonest); event !== undefined; event = pop(events, soonest)) {
    const { at } = event;
    switch (event.type) {
      case 'arrival':
        if (event.next !== undefined) comeNext(event.next);
        arrive(event.call, at);
        break;
      case 'gives-up':
        giveUp(event.caller, at);
        break;
      case 'answers':
        answer(event.caller, at);
        break;
      case 'freed':
        free(event.team, 1, at);
        break;
      case 'shift':
        free(event.team, event.more, at);
        break;
      default:
        assertNever(event);
    }
  }
  return day;
}

function longestWaiting({ lines }: Team): Line | undefined {
  let longest: Line | undefined;
  let since = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    while (line.waiting[line.head]?.over) line.head += 1;
    const first = line.waiting[line.head];
    if (first === undefined || first.at >= since) continue;
    longest = line;
    since = first.at;
  }
  return longest;
}

function openLines({ routing, duties: [duty] }: Scenario, plan: (event: Event) => void): ReadonlyMap<QueueId, Line> {
  const lines = new Map([...routing.queues.keys()].map((id): [QueueId, Line] => [id, { waiting: [], head: 0, teams: [] }]));
  for (const people of Map.groupBy(routing.agents.values(), ({ team }) => team).values()) {
    const [one] = people;
    if (one === undefined) continue;
    const team: Team = { free: 0, lines: [] };
    for (const id of one.queues) {
      const line = lines.get(id);
      if (line === undefined || !meets(one.skills, routing.queues.get(id)?.needs.tree ?? { type: 'anyone' })) continue;
      line.teams.push(team);
      team.lines.push(line);
    }
    for (const { fromMs, toMs } of duty?.get(one.id) ?? [{ fromMs: 0, toMs: Number.POSITIVE_INFINITY }]) {
      plan({ type: 'shift', at: fromMs, team, more: people.length });
      if (toMs < Number.POSITIVE_INFINITY) plan({ type: 'shift', at: toMs, team, more: -people.length });
    }
  }
  return lines;
}
