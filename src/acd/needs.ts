import { assertNever } from '../base/assert.ts';
import type { Needs } from '../config/centre-config.ts';

/** Whether someone with these skill levels meets the needs; a skill that is not there is level 0. */
export function meets(skills: Readonly<Record<string, number>>, needs: Needs): boolean {
  switch (needs.type) {
    case 'anyone':
      return true;
    case 'level':
      return compare(Object.hasOwn(skills, needs.skill) ? (skills[needs.skill] ?? 0) : 0, needs.is, needs.level);
    case 'all':
      return needs.of.every((part) => meets(skills, part));
    case 'any':
      return needs.of.some((part) => meets(skills, part));
    case 'not':
      return !meets(skills, needs.of);
    default:
      return assertNever(needs);
  }
}

function compare(has: number, is: Extract<Needs, { type: 'level' }>['is'], level: number): boolean {
  switch (is) {
    case '>=':
      return has >= level;
    case '>':
      return has > level;
    case '==':
      return has === level;
    case '!=':
      return has !== level;
    case '<=':
      return has <= level;
    case '<':
      return has < level;
    default:
      return assertNever(is);
  }
}
