/**
 * One statement for a whole batch, so that it is one transaction and one round trip, made of the parts that the batch
 * has rows for: Postgres plans a part that nothing needs as long as one that it does.
 *
 * No statement sees what it writes itself. So a row of the batch is either there already, and then changed by a
 * `_changed` part, or not, and then added by an `_added` part as it is at the end of the batch; never both.
 */
import { CompiledQuery } from 'kysely';
import type { JournalPosition } from '../base/journal-id.ts';
import type { MergedRows } from './merge-changes.ts';

export interface BatchRows extends MergedRows {
  /** Rows of call_event and projection_failure without their centre. */
  readonly events: readonly object[];
  readonly failures: readonly object[];
}

/** Where Postgres is before and after. */
export interface Move {
  readonly from: JournalPosition;
  readonly to: JournalPosition;
}

/** Answers a row when the position was moved, none when Postgres is not where the move begins, and then writes nothing. */
export function batchStatement(centre: string, { from, to }: Move, rows: BatchRows): CompiledQuery {
  const present = partsInOrder.filter((part) => rows[part].length > 0);
  const texts = present.map((part, index) => parts[part].replaceAll('$rows', `$${index + 6}::jsonb`));
  const text = `with ${[moved, ...texts].join(',\n')}\nselect centre from moved`;
  return CompiledQuery.raw(text, [centre, from.epoch, from.seq, to.epoch, to.seq, ...present.map((part) => JSON.stringify(rows[part]))]);
}

/** Locks the position: a second projector waits here, and then finds Postgres elsewhere. */
const moved = `moved as (
  update projection set epoch = $4, seq = $5 where centre = $1 and epoch = $2 and seq = $3 returning centre
)`;

