/** The customers: who is calling, and what was with them before. */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { normaliseNumber } from './phone-number.ts';
import { noSeal, type Seal } from './seal.ts';
import type { CustomerRow } from './tables.ts';

export interface CustomerCard {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly tier: string | null;
  readonly note: string;
  readonly data: Readonly<Record<string, string>>;
}

/** `late`: Postgres took longer than a ringing phone can wait. `away`: it could not be asked. */
export class DirectoryAway extends Error {
  readonly reason: 'late' | 'away';
  constructor(reason: DirectoryAway['reason'], cause?: unknown) {
    super(`directory ${reason}`, { cause });
    this.reason = reason;
  }
}

export interface EarlierContact {
  readonly contact: string;
  /** Epoch ms. */
  readonly arrivedAt: number;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly answered: boolean;
  readonly disposition: string | null;
  readonly note: string;
}

export interface NewCustomer {
  readonly name: string;
  readonly number: string;
  readonly tier?: string | null;
  readonly note?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Directory {
  /** Null for a number that nobody knows. Rejects with DirectoryAway, within the time that a screen-pop may wait. */
  lookUp(ani: string): Promise<CustomerCard | null>;
  /** Those that are over, newest first. Rejects as lookUp does. */
  earlierContacts(ani: string, limit: number): Promise<readonly EarlierContact[]>;
  /** One customer per number: the newest word about it holds. */
  upsert(customer: NewCustomer): Promise<CustomerCard>;
  /** By the number (where it is not sealed, its beginning too) or any part of the name, in order of name. */
  search(text: string, limit: number): Promise<readonly CustomerCard[]>;
}

export interface DirectoryOptions {
  readonly centre: string;
  /** That of the journal. */
  readonly seal?: Seal;
  /** What a screen-pop waits at most. */
  readonly withinMs?: number;
}

const limitMax = 100;

export function directory(db: Database, options: DirectoryOptions): Directory {
  const { centre, seal = noSeal, withinMs = 300 } = options;
  return {
    lookUp: async (ani) => {
      const number = normaliseNumber(ani);
      return number === '' ? null : within(withinMs, cardByNumber(db, centre, number, seal));
    },
    earlierContacts: async (ani, limit) => {
      const number = normaliseNumber(ani);
      return number === '' ? [] : within(withinMs, contactsOf(db, centre, number, Math.min(limit, limitMax), seal));
    },
    upsert: (customer) => upsert(db, centre, customer, seal),
    search: (text, limit) => search(db, centre, text, Math.min(limit, limitMax), seal),
  };
}

/** The query goes on in the pool and ends there by its own limit; nobody waits for it. */
async function within<Answer>(ms: number, query: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new DirectoryAway('late')), ms)));
  const answer = query.catch((error: unknown) => {
    throw new DirectoryAway('away', error);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function cardByNumber(db: Database, centre: string, number: string, seal: Seal): Promise<CustomerCard | null> {
  const row = await db.selectFrom('customer').selectAll().where('centre', '=', centre).where('number', '=', seal.close(number)).executeTakeFirst();
  return row ? cardOf(row, seal) : null;
}

async function contactsOf(db: Database, centre: string, number: string, limit: number, seal: Seal): Promise<EarlierContact[]> {
  const rows = await db.selectFrom('contact').select(['id', 'arrived_at', 'queue', 'agent', 'connected_at', 'disposition_code', 'disposition_note'])
    .where('centre', '=', centre).where('number', '=', seal.close(number)).where('ended_at', 'is not', null)
    .orderBy('arrived_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    contact: row.id,
    arrivedAt: row.arrived_at.getTime(),
    queue: row.queue,
    agent: row.agent,
    answered: row.connected_at !== null,
    disposition: row.disposition_code,
    note: seal.open(row.disposition_note ?? ''),
  }));
}

async function upsert(db: Database, centre: string, customer: NewCustomer, seal: Seal): Promise<CustomerCard> {
  const { name, tier = null, note = '', data = {} } = customer;
  const fields = { name, tier, note, data: JSON.stringify(data) };
  const row = await db.insertInto('customer').values({ centre, number: seal.close(normaliseNumber(customer.number)), ...fields })
    .onConflict((on) => on.columns(['centre', 'number']).doUpdateSet({ ...fields, updated_at: sql`now()` }))
    .returningAll().executeTakeFirstOrThrow();
  return cardOf(row, seal);
}

async function search(db: Database, centre: string, text: string, limit: number, seal: Seal): Promise<CustomerCard[]> {
  const literal = (part: string): string => part.replace(/[\\%_]/g, '\\$&');
  const number = normaliseNumber(text);
  const rows = await db.selectFrom('customer').selectAll().where('centre', '=', centre)
    .where((is) => is.or([
      is('name', 'ilike', `%${literal(text)}%`),
      ...(number === '' ? [] : [is('number', 'like', `${literal(number)}%`), is('number', 'like', `+86${literal(number)}%`), is('number', '=', seal.close(number))]),
    ]))
    .orderBy('name').orderBy('id').limit(limit).execute();
  return rows.map((row) => cardOf(row, seal));
}

function cardOf({ id, name, number, tier, note, data }: CustomerRow, seal: Seal): CustomerCard {
  return { id, name, number: seal.open(number), tier, note, data };
}
