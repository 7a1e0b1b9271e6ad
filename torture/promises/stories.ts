/** 3: per contact a gap-free sequence of events with exactly one end, and as many contacts in Postgres as calls were placed. */
import type { CallEventRow, ContactRow, LegRow, OfferRow } from '../../src/store/tables.ts';

export interface Rows {
  /** In the journal's order. */
  readonly events: readonly CallEventRow[];
  readonly contacts: readonly ContactRow[];
  readonly legs: readonly LegRow[];
  readonly offers: readonly OfferRow[];
  /** Events whose rows could not be made. */
  readonly failures: number;
}

/** `stateLost`: Redis and the service both forgot, so a contact may begin again, numbered anew in a later epoch. */
export function storiesAreWhole(rows: Rows, { placed, stateLost = false }: { readonly placed: number; readonly stateLost?: boolean }): string[] {
  const byContact = Map.groupBy(rows.events.filter(({ contact }) => contact !== null), ({ contact }) => contact ?? '');
  const arrived = [...byContact].filter(([, events]) => events.some(({ type }) => type === 'contact-arrived')).map(([contact]) => contact);
  const known = new Map(rows.contacts.map((row) => [row.id, row]));
  return [
    ...(Number.isNaN(placed) || arrived.length === placed ? [] : [`${placed} calls were placed, Postgres knows ${arrived.length} contacts`]),
    ...(rows.failures === 0 ? [] : [`${rows.failures} events have no rows`]),
    ...[...byContact].flatMap(([contact, events]) => numbering(events, stateLost).map((what) => `${contact}: ${what}`)),
    ...arrived.flatMap((contact) => {
      const row = known.get(contact);
      if (row === undefined) return [`${contact} has events and no row`];
      return row.ended_at === null ? [`${contact} has no end in its row`] : [];
    }),
    ...rows.legs.filter(({ ended_at }) => ended_at === null).map(({ id }) => `leg ${id} has no end in its row`),
    ...rows.offers.filter(({ ended_at }) => ended_at === null).map(({ id }) => `offer ${id} has no end in its row`),
  ];
}

function numbering(events: readonly CallEventRow[], stateLost: boolean): string[] {
  const found: string[] = [];
  const numbered = events.filter(({ n }) => n !== null);
  let expected = 1;
  for (const [index, { n, type, epoch }] of numbered.entries()) {
    const anew = stateLost && n === 1 && type === 'contact-arrived' && epoch > (numbered[index - 1]?.epoch ?? 0);
    if (n !== expected && !anew) found.push(`event ${type} has number ${n} where ${expected} comes`);
    expected = (n ?? 0) + 1;
  }
  const beginnings = events.filter(({ type }) => type === 'contact-arrived').length;
  if (beginnings !== 1 && !(stateLost && beginnings > 1)) found.push(`${beginnings} beginnings`);
  const ends = events.filter(({ type }) => type === 'contact-ended').length;
  if (ends !== 1) found.push(`${ends} ends`);
  else if (numbered.at(-1)?.type !== 'contact-ended') found.push(`${numbered.at(-1)?.type} comes after the end`);
  return found;
}
