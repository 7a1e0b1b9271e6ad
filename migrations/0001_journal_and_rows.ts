import { sql, type Kysely } from 'kysely';

/** The journal's events, the rows folded from them, and the customers. See src/store/tables.ts for their meaning. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The partition key must be part of the primary key; an event's `at` never changes, so a repeat still collides.
  await sql`
    create table call_event (
      centre text not null, epoch bigint not null, seq bigint not null, at timestamptz not null,
      contact text, n integer, type text not null, agent text, queue text, body jsonb not null,
      primary key (centre, epoch, seq, at)
    ) partition by range (at)`.execute(db);
  await sql`create table call_event_default partition of call_event default`.execute(db);
  await sql`create index call_event_contact on call_event (centre, contact, epoch, seq) where contact is not null`.execute(db);
  await sql`create index call_event_agent on call_event (centre, agent, at) where agent is not null`.execute(db);

  await sql`
    create table projection (centre text primary key, epoch bigint not null, seq bigint not null)`.execute(db);
  await sql`
    create table projection_failure (
      centre text not null, epoch bigint not null, seq bigint not null,
      failed_at timestamptz not null default now(), error text not null, body text not null,
      primary key (centre, epoch, seq)
    )`.execute(db);

  await sql`
    create table customer (
      centre text not null, id uuid not null default gen_random_uuid(), name text not null, number text not null,
      tier text, note text not null default '', data jsonb not null default '{}',
      created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
      primary key (centre, id)
    )`.execute(db);
  await sql`create unique index customer_number on customer (centre, number)`.execute(db);

  await sql`
    create table contact (
      centre text not null, id text not null, ani text not null, dnis text not null, number text not null,
      language text not null, flow text, flow_version text, arrived_at timestamptz not null,
      queue text, priority integer, queued_at timestamptz, connected_at timestamptz, ended_at timestamptz,
      agent text, reason text, during text, wait_ms integer, talk_ms integer, in_time boolean,
      path jsonb not null default '[]', data jsonb not null default '{}',
      disposition_code text, disposition_note text, customer_id uuid,
      primary key (centre, id)
    )`.execute(db);
  await sql`create index contact_arrived on contact (centre, arrived_at, id)`.execute(db);
  await sql`create index contact_queued on contact (centre, queued_at) where queued_at is not null`.execute(db);
  await sql`create index contact_number on contact (centre, number, arrived_at)`.execute(db);
  await sql`create index contact_agent on contact (centre, agent, arrived_at) where agent is not null`.execute(db);

  await sql`
    create table leg (
      centre text not null, id text not null, contact text not null, role text not null, agent text, number text,
      started_at timestamptz not null, answered_at timestamptz, ended_at timestamptz, end_reason text,
      primary key (centre, id)
    )`.execute(db);
  await sql`create index leg_contact on leg (centre, contact)`.execute(db);

  await sql`
    create table offer (
      centre text not null, id text not null, contact text not null, agent text not null, queue text not null,
      leg text not null, made_at timestamptz not null, rang_at timestamptz, ended_at timestamptz,
      outcome text, wait_ms integer not null, ring_ms integer,
      primary key (centre, id)
    )`.execute(db);
  await sql`create index offer_contact on offer (centre, contact)`.execute(db);
  await sql`create index offer_agent on offer (centre, agent, made_at)`.execute(db);

  await sql`
    create table agent_interval (
      centre text not null, agent text not null, epoch bigint not null, seq bigint not null,
      status text not null, reason text, contact text, from_at timestamptz not null, to_at timestamptz,
      primary key (centre, agent, epoch, seq)
    )`.execute(db);
  await sql`create index agent_interval_open on agent_interval (centre, agent) where to_at is null`.execute(db);
  await sql`create index agent_interval_from on agent_interval (centre, from_at)`.execute(db);

  await sql`
    create table recording (
      centre text not null, id text not null, contact text not null, agent text, queue text,
      started_at timestamptz not null, stopped_at timestamptz,
      status text not null check (status in ('recording', 'stopped', 'finalised', 'partial', 'failed')),
      reason text, path text, duration_ms bigint, sha256 text, size_bytes bigint, format text,
      primary key (centre, id)
    )`.execute(db);
  await sql`create index recording_contact on recording (centre, contact)`.execute(db);
  await sql`create index recording_open on recording (centre) where status in ('recording', 'stopped')`.execute(db);

  await sql`
    create table audit (
      id bigint generated always as identity primary key, centre text not null, at timestamptz not null,
      who text not null, action text not null, subject text not null, detail jsonb not null default '{}'
    )`.execute(db);
  await sql`create index audit_at on audit (centre, at)`.execute(db);
}
