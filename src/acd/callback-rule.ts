/** By which rule a queue calls back, and whether it does so now. */
import type { QueueId } from '../base/ids.ts';
import type { CallbackRule } from '../config/centre-config.ts';
import { closedNow } from './closed.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';

/**
 * That of the queue it stands in now. A queue that offers none any more still keeps what was promised, and asks for no
 * key: the words that ask for it may have been made for no queue.
 */
export const callbackRuleOf = ({ routing }: Pick<Centre, 'routing'>, queue: QueueId): CallbackRule => routing.queues.get(queue)?.callback ?? lastRule;
const lastRule: CallbackRule = { dial: 'customer-first', allow: [], otherNumber: false, accept: 'answer', near: 1, ringMs: 30_000, tries: 3, againMs: { busy: 120_000, noAnswer: 600_000, unreachable: 600_000 }, expiresMs: 14_400_000, openMax: 0 };

/** An agent may be rung for him who has left the phone. */
export const isRungFor = (centre: Centre, { state }: Contact): boolean =>
  state.status === 'callback' && state.rests === undefined && callbackRuleOf(centre, state.queue).dial === 'agent-first' && !centre.shut.has(state.queue);

/** Nobody else may be dialled for him first. */
export const isDialledFirst = (centre: Pick<Centre, 'routing'>, { state }: Contact): boolean =>
  state.status === 'callback' && state.rests === undefined && callbackRuleOf(centre, state.queue).dial === 'customer-first';

/**
 * Who stands in which lane must not change by the passing of time alone, so a queue counts as closed here from the event
 * that says so. True where that has changed.
 */
export function noteShut(centre: Centre, id: QueueId): boolean {
  const queue = centre.routing.queues.get(id);
  const shut = queue !== undefined && closedNow(centre, queue) !== undefined;
  if (shut === centre.shut.has(id)) return false;
  if (shut) centre.shut.add(id);
  else centre.shut.delete(id);
  return true;
}
