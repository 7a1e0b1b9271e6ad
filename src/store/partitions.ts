import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Makes the partitions of call_event for the month of `now` and the two after it, where they are missing. Run at start
 * and daily. An event outside them is not refused: it goes to the default partition, and is moved out of it here when
 * its month's own partition is made.
 */
export async function makePartitions(db: Database, now: number): Promise<readonly string[]> {
  const made: string[] = [];
  for (const month of [0, 1, 2].map((ahead) => monthOf(now, ahead))) {
    if (await makePartition(db, month)) made.push(month.name);
  }
  return made;
}

interface Month {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Months are cut in UTC: where a row lies is nobody's business but Postgres'. */
function monthOf(now: number, ahead: number): Month {
  const date = new Date(now);
  const start = (plus: number): string => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead + plus, 1)).toISOString();
  return { name: `call_event_${start(0).slice(0, 7).replace('-', '_')}`, from: start(0), to: start(1) };
}

function makePartition(db: Database, { name, from, to }: Month): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('rexian partitions'))`.execute(trx);
    const { rows } = await sql<{ found: boolean }>`select to_regclass(${name}) is not null as found`.execute(trx);
    if (rows[0]?.found) return false;
    // Attached only when filled: a partition made in place is refused while the default one holds rows of its month.
    await sql`create table ${sql.table(name)} (like call_event including defaults)`.execute(trx);
    await sql`
      with moved as (delete from call_event_default where at >= ${from} and at < ${to} returning *)
      insert into ${sql.table(name)} select * from moved`.execute(trx);
    await sql`
      alter table call_event attach partition ${sql.table(name)}
      for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(trx);
    return true;
  });
}
