import { assertNever } from '../base/assert.ts';

export type Comparison = '>=' | '>' | '==' | '!=' | '<=' | '<';

export function compare(has: number, is: Comparison, level: number): boolean {
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
