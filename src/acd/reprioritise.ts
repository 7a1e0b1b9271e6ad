/** A supervisor gives a waiting contact another priority. */
import { countBefore } from '../base/sorted.ts';
import { lineOf } from './lines.ts';
import type { Command, Refusal } from './commands.ts';
import { inLine, rankOf } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export const priorityMax = 1_000;

export function reprioritise(turn: Turn, { agent: by, contact: id, priority }: Extract<Command, { type: 're-prioritise' }>): Refusal | undefined {
  const { centre } = turn;
  const { agents } = centre.routing;
  const role = agents.get(by)?.role;
  if (role === undefined) return { code: 'unknown-agent', detail: by };
  if (role === 'agent') return { code: 'not-allowed' };
  if (!Number.isInteger(priority) || Math.abs(priority) > priorityMax) return { code: 'bad-priority', detail: String(priority) };
  const contact = centre.contacts.get(id);
  if (contact === undefined) return { code: 'unknown-contact', detail: id };
  const waiting = inLine(contact);
  if (waiting === undefined) return { code: 'not-waiting', detail: id };
  if (waiting.state.priority === priority) return { code: 'already' };
  emit(turn, { type: 'contact-re-prioritised', contact: id, queue: waiting.state.queue, priority, position: positionWith(turn, waiting, priority), by });
  return undefined;
}

function positionWith({ centre }: Turn, contact: InLine, priority: number): number {
  const { seat: _, ...state } = contact.state;
  const line = lineOf(centre, state.queue).all;
  const own = centre.standings.get(contact.id)?.rank;
  const rank = rankOf(centre.routing, { ...contact, state: { ...state, priority } } as InLine);
  // It still stands in the line, in front of itself where it goes back.
  return countBefore(line, rank) + (own !== undefined && line.order(own, rank) < 0 ? 0 : 1);
}
