/** Days of the past out of Postgres, as the simulator plays them again: who called, and which agents were there. */
import { sql } from 'kysely';
import type { Event } from '../acd/messages.ts';
import { agentId, contactId } from '../base/ids.ts';
import { actsIn, agentEvents } from '../simulate/own-acts.ts';
import { ownVisits, visitEvents } from '../simulate/own-calls.ts';
import type { AgentSpan, OwnDay } from '../simulate/own-record.ts';
import { ofClosing } from './closings.ts';
import type { Database } from './database.ts';
import type { Seal } from './seal.ts';

export interface Day {
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface RecordedDays {
  /** Callers who came in this time, however long they stayed. */
  read(day: Day, now: number): Promise<OwnDay>;
}

/** Of a day of 300,000 calls. */
const eventsMax = 3_000_000;

export function recordedDays(db: Database, { centre, seal }: { readonly centre: string; readonly seal: Seal }): RecordedDays {
  return {
    read: async ({ startsAt, endsAt }, now) => {
      const [from, to] = [new Date(startsAt), new Date(endsAt)];
      // Of what a flow says only what it has collected matters here, and most steps collect nothing.
      const events = await db.selectFrom('contact').innerJoin('call_event', (join) => join.onRef('call_event.centre', '=', 'contact.centre').onRef('call_event.contact', '=', 'contact.id').onRef('call_event.at', '>=', 'contact.arrived_at'))
        .select(['call_event.epoch', 'call_event.seq', 'call_event.body'])
        .where('contact.centre', '=', centre).where('contact.arrived_at', '>=', from).where('contact.arrived_at', '<', to).where('contact.ended_at', 'is not', null)
        .where((is) => is.or([is('call_event.type', 'in', visitEvents.filter((type) => type !== 'flow-moved')), is.and([is('call_event.type', '=', 'flow-moved'), sql<boolean>`call_event.body -> 'data' <> '{}'`])]))
        .orderBy('call_event.epoch').orderBy('call_event.seq').limit(eventsMax).execute();
      const spans = await db.selectFrom('agent_interval').select(['agent', 'status', 'reason', 'contact', 'from_at', 'to_at'])
        .where('centre', '=', centre).where('from_at', '<', to).where((is) => is.or([is('to_at', 'is', null), is('to_at', '>', from)]))
        .orderBy('from_at').limit(eventsMax).execute();
      const people = [...new Set(spans.map(({ agent }) => agent))];
      const ofAgents = people.length === 0 ? [] : await db.selectFrom('call_event').select(['epoch', 'seq', 'body'])
        .where('centre', '=', centre).where('agent', 'in', people).where('at', '>=', from).where('at', '<', new Date(endsAt + drainMs)).where('type', 'in', agentEvents)
        .orderBy('epoch').orderBy('seq').limit(eventsMax).execute();
      const closings = await db.selectFrom('call_event').select(['epoch', 'seq', 'body']).where('centre', '=', centre).where(ofClosing).where('at', '<', new Date(endsAt + drainMs)).orderBy('epoch').orderBy('seq').execute();
      const all = [...events, ...ofAgents, ...closings].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq).map(({ body }) => seal.opened(body) as Event);
      return {
        startsAt, endsAt,
        visits: ownVisits(all),
        acts: actsIn(all, startsAt),
        spans: spans.map(({ agent, status, reason, contact, from_at, to_at }): AgentSpan => ({
          agent: agentId(agent), status: statusOf(status), reason, contact: contact === null ? null : contactId(contact), from: from_at.getTime(), to: to_at?.getTime() ?? Math.min(now, endsAt),
        })),
      };
    },
  };
}

/** What happened to the day's callers after its end is played too. */
const drainMs = 3_600_000;

const statuses: readonly AgentSpan['status'][] = ['offline', 'ready', 'paused', 'offered', 'talking', 'wrap-up'];
/** The projector writes no other. */
const statusOf = (text: string): AgentSpan['status'] => statuses.find((status) => status === text) ?? 'offline';
