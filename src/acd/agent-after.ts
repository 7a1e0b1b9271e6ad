/** What becomes of an agent by each of its events. */
import type { EventOf } from './messages.ts';
import type { Agent } from './agent.ts';

export function withPresence(agent: Agent, event: EventOf<'presence-changed'>): Agent {
  const { then: _then, wantsWrapUp: _wants, asked: _asked, outOf: _out, work: _, ...rest } = agent;
  return { ...rest, presence: event.presence, ...(event.work === undefined ? {} : { work: event.work }), ...(event.outOf ? { outOf: event.outOf } : {}), ...(event.still ?? stillAsked(agent, event.presence)) };
}

/** What an agent asked for and has not got yet, which goes with every change of presence: whoever knows the newest one alone knows it. */
export type StillAsked = Pick<Agent, 'then' | 'wantsWrapUp' | 'asked'>;

export function stillAsked({ then, wantsWrapUp, asked }: StillAsked, { status }: Agent['presence']): StillAsked {
  // What was asked for is done, or the agent chose anew; on the way through an offer or a talk it stays asked for.
  const talks = status === 'offered' || status === 'talking';
  return { ...((talks || status === 'wrap-up') && then !== undefined ? { then } : {}), ...(talks && wantsWrapUp ? { wantsWrapUp } : {}), ...(status !== 'offline' && asked ? { asked } : {}) };
}

export function inQueues({ outOf = [], ...agent }: Agent, { type, queue }: EventOf<'queue-joined' | 'queue-left'>): Agent {
  const others = outOf.filter((id) => id !== queue);
  const out = type === 'queue-left' ? [...others, queue] : others;
  return out.length === 0 ? agent : { ...agent, outOf: out };
}

export function asking({ asked: _, ...agent }: Agent, reason: string | null, since: number): Agent {
  return reason === null ? agent : { ...agent, asked: { reason, since } };
}

export function wrapUpWanted({ wantsWrapUp: _, ...agent }: Agent, wanted: boolean): Agent {
  return wanted ? { ...agent, wantsWrapUp: true } : agent;
}

export function resting({ restBecause: _, ...agent }: Agent, { until, because }: EventOf<'rest-set'>): Agent {
  return { ...agent, restUntil: until, ...(because === undefined ? {} : { restBecause: because }) };
}

export function withDevice({ remoteAnswer: _, ...agent }: Agent, { device, remoteAnswer }: EventOf<'device-changed'>): Agent {
  return { ...agent, device, ...(remoteAnswer === undefined ? {} : { remoteAnswer }) };
}

export function requested(agent: Agent, event: EventOf<'presence-requested'>): Agent {
  const { then: _, ...rest } = agent;
  if (event.then === 'offline') return { ...rest, then: { status: 'offline' } };
  if (event.then === 'paused') return { ...rest, then: { status: 'paused', reason: event.reason ?? '' } };
  return rest;
}
