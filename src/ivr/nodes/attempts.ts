/** What menu and collect share: how often a caller may be silent or wrong before the flow goes another way. */
import { z } from 'zod';
import { duration } from '../../config/duration.ts';
import { strict } from '../../config/schema.ts';
import { checkPrompts, prompts, target } from '../flow-reader.ts';
import type { Place, Reader } from '../flow-reader.ts';
import { go } from '../visit.ts';
import type { Outcome, Said, Visit } from '../visit.ts';

export interface Attempts {
  readonly tries: number;
  /** Said before the question is asked again. */
  readonly say: readonly string[];
  readonly then: string;
}
export interface TimeoutAttempts extends Attempts {
  readonly afterMs: number;
}

const tries = z.int().min(1).max(10).default(3);
export const timeoutSchema = strict({ after: duration({ min: '1s', max: '1m' }).default(5_000), tries, say: prompts.optional(), then: target });
export const invalidSchema = strict({ say: prompts.default(['not-understood']), tries, then: target.optional() });

export function readAttempts(timeout: z.output<typeof timeoutSchema>, invalid: z.output<typeof invalidSchema> | undefined, place: Place, reader: Reader): { timeout: TimeoutAttempts; invalid: Attempts } {
  if (timeout.say) checkPrompts(reader, timeout.say, [...place.path, 'timeout', 'say']);
  if (invalid) checkPrompts(reader, invalid.say, [...place.path, 'invalid', 'say']);
  const silent = reader.target(timeout.then, place, 'timeout', 'then');
  return {
    timeout: { tries: timeout.tries, say: timeout.say ?? [], then: silent, afterMs: timeout.after },
    invalid: {
      tries: invalid?.tries ?? 3,
      say: invalid?.say ?? ['not-understood'],
      then: invalid?.then === undefined ? silent : reader.target(invalid.then, place, 'invalid', 'then'),
    },
  };
}

/** One more attempt came to nothing: ask again, or take the way out. Keys pressed ahead were meant for what is over. */
export function again(why: 'timeout' | 'invalid', attempts: Attempts, question: readonly Said[], { memory }: Visit): Outcome {
  const count = memory.tries[why] + 1;
  if (count >= attempts.tries) return go(attempts.then, why, { live: { keys: [] } });
  return { do: 'stay', say: [...attempts.say, ...question], tries: { ...memory.tries, [why]: count }, live: { keys: [], entered: '' } };
}
