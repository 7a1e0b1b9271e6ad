/**
 * All that a batch changes, one entry per row, so that each row is written once and the whole batch with one statement
 * (batch-statement.ts). Pure; changes that follow each other are joined so that the row ends up as if each had been
 * written by itself.
 */
import { assertNever } from '../base/assert.ts';
import type { PathStep } from '../acd/contact.ts';
import type { RowChange } from './fold.ts';
import type { LegTable } from './tables.ts';

type Fields = Record<string, unknown>;
type ChangeOf<Row extends RowChange['row']> = Extract<RowChange, { row: Row }>;

export interface MergedRows {
  readonly contacts: readonly ContactMerged[];
  readonly legs: readonly LegMerged[];
  readonly legCloses: readonly Close[];
  readonly offers: readonly PartMerged[];
  readonly offerCloses: readonly Close[];
  readonly intervals: readonly Interval[];
  readonly recordings: readonly Merged[];
}

interface Merged {
  readonly id: string;
  /** The row as it is added where it is not there yet; null when the batch only changes it. */
  add: Fields | null;
  /** A column is in one of them at most: `set` overwrites, `first` fills what is still null. */
  readonly set: Fields;
  readonly first: Fields;
}

interface ContactMerged extends Merged {
  readonly walked: PathStep[];
  data: Readonly<Record<string, string>> | null;
}

interface PartMerged extends Merged {
  readonly contact: string;
  /** What closed it, if it was there already, before the batch came to speak of it. */
  readonly before: Fields;
}
interface LegMerged extends PartMerged {
  readonly role: LegTable['role'];
}

/** Of parts that are in Postgres already: those of this contact (and role) that are open, but not the spared. */
interface Close {
  readonly contact: string;
  readonly role?: LegTable['role'];
  readonly spared: string[];
  readonly ended_at: Date | null;
  readonly end_reason: string | null;
}

type Interval = ChangeOf<'interval'>['add'] & {
  to_at: Date | null;
  /** Another of the same batch, which it has ended already. */
  readonly follows: boolean;
};

const roles: readonly LegTable['role'][] = ['caller', 'agent', 'transfer', 'callback'];

export function mergeChanges(changes: Iterable<RowChange>): MergedRows {
  const [contacts, legs, offers, recordings] = [new Map<string, ContactMerged>(), new Map<string, LegMerged>(), new Map<string, PartMerged>(), new Map<string, Merged>()];
  const [legCloses, offerCloses] = [new Map<string, Close>(), new Map<string, Close>()];
  const intervals = new Map<string, Interval[]>();
  for (const change of changes) {
    switch (change.row) {
      case 'contact':
        mergeContact(entry(contacts, change.id, () => ({ ...blank(change.id), walked: [], data: null })), change);
        break;
      case 'leg':
        merge(entry(legs, change.id, () => ({ ...part(change, legCloses.get(`${change.role} ${change.contact}`)), role: change.role })), change);
        break;
      case 'open-legs':
        closeLegs(change, legs, legCloses);
        break;
      case 'offer':
        merge(entry(offers, change.id, () => part(change, offerCloses.get(change.contact))), change);
        break;
      case 'open-offers':
        closeOffers(change, offers, offerCloses);
        break;
      case 'interval':
        follow(entry(intervals, change.add.agent, () => []), change.add);
        break;
      case 'recording':
        merge(entry(recordings, change.id, () => blank(change.id)), change);
        break;
      default:
        assertNever(change);
    }
  }
  return {
    contacts: [...contacts.values()],
    legs: [...legs.values()],
    legCloses: [...legCloses.values()],
    offers: [...offers.values()],
    offerCloses: [...offerCloses.values()],
    intervals: [...intervals.values()].flat(),
    recordings: [...recordings.values()],
  };
}

const blank = (id: string): Merged => ({ id, add: null, set: {}, first: {} });

function entry<Value>(all: Map<string, Value>, id: string, make: () => Value): Value {
  const found = all.get(id) ?? make();
  all.set(id, found);
  return found;
}

function merge(row: Merged, change: { readonly add: Fields } | { readonly set: Fields }): void {
  // Only the first of two counts: the same caller comes again when a ticket on the channel brought it back.
  if ('add' in change) row.add ??= change.add;
  else overwrite(row, change.set);
}

function mergeContact(row: ContactMerged, change: ChangeOf<'contact'>): void {
  merge(row, change);
  if ('add' in change) return;
  fill(row, change.first ?? {});
  row.walked.push(...(change.walked ?? []));
  row.data = change.data ?? row.data;
}

function overwrite({ set, first }: Merged, fields: Fields): void {
  for (const [column, value] of Object.entries(fields)) {
    set[column] = value;
    delete first[column];
  }
}

function fill({ set, first }: Merged, fields: Fields): void {
  for (const [column, value] of Object.entries(fields)) {
    if (column in set) set[column] ??= value;
    else first[column] ??= value;
  }
}

/** One that this batch names is closed with it and not by the statement, for it may have begun after the close. */
function part({ id, contact }: { readonly id: string; readonly contact: string }, close: Close | undefined): PartMerged {
  close?.spared.push(id);
  return { ...blank(id), contact, before: close === undefined ? {} : { ended_at: close.ended_at, end_reason: close.end_reason } };
}

function closeLegs({ contact, role, but, set }: ChangeOf<'open-legs'>, legs: ReadonlyMap<string, LegMerged>, closes: Map<string, Close>): void {
  for (const one of role === undefined ? roles : [role]) {
    const named = [...legs.values()].filter((leg) => leg.contact === contact && leg.role === one);
    for (const leg of named) if (leg.id !== but) fill(leg, set);
    // What was closed once is not open for the next.
    entry(closes, `${one} ${contact}`, () => ({ contact, role: one, spared: [...named.map(({ id }) => id), ...(but === undefined ? [] : [but])], ...set }));
  }
}

function closeOffers({ contact, set }: ChangeOf<'open-offers'>, offers: ReadonlyMap<string, PartMerged>, closes: Map<string, Close>): void {
  const named = [...offers.values()].filter((offer) => offer.contact === contact);
  for (const offer of named) fill(offer, set);
  entry(closes, contact, () => ({ contact, spared: named.map(({ id }) => id), ended_at: set.ended_at, end_reason: set.outcome }));
}

/** The agent's open interval ends where this one begins. */
function follow(intervals: Interval[], add: ChangeOf<'interval'>['add']): void {
  const last = intervals.at(-1);
  if (last !== undefined) last.to_at = add.from_at;
  intervals.push({ ...add, to_at: null, follows: last !== undefined });
}
