/** A supervisor closes a queue at once, and opens it again. */
import type { AgentId } from '../base/ids.ts';
import { leaveAsClosed } from './leave-closed.ts';
import { standingIn } from './lines.ts';
import type { Command, Refusal } from './commands.ts';
import type { Centre } from './model.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** Those for whom a phone rings are not taken from it; unanswered, they go too. */
export function closeQueue(turn: Turn, { agent: by, queue: id, reason, waiting }: CommandOf<'close-queue'>): Refusal | undefined {
  const { centre } = turn;
  const refused = notSupervisor(centre, by);
  if (refused !== undefined) return refused;
  const queue = centre.routing.queues.get(id);
  if (queue === undefined) return { code: 'unknown-queue', detail: id };
  if (centre.closed.has(id)) return { code: 'queue-closed', detail: id };
  const rule = waiting ?? queue.atClosing ?? 'serve';
  emit(turn, { type: 'queue-closed', queue: id, by, reason, waiting: rule });
  if (rule === 'leave') for (const contact of standingIn(centre, id).flatMap((one) => centre.contacts.get(one) ?? [])) if (contact.state.status === 'waiting') leaveAsClosed(turn, contact);
  return undefined;
}

export function reopenQueue(turn: Turn, { agent: by, queue: id }: CommandOf<'reopen-queue'>): Refusal | undefined {
  const { centre } = turn;
  const refused = notSupervisor(centre, by);
  if (refused !== undefined) return refused;
  if (!centre.routing.queues.has(id)) return { code: 'unknown-queue', detail: id };
  const closed = centre.closed.get(id);
  if (closed === undefined) return { code: 'queue-open', detail: id };
  emit(turn, { type: 'queue-reopened', queue: id, by, since: closed.since });
  return undefined;
}

function notSupervisor({ routing }: Centre, by: AgentId): Refusal | undefined {
  const role = routing.agents.get(by)?.role;
  if (role === undefined) return { code: 'unknown-agent', detail: by };
  return role === 'agent' ? { code: 'not-allowed' } : undefined;
}
