import type { Event } from '../../../src/acd/messages.ts';
import type { Database } from '../../../src/store/database.ts';
import { projectBatch, type Entry } from '../../../src/store/project-batch.ts';

export const settings = { serviceLevelMs: (queue: string) => (queue === 'billing' ? 15_000 : undefined) };

/** As the stream would hold them. */
export function entries(events: readonly Event[], epoch = 7): Entry[] {
  return events.map((event, index) => ({ id: `${epoch}-${index + 1}`, text: JSON.stringify(event) }));
}

/** In batches of the given sizes; the rest at once. */
export async function project(db: Database, centre: string, all: readonly Entry[], sizes: readonly number[] = []): Promise<void> {
  let rest = [...all];
  for (const size of [...sizes, all.length]) {
    const part = rest.slice(0, size);
    rest = rest.slice(size);
    if (part.length > 0) await projectBatch(db, centre, part, settings);
  }
}

/** Everything that Postgres holds of a centre but the customers, in a fixed order, the centre's name left out. */
export async function rowsOf(db: Database, centre: string): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of ['call_event', 'contact', 'leg', 'offer', 'agent_interval', 'recording', 'projection', 'projection_failure'] as const) {
    const rows = await db.selectFrom(table).selectAll().where('centre', '=', centre).execute();
    all[table] = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'centre' && column !== 'failed_at')))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return all;
}
