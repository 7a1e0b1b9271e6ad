import { sql, type Kysely } from 'kysely';

/** When a caller was promised a callback: such a contact may be open for days, and is found again without the others of those days. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table contact add column callback_at timestamptz`.execute(db);
  await sql`create index contact_callback on contact (centre, arrived_at) where callback_at is not null and ended_at is null`.execute(db);
}
