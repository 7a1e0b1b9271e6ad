/** The journal's events out of Postgres: enough to make a moment of the past again, and what happened from there on. */
import { sql } from 'kysely';
import type { Event, JournalEvent } from '../acd/messages.ts';
import { isAfter, journalId, splitId } from '../base/journal-id.ts';
import { calledBackWithin, callsWithin } from './alive.ts';
import { ofClosing } from './closings.ts';
import type { Database } from './database.ts';
import type { Seal } from './seal.ts';

export interface History {
  /** The newest event of which nothing later had happened at this time; '0-0' before the first. */
  positionAt(at: number): Promise<string>;
  /** Just before the contact's first event, and its last one; undefined for one that never was. */
  lifeOf(contact: string): Promise<{ readonly before: string; readonly last: string; readonly over: boolean } | undefined>;
  /** Of all up to there what the state of that moment is made of, in order. */
  upTo(position: string): Promise<readonly JournalEvent[]>;
  /** Everything after the one, up to the other or to the newest. */
  between(after: string, upTo?: string): Promise<readonly JournalEvent[]>;
}

/** Of whom an older change counts: the state of an agent who has been away for so long is that of one who was never here. */
const known = '60 days';
/** Those of a day of 100,000 calls. */
const eventsMax = 3_000_000;
const ofAgents = ['presence-changed', 'presence-requested', 'queue-joined', 'queue-left', 'break-asked', 'break-decided', 'wrap-up-requested', 'rest-set', 'device-changed', 'disposition-set'];
const ofCentre = ['switch-changed', 'configured', 'alarm-raised', 'alarm-cleared', 'pace-changed'];

export function history(db: Database, { centre, seal }: { readonly centre: string; readonly seal: Seal }): History {
  // The projector put them there as they were in the journal.
  const read = ({ epoch, seq, body }: Row): JournalEvent => ({ id: journalId({ epoch, seq }), event: seal.opened(body) as Event });
  const events = () => db.selectFrom('call_event').select(['call_event.epoch', 'call_event.seq', 'call_event.body']).where('call_event.centre', '=', centre);
  return {
    positionAt: async (at) => {
      // An arrival keeps the switch's own time, which may lie before that of its neighbours.
      const next = await db.selectFrom('call_event').select(['epoch', 'seq']).where('centre', '=', centre).where('at', '>', new Date(at)).orderBy('epoch').orderBy('seq').limit(1).executeTakeFirst();
      const last = await db.selectFrom('call_event').select(['epoch', 'seq']).where('centre', '=', centre).where('at', '<=', new Date(at))
        .$if(next !== undefined, (query) => query.where(sql<boolean>`(epoch, seq) < (${next?.epoch ?? 0}::bigint, ${next?.seq ?? 0}::bigint)`))
        .orderBy('at', 'desc').orderBy('epoch', 'desc').orderBy('seq', 'desc').limit(1).executeTakeFirst();
      return last === undefined ? '0-0' : journalId(last);
    },
    lifeOf: async (contact) => {
      const own = await db.selectFrom('call_event').select(['epoch', 'seq', 'type']).where('centre', '=', centre).where('contact', '=', contact).orderBy('epoch').orderBy('seq').execute();
      const [first, last] = [own[0], own.at(-1)];
      if (first === undefined || last === undefined) return undefined;
      const before = journalId({ epoch: first.epoch, seq: first.seq - 1 });
      return { before, last: journalId(last), over: own.some(({ type }) => type === 'contact-ended') };
    },
    upTo: async (position) => {
      const { epoch, seq } = splitId(position);
      const until = sql<boolean>`(call_event.epoch, call_event.seq) <= (${epoch}::bigint, ${seq}::bigint)`;
      const at = sql<Date>`(select max(at) from call_event where centre = ${centre} and epoch = ${epoch}::bigint and seq <= ${seq}::bigint and seq > ${seq - 1_000}::bigint)`;
      const [contacts, agents, wide, closings] = await Promise.all([
        events().innerJoin('contact', (join) => join.onRef('contact.centre', '=', 'call_event.centre').onRef('contact.id', '=', 'call_event.contact').onRef('call_event.at', '>=', 'contact.arrived_at'))
          .where('contact.arrived_at', '<=', at)
          .where((is) => is.or([is('contact.arrived_at', '>', sql<Date>`${at} - ${sql.lit(callsWithin)}::interval`), is.and([is('contact.callback_at', 'is not', null), is('contact.arrived_at', '>', sql<Date>`${at} - ${sql.lit(calledBackWithin)}::interval`)])]))
          .where((is) => is.or([is('contact.ended_at', 'is', null), is('contact.ended_at', '>', sql<Date>`${at} - interval '1 minute'`)]))
          .where(until).limit(eventsMax).execute(),
        // Of each agent all since the change to what he was, and the last word on his phone and his rest before that.
        sql<Row>`
          with since as (select distinct on (agent) agent, epoch, seq from agent_interval
              where centre = ${centre} and (epoch, seq) <= (${epoch}::bigint, ${seq}::bigint) order by agent, epoch desc, seq desc),
            words as (select distinct on (agent, type) epoch, seq, body from call_event
              where centre = ${centre} and type in ('device-changed', 'rest-set') and at > ${at} - ${sql.lit(known)}::interval and ${until} order by agent, type, epoch desc, seq desc)
          select call_event.epoch, call_event.seq, body from call_event join since on since.agent = call_event.agent
            where centre = ${centre} and at > ${at} - ${sql.lit(known)}::interval and type = any(${ofAgents}) and (call_event.epoch, call_event.seq) >= (since.epoch, since.seq) and ${until}
          union all select epoch, seq, body from words`.execute(db).then(({ rows }) => rows),
        events().where('call_event.type', 'in', ofCentre).where('call_event.at', '>', sql<Date>`${at} - ${sql.lit(known)}::interval`).where(until).limit(eventsMax).execute(),
        events().where(ofClosing).where(until).limit(eventsMax).execute(),
      ]);
      const all = new Map([...contacts, ...agents, ...wide, ...closings].map((row) => [journalId(row), row]));
      return [...all.values()].map(read).sort(inOrder);
    },
    between: async (after, upTo) => {
      const [from, to] = [splitId(after), upTo === undefined ? undefined : splitId(upTo)];
      const rows = await events().where(sql<boolean>`(epoch, seq) > (${from.epoch}::bigint, ${from.seq}::bigint)`)
        .$if(to !== undefined, (query) => query.where(sql<boolean>`(epoch, seq) <= (${to?.epoch ?? 0}::bigint, ${to?.seq ?? 0}::bigint)`))
        .orderBy('epoch').orderBy('seq').limit(eventsMax).execute();
      return rows.map(read);
    },
  };
}

interface Row {
  readonly epoch: number;
  readonly seq: number;
  readonly body: unknown;
}

const inOrder = (a: JournalEvent, b: JournalEvent): number => (a.id === b.id ? 0 : isAfter(a.id, b.id) ? 1 : -1);
