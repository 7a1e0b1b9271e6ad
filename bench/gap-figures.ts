/**
 * What a capture says of a queue: between an agent's BYE and the next INVITE to that agent, while a caller waits who
 * could have had him. Nobody's own statistics are asked. Callers of these benches never give up.
 */
import type { SipMessage } from '../stage/sip-message.ts';

export interface Round {
  readonly messages: readonly SipMessage[];
  readonly asteriskPort: number;
  /** Where the agents' phones are. */
  readonly phonesPort: number;
  readonly agents: number;
  /** When one stopped looking. */
  readonly endUs: number;
}

export interface RoundFigures {
  /** Of each agent who hung up with a caller in line for him, until the next INVITE to him; in milliseconds. */
  readonly gapsMs: readonly number[];
  /** When each of these agents hung up, in the same order. */
  readonly gapsAtUs: readonly number[];
  /** From the first caller's INVITE to the last BYE to a caller. */
  readonly wallS: number;
  readonly callers: number;
  readonly answered: number;
  /** Time in which an agent was idle and a caller waited, summed over the pairs there could have been. */
  readonly wastedS: number;
  /** From a caller's 200 OK until an agent is rung for him, over all who came. */
  readonly meanWaitS: number;
  /** From INVITE to BYE at the agents' phones. */
  readonly meanHandleS: number;
}

export function figuresOf(round: Round): RoundFigures {
  const marks = marksOf(round);
  const gaps: { readonly atUs: number; readonly ms: number }[] = [];
  /** Agents who hung up while a caller was in line for them, since when. */
  const owed = new Map<string, number>();
  const busySince = new Map<string, number>();
  let [waiting, wastedUs, waitedUs, handledUs, answered, before] = [0, 0, 0, 0, 0, 0];
  const pass = (atUs: number): number => {
    const idle = round.agents - busySince.size;
    wastedUs += Math.min(idle, waiting) * (atUs - before);
    waitedUs += waiting * (atUs - before);
    before = atUs;
    return idle;
  };
  const gap = (agent: string, atUs: number): void => {
    const since = owed.get(agent);
    if (since !== undefined) gaps.push({ atUs: since, ms: (atUs - since) / 1_000 });
    owed.delete(agent);
  };
  for (const { atUs, what, agent = '' } of marks) {
    const idle = pass(atUs);
    switch (what) {
      case 'came':
        waiting += 1;
        break;
      case 'rung':
        waiting -= 1;
        busySince.set(agent, atUs);
        gap(agent, atUs);
        // Whose caller went to another agent is owed nothing any more.
        if (waiting === 0) owed.clear();
        break;
      case 'missed':
        waiting += 1;
        busySince.delete(agent);
        break;
      case 'hung-up':
        answered += 1;
        handledUs += atUs - (busySince.get(agent) ?? atUs);
        busySince.delete(agent);
        // The agents who are idle already have the first in line; the next one is his.
        if (waiting > idle) owed.set(agent, atUs);
        break;
    }
  }
  pass(Math.max(before, round.endUs));
  // Not rung as long as one looked: the gap is that long at least.
  for (const agent of owed.keys()) gap(agent, before);
  const callers = marks.filter(({ what }) => what === 'came').length;
  return { gapsMs: gaps.map(({ ms }) => ms), gapsAtUs: gaps.map(({ atUs }) => atUs), ...spanOf(round), callers, answered, wastedS: wastedUs / 1e6, meanWaitS: waitedUs / 1e6 / callers, meanHandleS: handledUs / 1e6 / answered };
}

interface Mark {
  readonly atUs: number;
  /** `came`: answered by the switch and in line. `missed`: the phone did not take it, and the caller is in line again. */
  readonly what: 'came' | 'rung' | 'missed' | 'hung-up';
  readonly agent?: string;
}

function marksOf({ messages, asteriskPort, phonesPort }: Round): Mark[] {
  const agentOf = new Map<string, string>();
  return messages.flatMap(({ atUs, from, to, method, status, user, callId, inDialog }): Mark[] => {
    if (from.port !== phonesPort && to.port !== phonesPort) return from.port === asteriskPort && method === 'INVITE' && status === 200 ? [{ atUs, what: 'came' }] : [];
    if (method === 'INVITE' && status === undefined && !inDialog && user !== undefined) {
      agentOf.set(callId, user);
      return [{ atUs, what: 'rung', agent: user }];
    }
    const agent = agentOf.get(callId);
    const missed = method === 'INVITE' && (status ?? 0) >= 300;
    if (agent === undefined || (!missed && !(method === 'BYE' && status === undefined))) return [];
    agentOf.delete(callId);
    return [{ atUs, what: missed ? 'missed' : 'hung-up', agent }];
  });
}

function spanOf({ messages, phonesPort }: Round): { wallS: number } {
  const callers = messages.filter(({ from, to, status }) => from.port !== phonesPort && to.port !== phonesPort && status === undefined);
  const first = callers.find(({ method }) => method === 'INVITE')?.atUs ?? 0;
  const last = callers.findLast(({ method }) => method === 'BYE')?.atUs ?? first;
  return { wallS: (last - first) / 1e6 };
}
