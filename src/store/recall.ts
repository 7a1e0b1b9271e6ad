/**
 * What a Redis that has forgotten is filled with again: the events that Postgres has of contacts that may be alive, and
 * of agents since they became what they are.
 */
import type { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Event } from '../acd/messages.ts';
import type { Histories } from '../acd/replay.ts';
import { contactId } from '../base/ids.ts';
import type { ContactId } from '../base/ids.ts';
import { isAfter, journalId } from '../base/journal-id.ts';
import { calledBackWithin, callsWithin } from './alive.ts';
import { ofClosing } from './closings.ts';
import type { Database } from './database.ts';
import { redisKeys } from './keys.ts';
import type { Seal } from './seal.ts';

export interface RecallOptions {
  readonly redis: Redis;
  readonly db: Database;
  readonly centre: string;
  readonly seal: Seal;
  /** Callers hear music meanwhile, and nobody is rung: so long where Redis holds nothing, and not so long where it does. */
  readonly withinMs: { readonly empty: number; readonly filled: number };
}

/** Contacts that ended so lately that their legs may not be gone yet. */
const endedWithin = '1 minute';
/** 重拨续位: a place that was left is kept for no longer. */
const leftWithin = '1 hour';
/** More than a switch carries. */
const eventsMax = 2_000_000;

/** Null when Redis knows all that Postgres knows. Rejects when Postgres does not say within the time. */
export async function recall({ redis, db, centre, seal, withinMs }: RecallOptions): Promise<Histories | null> {
  const tail = await redis.get(redisKeys(centre).tail);
  return inTime(tail === null ? withinMs.empty : withinMs.filled, async () => {
    const position = await db.selectFrom('projection').select(['epoch', 'seq']).where('centre', '=', centre).executeTakeFirst();
    if (position === undefined || !isAfter(journalId(position), tail ?? '0-0')) return null;
    // The projector put them there as they were in the journal.
    const read = (body: unknown): Event => seal.opened(body) as Event;
    const [contacts, agents, queues] = await Promise.all([liveContacts(db, centre), agentsNow(db, centre), closings(db, centre)]);
    const histories = new Map<ContactId, Event[]>();
    for (const { contact, body } of contacts) {
      const id = contactId(contact ?? '');
      const events = histories.get(id) ?? [];
      events.push(read(body));
      histories.set(id, events);
    }
    return { contacts: histories, agents: agents.map(({ body }) => read(body)), queues: queues.map(({ body }) => read(body)) };
  });
}

/** Hung up in line, and not come back since. */
const leftPlace = sql<boolean>`(contact.reason = 'caller-hung-up' and contact.during = 'queue' and contact.ended_at > now() - ${sql.lit(leftWithin)}::interval
  and not exists (select from contact later where later.centre = contact.centre and later.number = contact.number and later.queued_at > contact.ended_at))`;

const liveContacts = (db: Database, centre: string) =>
  db.selectFrom('contact').innerJoin('call_event', (join) =>
    join.onRef('call_event.centre', '=', 'contact.centre').onRef('call_event.contact', '=', 'contact.id').onRef('call_event.at', '>=', 'contact.arrived_at'))
    .select(['call_event.contact', 'call_event.body']).where('contact.centre', '=', centre)
    .where((is) => is.or([is('contact.arrived_at', '>', ago(callsWithin)), is.and([is('contact.callback_at', 'is not', null), is('contact.arrived_at', '>', ago(calledBackWithin)), is('contact.ended_at', 'is', null)])]))
    .where((is) => is.or([is('contact.ended_at', 'is', null), is('contact.ended_at', '>', ago(endedWithin)), leftPlace]))
    .orderBy('call_event.epoch').orderBy('call_event.seq').limit(eventsMax).execute();

/** From the change to what they are now. */
const agentsNow = (db: Database, centre: string) =>
  db.selectFrom('agent_interval').innerJoin('call_event', (join) =>
    join.onRef('call_event.centre', '=', 'agent_interval.centre').onRef('call_event.agent', '=', 'agent_interval.agent').onRef('call_event.at', '>=', 'agent_interval.from_at'))
    .select('call_event.body').where('agent_interval.centre', '=', centre).where('agent_interval.to_at', 'is', null)
    .where('call_event.type', 'in', ['presence-changed', 'presence-requested', 'wrap-up-requested', 'queue-joined', 'queue-left', 'break-asked', 'break-decided', 'disposition-set'])
    .where(sql<boolean>`(call_event.epoch, call_event.seq) >= (agent_interval.epoch, agent_interval.seq)`)
    .orderBy('call_event.epoch').orderBy('call_event.seq').limit(eventsMax).execute();

/** However long ago: a queue stays closed until somebody opens it. Found by an index of their own. */
const closings = (db: Database, centre: string) =>
  db.selectFrom('call_event').select('body').where('centre', '=', centre).where(ofClosing)
    .orderBy('epoch').orderBy('seq').limit(eventsMax).execute();

const ago = (text: string) => sql<Date>`now() - ${sql.lit(text)}::interval`;

async function inTime<Answer>(ms: number, work: () => Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`Postgres does not say within ${ms} ms what it has`)), ms);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
