import { assertNever } from '../base/assert.ts';
import { compare } from '../config/compare.ts';
import type { Needs, NeedsRule } from '../config/centre-config.ts';
import { partsOf } from '../config/needs-parts.ts';

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
    // What depends on the caller is put in before anybody is asked.
    case 'variable':
      return false;
    default:
      return assertNever(needs);
  }
}

export type Variables = Readonly<Record<string, string>>;

/** With what the flow has found out of this caller in the place of its variables. */
export function resolved(needs: Needs, variables: Variables): Needs {
  switch (needs.type) {
    case 'anyone':
    case 'level':
      return needs;
    case 'all':
    case 'any':
      return { type: needs.type, of: needs.of.map((part) => resolved(part, variables)) };
    case 'not':
      return { type: 'not', of: resolved(needs.of, variables) };
    case 'variable':
      return { type: 'level', skill: needs.skill, is: needs.is, level: levelIn(variables, needs.variable) };
    default:
      return assertNever(needs);
  }
}

/** The same for this caller, without a variable in it, as a text that can be read again. */
export const settled = ({ text, tree }: NeedsRule, variables: Variables): NeedsRule => ({
  text: text.replace(/\b(?:caller|data)\.(\w+)/g, (_, name: string) => String(levelIn(variables, name))),
  tree: resolved(tree, variables),
});

/** A variable that is no level, or that nobody has set, counts as 0, as a skill does that is not there. */
export function levelIn(variables: Variables, name: string): number {
  const text = Object.hasOwn(variables, name) ? (variables[name] ?? '') : '';
  return /^([0-9]|10)$/.test(text) ? Number(text) : 0;
}

/** The skills of which it asks to have some. */
export function skillsAsked(needs: Needs): readonly string[] {
  return partsOf(needs, false).flatMap((part) => (atLeast.has(part.is) ? [part.skill] : []));
}
const atLeast: ReadonlySet<string> = new Set(['>=', '>', '==']);
