/** Writes what fold.ts found, inside the caller's transaction. */
import { sql, type Transaction } from 'kysely';
import { assertNever } from '../base/assert.ts';
import type { RowChange } from './fold.ts';
import type { Tables } from './tables.ts';

type Trx = Transaction<Tables>;
type ChangeOf<Row extends RowChange['row']> = Extract<RowChange, { row: Row }>;

export async function writeChange(trx: Trx, centre: string, change: RowChange): Promise<void> {
  switch (change.row) {
    case 'contact':
      return writeContact(trx, centre, change);
    case 'leg':
      return writeLeg(trx, centre, change);
    case 'open-legs':
      return closeLegs(trx, centre, change);
    case 'offer':
      return writeOffer(trx, centre, change);
    case 'interval':
      return writeInterval(trx, centre, change);
    case 'recording':
      return writeRecording(trx, centre, change);
    default:
      return assertNever(change);
  }
}

/** The flow's length has a limit and a caller in a menu has patience; this bounds the row all the same. */
const pathMax = 1_000;

async function writeContact(trx: Trx, centre: string, change: ChangeOf<'contact'>): Promise<void> {
  const { id } = change;
  if ('add' in change) {
    // The same caller comes again when a ticket on the channel brought it back.
    const customer = trx.selectFrom('customer').select('id').where('centre', '=', centre).where('number', '=', change.add.number);
    await trx.insertInto('contact').values({ ...blankContact, ...change.add, centre, id, customer_id: customer }).onConflict((on) => on.doNothing()).execute();
    return;
  }
  const { set, first = {}, walked = [], data } = change;
  let update = trx.updateTable('contact').where('centre', '=', centre).where('id', '=', id).set(set);
  for (const [column, value] of Object.entries(first)) {
    update = update.set(sql.ref(column), sql`coalesce(${sql.ref(column)}, ${value})`);
  }
  if (walked.length > 0) {
    const steps = JSON.stringify(walked);
    update = update.set('path', sql`case when jsonb_array_length(path) < ${pathMax} then path || ${steps}::jsonb else path end`);
  }
  if (data !== undefined) update = update.set('data', JSON.stringify(data));
  await update.execute();
}

const blankContact = {
  queue: null, priority: null, queued_at: null, connected_at: null, ended_at: null, agent: null, reason: null, during: null,
  wait_ms: null, talk_ms: null, in_time: null, disposition_code: null, disposition_note: null, path: '[]', data: '{}',
} as const;

async function writeLeg(trx: Trx, centre: string, change: ChangeOf<'leg'>): Promise<void> {
  const { id } = change;
  if ('add' in change) {
    await trx.insertInto('leg').values({ ...change.add, centre, id, answered_at: null, ended_at: null, end_reason: null }).onConflict((on) => on.doNothing()).execute();
  } else {
    await trx.updateTable('leg').set(change.set).where('centre', '=', centre).where('id', '=', id).execute();
  }
}

async function closeLegs(trx: Trx, centre: string, { contact, role, set }: ChangeOf<'open-legs'>): Promise<void> {
  let update = trx.updateTable('leg').set(set).where('centre', '=', centre).where('contact', '=', contact).where('ended_at', 'is', null);
  if (role !== undefined) update = update.where('role', '=', role);
  await update.execute();
}

async function writeOffer(trx: Trx, centre: string, change: ChangeOf<'offer'>): Promise<void> {
  const { id } = change;
  if ('add' in change) {
    await trx.insertInto('offer').values({ ...change.add, centre, id, rang_at: null, ended_at: null, outcome: null, ring_ms: null }).onConflict((on) => on.doNothing()).execute();
  } else {
    await trx.updateTable('offer').set(change.set).where('centre', '=', centre).where('id', '=', id).execute();
  }
}

async function writeInterval(trx: Trx, centre: string, { add }: ChangeOf<'interval'>): Promise<void> {
  // One statement, because agents change more often than anything else does. The new row is not there yet for the update.
  await trx
    .with('closed', (cte) =>
      cte.updateTable('agent_interval').set({ to_at: add.from_at }).where('centre', '=', centre).where('agent', '=', add.agent).where('to_at', 'is', null))
    .insertInto('agent_interval').values({ ...add, centre, to_at: null }).execute();
}

async function writeRecording(trx: Trx, centre: string, change: ChangeOf<'recording'>): Promise<void> {
  const { id } = change;
  if ('add' in change) {
    await trx.insertInto('recording').values({ ...blankRecording, ...change.add, centre, id }).onConflict((on) => on.doNothing()).execute();
    return;
  }
  await trx.updateTable('recording').set(change.set).where('centre', '=', centre).where('id', '=', id).where('status', 'not in', ['finalised', 'partial']).execute();
}

const blankRecording = {
  status: 'recording', stopped_at: null, reason: null, path: null, duration_ms: null, sha256: null, size_bytes: null, format: null,
} as const;