const parts: { readonly [Part in keyof BatchRows]: string } = {
  events: `event_added as (
  insert into call_event (centre, epoch, seq, at, contact, n, type, agent, queue, body)
  select moved.centre, it.epoch, it.seq, it.at, it.contact, it.n, it.type, it.agent, it.queue, it.body
  from moved, jsonb_to_recordset($rows)
    as it (epoch bigint, seq bigint, at timestamptz, contact text, n integer, type text, agent text, queue text, body jsonb)
)`,

  failures: `failure_added as (
  insert into projection_failure (centre, epoch, seq, error, body)
  select moved.centre, it.epoch, it.seq, it.error, it.body
  from moved, jsonb_to_recordset($rows) as it (epoch bigint, seq bigint, error text, body text)
  on conflict do nothing
)`,

  contacts: `contact_change as (
  select it.* from moved, jsonb_to_recordset($rows) as it (id text, add jsonb, set jsonb, first jsonb, walked jsonb, data jsonb)
),
contact_added as (
  insert into contact
  select new.* from contact_change as it, jsonb_populate_record(null::contact, it.first || it.add || it.set || jsonb_build_object(
    'centre', $1::text, 'id', it.id, 'path', it.walked, 'data', coalesce(it.data, '{}'),
    'customer_id', (select customer.id from customer where customer.centre = $1 and customer.number = it.add ->> 'number'))) as new
  where it.add is not null
  on conflict do nothing
),
contact_changed as (
  update contact as was
  set (language, queue, priority, queued_at, connected_at, ended_at, agent, reason, during, wait_ms, talk_ms, in_time, disposition_code, disposition_note, callback_at) = (
      select new.language, new.queue, new.priority, coalesce(new.queued_at, first.queued_at), coalesce(new.connected_at, first.connected_at), new.ended_at,
        new.agent, new.reason, new.during, coalesce(new.wait_ms, first.wait_ms), new.talk_ms, coalesce(new.in_time, first.in_time),
        new.disposition_code, new.disposition_note, new.callback_at
      from jsonb_populate_record(was, it.set) as new, jsonb_populate_record(null::contact, it.first) as first),
    -- The flow's length has a limit and a caller in a menu has patience; this bounds the row all the same.
    path = case when jsonb_array_length(was.path) < 1000 then was.path || it.walked else was.path end,
    data = coalesce(it.data, was.data)
  from contact_change as it
  where was.centre = $1 and was.id = any(array(select id from contact_change)) and was.id = it.id
)`,

  legs: `leg_change as (
  select it.* from moved, jsonb_to_recordset($rows) as it (id text, contact text, role text, add jsonb, set jsonb, first jsonb, before jsonb)
),
leg_added as (
  insert into leg
  select new.* from leg_change as it,
    jsonb_populate_record(null::leg, it.first || it.add || it.set || jsonb_build_object('centre', $1::text, 'id', it.id, 'contact', it.contact, 'role', it.role)) as new
  where it.add is not null
  on conflict do nothing
),
leg_changed as (
  update leg as was
  set (answered_at, ended_at, end_reason) = (
      select new.answered_at, coalesce(new.ended_at, before.ended_at, first.ended_at), coalesce(new.end_reason, before.end_reason, first.end_reason)
      from jsonb_populate_record(was, it.set) as new, jsonb_populate_record(null::leg, it.before) as before, jsonb_populate_record(null::leg, it.first) as first)
  from leg_change as it
  where was.centre = $1 and was.id = any(array(select id from leg_change)) and was.id = it.id
)`,

  legCloses: `leg_close as (
  select it.* from moved, jsonb_to_recordset($rows) as it (contact text, role text, spared text[], ended_at timestamptz, end_reason text)
),
leg_closed as (
  update leg as was
  set ended_at = it.ended_at, end_reason = it.end_reason
  from leg_close as it
  where was.centre = $1 and was.contact = any(array(select contact from leg_close)) and was.contact = it.contact and was.role = it.role
    and was.id <> all(it.spared) and was.ended_at is null
)`,

  offers: `offer_change as (
  select it.* from moved, jsonb_to_recordset($rows) as it (id text, contact text, add jsonb, set jsonb, first jsonb, before jsonb)
),
offer_added as (
  insert into offer
  select new.* from offer_change as it,
    jsonb_populate_record(null::offer, it.first || it.add || it.set || jsonb_build_object('centre', $1::text, 'id', it.id, 'contact', it.contact)) as new
  where it.add is not null
  on conflict do nothing
),
offer_changed as (
  update offer as was
  set (rang_at, ended_at, outcome, ring_ms) = (
      select new.rang_at, coalesce(new.ended_at, (it.before ->> 'ended_at')::timestamptz, first.ended_at),
        coalesce(new.outcome, it.before ->> 'end_reason', first.outcome), new.ring_ms
      from jsonb_populate_record(was, it.set) as new, jsonb_populate_record(null::offer, it.first) as first)
  from offer_change as it
  where was.centre = $1 and was.id = any(array(select id from offer_change)) and was.id = it.id
)`,

  offerCloses: `offer_close as (
  select it.* from moved, jsonb_to_recordset($rows) as it (contact text, spared text[], ended_at timestamptz, end_reason text)
),
offer_closed as (
  update offer as was
  set ended_at = it.ended_at, outcome = it.end_reason
  from offer_close as it
  where was.centre = $1 and was.contact = any(array(select contact from offer_close)) and was.contact = it.contact
    and was.id <> all(it.spared) and was.ended_at is null
)`,

  // Of an agent's intervals in the batch the first ends the one that was open before.
  intervals: `interval_begun as (
  select it.* from moved, jsonb_to_recordset($rows)
    as it (agent text, epoch bigint, seq bigint, status text, reason text, contact text, from_at timestamptz, to_at timestamptz, follows boolean)
),
interval_closed as (
  update agent_interval as was
  set to_at = it.from_at
  from interval_begun as it
  where was.centre = $1 and was.agent = any(array(select agent from interval_begun)) and was.agent = it.agent and not it.follows and was.to_at is null
),
interval_added as (
  insert into agent_interval (centre, agent, epoch, seq, status, reason, contact, from_at, to_at)
  select $1, it.agent, it.epoch, it.seq, it.status, it.reason, it.contact, it.from_at, it.to_at
  from interval_begun as it
  on conflict do nothing
)`,

  recordings: `recording_change as (
  select it.* from moved, jsonb_to_recordset($rows) as it (id text, add jsonb, set jsonb)
),
recording_added as (
  insert into recording
  select new.* from recording_change as it,
    jsonb_populate_record(null::recording, jsonb_build_object('centre', $1::text, 'id', it.id, 'status', 'recording') || it.add || it.set) as new
  where it.add is not null
  on conflict do nothing
),
recording_changed as (
  update recording as was
  set (status, stopped_at, reason) = (select new.status, new.stopped_at, new.reason from jsonb_populate_record(was, it.set) as new)
  from recording_change as it
  -- Its file is made, whatever is said late.
  where was.centre = $1 and was.id = any(array(select id from recording_change)) and was.id = it.id and was.status not in ('finalised', 'partial')
)`,
};

const partsInOrder = ['events', 'failures', 'contacts', 'legs', 'legCloses', 'offers', 'offerCloses', 'intervals', 'recordings'] as const satisfies readonly (keyof BatchRows)[];
