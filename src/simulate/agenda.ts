/** The virtual clock: what happens when, soonest first, and what was planned first of what happens at once. */
import { pop, push } from '../base/heap.ts';

export interface Agenda {
  /** Whole milliseconds from the start, as the service counts them. */
  now: number;
  planned: number;
  readonly entries: Entry[];
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

export const newAgenda = (): Agenda => ({ now: 0, planned: 0, entries: [] });

export function plan(agenda: Agenda, afterMs: number, act: () => void): void {
  planAt(agenda, agenda.now + Math.max(0, Math.round(afterMs)), act);
}

export function planAt(agenda: Agenda, at: number, act: () => void): void {
  agenda.planned += 1;
  push(agenda.entries, { at: Math.max(agenda.now, Math.round(at)), order: agenda.planned, act }, sooner);
}

/** Infinity when nothing is planned. */
export const nextAt = ({ entries }: Agenda): number => entries[0]?.at ?? Number.POSITIVE_INFINITY;

export function doNext(agenda: Agenda): void {
  const entry = pop(agenda.entries, sooner);
  if (entry === undefined) return;
  agenda.now = entry.at;
  entry.act();
}

const sooner = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
