/** What an agent has done since signing in, and whose turn it was: what strategies look at. Written with each change of presence, whole, so that it is there after a restart and a replay. */
import type { QueueId } from '../base/ids.ts';
import type { EventOf } from './messages.ts';
import type { Agent, Work } from './agent.ts';
import type { Centre } from './model.ts';

export const noWork: Work = { calls: 0, talkMs: 0, turns: {} };

/** As it is once the change has happened; undefined where there is nothing to tell. */
export function workAfter(centre: Centre, { agent: id, from, presence }: Pick<EventOf<'presence-changed'>, 'agent' | 'from' | 'presence'>, at: number): Work | undefined {
  const agent = centre.agents.get(id);
  const before = agent?.work ?? noWork;
  const work = from === 'offline' ? begun(before) : before;
  const after = done(centre, agent, work, presence, at);
  return after === noWork || (after.calls === 0 && after.talkMs === 0 && Object.keys(after.turns).length === 0) ? undefined : after;
}

/** Calls and talk count from the sign-in; whose turn it is goes on. */
const begun = ({ turns }: Work): Work => ({ calls: 0, talkMs: 0, turns });

function done(centre: Centre, agent: Agent | undefined, work: Work, presence: Agent['presence'], at: number): Work {
  if (presence.status === 'talking') return { ...work, calls: work.calls + 1 };
  if (agent?.presence.status === 'talking') return { ...work, talkMs: work.talkMs + Math.max(0, at - agent.presence.since) };
  const queue = presence.status === 'offered' ? centre.offers.get(presence.offer)?.queue : undefined;
  return queue === undefined || !goesRound(centre, queue) ? work : { ...work, turns: { ...stillServed(centre, work.turns), [queue]: (centre.floor.turns.get(queue)?.n ?? 0) + 1 } };
}

const goesRound = ({ routing }: Centre, queue: QueueId): boolean => routing.queues.get(queue)?.strategy.startsWith('round-robin') === true;

const stillServed = ({ routing }: Centre, turns: Work['turns']): Work['turns'] => Object.fromEntries(Object.entries(turns).filter(([queue]) => routing.queues.has(queue as QueueId)));
