/** The agents' side: when they come and go, end their wrap-ups and come back to a phone they let ring; and their time. */
import type { AgentId } from '../base/ids.ts';
import { plan, planAt } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import { comeOnDuty } from './decider.ts';
import type { Decider, EventOf, Presence } from './decider.ts';
import { draw } from './distribution.ts';
import { stream } from './random.ts';
import type { Duty, Scenario } from './scenario.ts';
import { countAnswer, countWork } from './tally.ts';
import type { Tally } from './tally.ts';

export interface AgentsAtWork {
  readonly comeAndGo: () => void;
  readonly see: (event: EventOf<'presence-changed'>) => void;
  /** `wrapUpMs`: what the agent will need after this talk; undefined: what the queue gives. */
  readonly talks: (agent: AgentId, wrapUpMs: number | undefined) => void;
  /** A ring is over that this agent did not take; where a record knows it, after how long the agent was ready again. */
  readonly letRing: (agent: AgentId, back: { readonly backMs?: number } | undefined) => void;
  /** The counted time is over. */
  readonly close: (at: number) => void;
}

const always: readonly Duty[] = [{ fromMs: 0, toMs: Number.POSITIVE_INFINITY }];

interface AtWork {
  since: number;
  status: Presence['status'];
  wrapUpMs: number | undefined;
  back: { readonly backMs?: number } | undefined;
}

export function agentsAtWork({ seed, routing, duties, phones, acts = [] }: Scenario, replication: number, agenda: Agenda, decider: Decider, tally: Tally): AgentsAtWork {
  const away = stream(seed, replication, 'away');
  const duty = duties[replication % Math.max(1, duties.length)];
  const agents = new Map<AgentId, AtWork>([...routing.agents.keys()].map((id) => [id, { since: 0, status: 'offline', wrapUpMs: undefined, back: undefined }]));

  const spend = (id: AgentId, { status, since }: AtWork, until: number): void => {
    if (status === 'ready') countWork(tally, id, 'readyMs', since, until);
    else if (status === 'offered' || status === 'talking' || status === 'wrap-up') countWork(tally, id, 'busyMs', since, until);
  };
  /** After a while, if the agent has done nothing else meanwhile. */
  const later = (agent: AtWork, afterMs: number, act: () => void): void => {
    const { since, status } = agent;
    plan(agenda, afterMs, () => {
      if (agent.since === since && agent.status === status) act();
    });
  };
  const wrapUp = (id: AgentId, agent: AtWork, until: number | undefined): void => {
    const afterMs = agent.wrapUpMs ?? (until === undefined ? 0 : Number.POSITIVE_INFINITY);
    if (agenda.now + afterMs < (until ?? Number.POSITIVE_INFINITY)) later(agent, afterMs, () => decider.tell({ type: 'finish-wrap-up', at: agenda.now, agent: id }));
  };

  /** Who did not come back from it in the record did something else, which is among the acts. */
  const comeBack = (id: AgentId, agent: AtWork): void => {
    const afterMs = agent.back === undefined ? draw(phones.back, away) : agent.back.backMs;
    if (afterMs !== undefined) later(agent, afterMs, () => decider.tell({ type: 'make-ready', at: agenda.now, agent: id }));
  };

  return {
    comeAndGo: () => {
      for (const act of acts[replication % Math.max(1, acts.length)] ?? []) planAt(agenda, act.at, () => decider.tell({ ...act, at: agenda.now }));
      for (const id of agents.keys()) {
        for (const { fromMs, toMs } of duty === undefined ? always : (duty.get(id) ?? [])) {
          planAt(agenda, fromMs, () => comeOnDuty(decider, agenda.now, id));
          if (toMs < Number.POSITIVE_INFINITY) planAt(agenda, toMs, () => decider.tell({ type: 'sign-out', at: agenda.now, agent: id }));
        }
      }
    },
    see: ({ agent: id, presence, because, at }) => {
      const agent = agents.get(id);
      if (agent === undefined) return;
      spend(id, agent, at);
      agent.since = at;
      agent.status = presence.status;
      if (presence.status === 'wrap-up') wrapUp(id, agent, presence.until);
      else if (because === 'missed' || because === 'rejected') comeBack(id, agent);
    },
    talks: (id, wrapUpMs) => {
      const agent = agents.get(id);
      if (agent !== undefined) agent.wrapUpMs = wrapUpMs;
      countAnswer(tally, id, agenda.now);
    },
    letRing: (id, back) => {
      const agent = agents.get(id);
      if (agent !== undefined) agent.back = back;
    },
    close: (at) => {
      for (const [id, agent] of agents) if (agent.since < at) spend(id, agent, at);
    },
  };
}
