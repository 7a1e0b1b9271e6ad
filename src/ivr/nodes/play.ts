/** Says something and goes on. Keys pressed meanwhile are kept for the next node that asks for one. */
import { z } from 'zod';
import { strict } from '../../config/schema.ts';
import { checkPrompts, prompts, target } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go, keepKey, stay } from '../visit.ts';
import type { Input, Outcome, Visit } from '../visit.ts';

export interface PlayNode {
  readonly kind: 'play';
  readonly say: readonly string[];
  /** A key ends it. */
  readonly bargeIn: boolean;
  readonly next: string;
}

const schema = strict({ play: prompts, bargeIn: z.boolean().default(false), next: target });

export const readPlay: ReadNode<PlayNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  checkPrompts(reader, read.play, [...place.path, 'play']);
  return { kind: 'play', say: read.play, bargeIn: read.bargeIn, next: reader.target(read.next, place, 'next') };
};

export function enterPlay(node: PlayNode, { live }: Visit): Outcome {
  return node.bargeIn && live.keys.length > 0 ? go(node.next, 'key') : { do: 'stay', say: node.say };
}

export function hearPlay(node: PlayNode, visit: Visit, input: Input): Outcome {
  switch (input.type) {
    case 'key-pressed':
      return node.bargeIn ? go(node.next, 'key', { live: { keys: [...visit.live.keys, input.key] } }) : keepKey(visit, input.key);
    case 'play-ended':
    case 'deadline':
      return go(node.next, 'said');
    case 'resumed':
      return enterPlay(node, visit);
    default:
      return stay;
  }
}
