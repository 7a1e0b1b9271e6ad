/**
 * Customers brought in by SQL have their numbers in the clear and in any spelling. A start gives them the form in which
 * they are looked for. One whose number is there already stays as it is: which of the two is right, only a person knows.
 */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { normaliseNumber } from './phone-number.ts';
import { sealedPrefix, type Seal } from './seal.ts';

export interface SealedCustomers {
  readonly sealed: number;
  /** Ids of those whose number another customer has. */
  readonly twins: readonly string[];
}

const pageSize = 1_000;

export async function sealCustomers(db: Database, { centre, seal }: { readonly centre: string; readonly seal: Seal }): Promise<SealedCustomers> {
  let sealed = 0;
  const twins: string[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await db.selectFrom('customer').select(['id', 'number']).where('centre', '=', centre).where('number', 'not like', `${sealedPrefix}%`)
      .where('id', '>', after).orderBy('id').limit(pageSize).execute();
    for (const { id, number } of rows) {
      const closed = seal.close(normaliseNumber(number));
      const { numUpdatedRows } = await db.updateTable('customer').set({ number: closed, updated_at: sql`now()` }).where('centre', '=', centre).where('id', '=', id)
        .where(({ not, exists, selectFrom }) => not(exists(selectFrom('customer as other').select('other.id').where('other.centre', '=', centre).where('other.number', '=', closed))))
        .executeTakeFirst();
      if (numUpdatedRows === 0n) twins.push(id);
      else sealed += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return { sealed, twins: twins.slice(0, twinsMax) };
    after = last.id;
  }
}

/** As many as a person would look at. */
const twinsMax = 100;
