import { agentId, queueId } from '../../src/base/ids.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { Admission, CentreSettings, LineOrder, Needs, QueueConfig } from '../../src/config/centre-config.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Centre, Routing } from '../../src/acd/model.ts';

/** A small centre: billing (needs the skill, overflows to general after a minute) and general; agents 1001 to 1003. */
export function sampleRouting(change: { queues?: Partial<QueueConfig>; agents?: readonly AgentConfig[]; backOffMs?: CentreSettings['backOffMs']; breaks?: CentreSettings['breaks']; admission?: Partial<Admission>; order?: LineOrder; recording?: 'go-on' | 'no-call'; version?: string } = {}): Routing {
  const queue = (id: string, more: Partial<QueueConfig> = {}): QueueConfig => ({
    id: queueId(id),
    name: { zh: id, en: id },
    needs: { text: 'true', tree: { type: 'anyone' } },
    strategy: 'longest-idle',
    ringMs: 15_000,
    wrapUpMs: 20_000,
    wrapUpMode: 'time-boxed',
    serviceLevelMs: 15_000,
    priority: 0,
    maxWaiting: 1000,
    music: 'default',
    record: 'always',
    sayAgentNumber: true,
    ...more,
    ...change.queues,
  });
  const billing: Needs = { type: 'level', skill: 'billing', is: '>=', level: 3 };
  const queues = [queue('billing', { needs: { text: 'billing >= 3', tree: billing }, overflow: { afterMs: 60_000, to: queueId('general') } }), queue('general')];
  const agents = change.agents ?? [agent('1001', { billing: 5 }), agent('1002', { billing: 3 }), agent('1003', {})];
  return {
    version: change.version ?? 'test',
    centre: {
      numbers: new Map([['4000', 'hotline']]),
      language: 'zh',
      pauseReasons: new Map([['lunch', { zh: '午餐', en: 'Lunch' }]]),
      breaks: change.breaks ?? new Map(),
      dispositions: new Map([['solved', { zh: '已解决', en: 'Solved' }]]),
      backOffMs: change.backOffMs ?? { busy: 10_000, unreachable: 30_000 },
      order: change.order ?? { vip: 10, vipTiers: ['vip'], acrossQueues: 'priority' },
      admission: { callsPerSecond: 100, perCaller: { calls: 30, withinMs: 60_000, except: [] }, lateMs: 500, treatment: 'congestion', ...change.admission },
      recording: { onFailure: change.recording ?? 'go-on' },
    },
    queues: new Map(queues.map((it) => [it.id, it])),
    agents: new Map(agents.map((it) => [it.id, it])),
  };
}

export function agent(id: string, skills: Record<string, number>, queues: readonly string[] = ['billing', 'general']): AgentConfig {
  return { id: agentId(id), name: { zh: id, en: id }, role: 'agent', team: 'a', queues: queues.map(queueId), skills };
}

const withSupervisor = sampleRouting();
/** The same with a supervisor, 2001, who serves no queue. */
export const supervised: Routing = { ...withSupervisor, agents: new Map([...withSupervisor.agents, [agentId('2001'), { ...agent('2001', {}, []), role: 'supervisor' }]]) };

/** A centre whose switch is up and all phones idle. */
export function sampleCentre(routing: Routing = sampleRouting(), at = 0): Centre {
  const centre = makeCentre(routing, { contacts: [], agents: [], offers: [], closed: [] }, at);
  centre.switchUp = true;
  return centre;
}
