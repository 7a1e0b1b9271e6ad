import { sql, type Kysely } from 'kysely';

/** The configurations that held, so that a decision of the past is told by its own. See src/store/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table configuration (
      centre text not null, version text not null, kept_at timestamptz not null default now(), files text not null,
      primary key (centre, version)
    )`.execute(db);
}
