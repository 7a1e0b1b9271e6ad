/** All that a person sees, at once: what a stream begins with. Pure. */
import type { AgentId } from '../base/ids.ts';
import type { Text } from '../base/text.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { closedAlarm, shownAlarm } from './alarms.ts';
import { centreCard, liveAgentOf, liveContactOf, meOf, queueFigures, screenPopFor } from './figures.ts';
import type { Snapshot } from './protocol.ts';
import type { Scene } from './views.ts';

export function snapshotFor(agent: AgentId, view: Scene & { readonly stream: string; readonly at: number; readonly name: Text }): Snapshot {
  const { centre } = view;
  const config = centre.routing.agents.get(agent);
  const all = seesAll(config);
  const own = centre.agents.get(agent);
  return {
    type: 'snapshot',
    stream: view.stream,
    at: view.at,
    centre: centreCard(view.name, centre.routing.centre),
    switchUp: centre.switchUp,
    me: own ? meOf(own, centre) : null,
    screenPop: screenPopFor(agent, centre, view.recordOf),
    queues: queueFigures(centre, all ? centre.routing.queues.keys() : config?.queues ?? []),
    agents: all ? [...centre.agents.values()].map((each) => liveAgentOf(each, centre)) : [],
    contacts: all ? [...centre.contacts.values()].flatMap((each) => liveContactOf(each) ?? []) : [],
    alarms: all ? [...[...centre.alarms.values()].map(shownAlarm), ...[...centre.closed.values()].map(closedAlarm)] : [],
  };
}

/** Supervisors and admins see the whole centre. */
export const seesAll = (config: AgentConfig | undefined): boolean => config !== undefined && config.role !== 'agent';
