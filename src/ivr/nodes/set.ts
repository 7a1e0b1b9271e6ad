/** Sets the contact's language, its priority, or data of its own. */
import { z } from 'zod';
import type { Language } from '../../base/text.ts';
import { line, strict } from '../../config/schema.ts';
import { target, variableName } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go } from '../visit.ts';
import type { Outcome } from '../visit.ts';

export interface SetNode {
  readonly kind: 'set';
  readonly language?: Language;
  readonly priority?: number;
  readonly data: Readonly<Record<string, string>>;
  readonly next: string;
}

const schema = strict({
  set: strict({ language: z.enum(['zh', 'en']).optional(), priority: z.int().min(-1_000).max(1_000).optional(), data: z.record(variableName, line).default({}) }),
  next: target,
});

export const readSet: ReadNode<SetNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  const { language, priority, data } = read.set;
  for (const name of Object.keys(data)) reader.variables.add(name);
  return { kind: 'set', ...(language && { language }), ...(priority !== undefined && { priority }), data, next: reader.target(read.next, place, 'next') };
};

export function enterSet({ language, priority, data, next }: SetNode): Outcome {
  return go(next, 'set', { changes: { ...(language && { language }), ...(priority !== undefined && { priority }), data } });
}
