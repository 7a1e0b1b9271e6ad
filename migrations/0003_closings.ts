import { sql, type Kysely } from 'kysely';

/** A queue stays closed until somebody opens it: the few events that say so are found however long ago they were. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index call_event_closing on call_event (centre, epoch, seq) where type in ('queue-closed', 'queue-reopened')`.execute(db);
}
