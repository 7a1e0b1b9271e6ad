/** 6: never two callers to one agent or two agents on one caller: in the rows, and in Asterisk while it happened. */
import type { QueueConfig } from '../../src/config/centre-config.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import type { ContactRow, LegRow, OfferRow } from '../../src/store/tables.ts';
import type { Stage } from '../../stage/stage.ts';
import { agentOf, type Bridge, type Channel } from '../seen.ts';

interface Span {
  readonly who: string;
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

interface Rows {
  readonly legs: readonly LegRow[];
  readonly offers: readonly OfferRow[];
  readonly contacts: readonly ContactRow[];
}

/**
 * A talk is over with its contact or with its leg, whichever is first: Asterisk takes some time to clean a channel up.
 * A queue that rings all rings several agents for one caller; only one of them may talk, and each is rung for one.
 */
export function pairsInRows({ legs, offers, contacts }: Rows, queues: ReadonlyMap<string, Pick<QueueConfig, 'strategy'>>): string[] {
  const contactEnds = new Map(contacts.map(({ id, ended_at }) => [id, ended_at]));
  const talks = legs.filter(({ role, answered_at }) => role === 'agent' && answered_at !== null).map((leg) => ({ ...leg, ended_at: earlier(leg.ended_at, contactEnds.get(leg.contact) ?? null) }));
  const spanOf = (who: string, what: string, from: Date | null, to: Date | null): Span => ({ who, what, from: from?.getTime() ?? 0, to: to?.getTime() ?? Number.POSITIVE_INFINITY });
  return [
    ...overlaps(talks.map(({ agent, id, answered_at, ended_at }) => spanOf(`agent ${agent}`, id, answered_at, ended_at))),
    ...overlaps(talks.map(({ contact, id, answered_at, ended_at }) => spanOf(`contact ${contact}`, id, answered_at, ended_at))),
    ...overlaps(offers.map(({ agent, id, made_at, ended_at }) => spanOf(`agent ${agent}`, id, made_at, ended_at))),
    ...overlaps(offers.filter(({ queue }) => queues.get(queue)?.strategy !== 'ring-all').map(({ contact, id, made_at, ended_at }) => spanOf(`contact ${contact}`, id, made_at, ended_at))),
  ];
}

const earlier = (one: Date | null, other: Date | null): Date | null => (one === null || other === null ? (one ?? other) : one < other ? one : other);

function overlaps(spans: readonly Span[]): string[] {
  return [...Map.groupBy(spans, ({ who }) => who)].flatMap(([who, own]) => {
    // What was over in the millisecond in which it began comes before what began in the same: an offer to a caller who is gone at once.
    const inOrder = own.toSorted((a, b) => a.from - b.from || a.to - b.to);
    return inOrder.flatMap((span, index) => {
      const before = inOrder[index - 1];
      return before && before.to > span.from ? [`${who} had ${before.what} and ${span.what} at once`] : [];
    });
  });
}

/**
 * One look at Asterisk. A channel that is not up yet, or is in no bridge because it is being hung up, joins nobody. A
 * phone to which a flow has transferred a caller is neither a caller's nor an agent's at work.
 */
export function pairsInSwitch(channels: readonly Channel[], bridges: readonly Bridge[], agents: Stage['config']['agents']): string[] {
  const up = channels.filter(({ id, state }) => state === 'Up' && roleOf(id) !== 'transfer');
  const agentById = new Map(up.map((channel) => [channel.id, agentOf(channel, agents)]));
  const joined = new Set(bridges.flatMap(({ channels: members }) => members));
  const talking = up.filter(({ id }) => joined.has(id)).flatMap(({ id }) => {
    const agent = agentById.get(id);
    return agent === undefined ? [] : [{ agent, id }];
  });
  const twice = [...Map.groupBy(talking, ({ agent }) => agent)].filter(([, calls]) => calls.length > 1);
  return [
    ...twice.map(([agent, calls]) => `agent ${agent} has two calls that are up: ${calls.map(({ id }) => id).join(', ')}`),
    ...bridges.flatMap(({ id, channels: members }) => {
      const those = members.filter((member) => agentById.has(member));
      const ofAgents = those.filter((member) => agentById.get(member) !== undefined);
      const ofCallers = those.filter((member) => agentById.get(member) === undefined);
      return [
        ...(ofAgents.length > 1 ? [`bridge ${id} holds ${ofAgents.length} agents: ${ofAgents.join(', ')}`] : []),
        ...(ofCallers.length > 1 ? [`bridge ${id} holds ${ofCallers.length} callers: ${ofCallers.join(', ')}`] : []),
      ];
    }),
  ];
}
