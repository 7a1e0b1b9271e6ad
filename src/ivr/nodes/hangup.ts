/** The end of the flow, with or without a last word. */
import { z } from 'zod';
import { strict } from '../../config/schema.ts';
import { checkPrompts, prompts } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { stay } from '../visit.ts';
import type { Input, Outcome } from '../visit.ts';

export interface HangUpNode {
  readonly kind: 'hangup';
  readonly say: readonly string[];
}

const schema = strict({ hangup: z.literal(true), say: prompts.optional() });

export const readHangUp: ReadNode<HangUpNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  if (read.say) checkPrompts(reader, read.say, [...place.path, 'say']);
  return { kind: 'hangup', say: read.say ?? [] };
};

const end: Outcome = { do: 'leave', took: 'end', exit: { to: 'end' } };

export function enterHangUp({ say }: HangUpNode): Outcome {
  return say.length > 0 ? { do: 'stay', say } : end;
}

export function hearHangUp(node: HangUpNode, input: Input): Outcome {
  switch (input.type) {
    case 'play-ended':
    case 'deadline':
      return end;
    case 'resumed':
      return enterHangUp(node);
    default:
      return stay;
  }
}
