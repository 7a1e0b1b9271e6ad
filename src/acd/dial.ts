/** Dials a customer who is to be called back: before any agent is rung, or for the agent who has just accepted. */
import { callbackLeg } from '../telephony/ids.ts';
import { callbackRuleOf } from './callback-rule.ts';
import type { CalledFor } from './model.ts';
import type { Left } from './open-callbacks.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function dial(turn: Turn, { id, callback, state: { queue } }: Left, by?: CalledFor): void {
  const { number, trunk, attempts } = callback;
  const attempt = attempts + 1;
  emit(turn, { type: 'callback-attempted', contact: id, queue, leg: callbackLeg(id, attempt), number, ...(trunk === undefined ? {} : { trunk }), attempt, until: turn.at + callbackRuleOf(turn.centre, queue).ringMs, ...(by && { for: by }) });
}
