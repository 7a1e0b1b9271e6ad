/** Which part of the needs an agent does not meet, for a person who asks. */
import { assertNever } from '../base/assert.ts';
import type { Needs } from '../config/centre-config.ts';
import { partsOf } from '../config/needs-parts.ts';
import { meets } from './needs.ts';

export interface Unmet {
  /** As it would stand in the configuration. */
  readonly part: string;
  /** The agent's levels of the skills that the part names. */
  readonly has: Readonly<Record<string, number>>;
}

/** Each part by itself keeps the agent out; none where the needs are met. */
export function unmetOf(skills: Readonly<Record<string, number>>, needs: Needs): readonly Unmet[] {
  if (meets(skills, needs)) return [];
  if (needs.type === 'all') return needs.of.flatMap((part) => unmetOf(skills, part));
  return [{ part: textOf(needs), has: Object.fromEntries([...new Set(partsOf(needs).map(({ skill }) => skill))].map((skill) => [skill, Object.hasOwn(skills, skill) ? (skills[skill] ?? 0) : 0])) }];
}

function textOf(needs: Needs, inside = false): string {
  switch (needs.type) {
    case 'anyone':
      return 'true';
    case 'level':
      return `${needs.skill} ${needs.is} ${needs.level}`;
    case 'variable':
      return `${needs.skill} ${needs.is} ${needs.variable}`;
    case 'all':
    case 'any': {
      const text = needs.of.map((part) => textOf(part, true)).join(needs.type === 'all' ? ' && ' : ' || ');
      return inside ? `(${text})` : text;
    }
    case 'not':
      return `!(${textOf(needs.of)})`;
    default:
      return assertNever(needs);
  }
}
