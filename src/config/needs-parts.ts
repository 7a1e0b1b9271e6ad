/** The single comparisons that needs are made of. */
import { assertNever } from '../base/assert.ts';
import type { Needs } from './centre-config.ts';

export type NeedsPart = Extract<Needs, { type: 'level' | 'variable' }>;

/** With those behind a `!`, or without. */
export function partsOf(needs: Needs, negated = true): readonly NeedsPart[] {
  switch (needs.type) {
    case 'level':
    case 'variable':
      return [needs];
    case 'all':
    case 'any':
      return needs.of.flatMap((part) => partsOf(part, negated));
    case 'not':
      return negated ? partsOf(needs.of, negated) : [];
    case 'anyone':
      return [];
    default:
      return assertNever(needs);
  }
}

export const variablesIn = (needs: Needs): readonly string[] => partsOf(needs).flatMap((part) => (part.type === 'variable' ? [part.variable] : []));
