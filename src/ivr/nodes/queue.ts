/** Leaves the flow for a waiting line. The priority is added to what `set` gave. */
import { z } from 'zod';
import { queueId } from '../../base/ids.ts';
import type { QueueId } from '../../base/ids.ts';
import { strict } from '../../config/schema.ts';
import { target } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go, stay } from '../visit.ts';
import type { Input, Outcome, Visit } from '../visit.ts';
import { builtIn } from './built-in.ts';

export interface QueueNode {
  readonly kind: 'queue';
  readonly queue: QueueId;
  readonly priority: number;
  /** Where to when the queue takes no more. */
  readonly full: string;
}

const schema = strict({ queue: z.string(), priority: z.int().min(-1_000).max(1_000).default(0), full: target.optional() });

export const readQueue: ReadNode<QueueNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  reader.check('queue', read.queue, [...place.path, 'queue']);
  return { kind: 'queue', queue: queueId(read.queue), priority: read.priority, full: read.full === undefined ? builtIn.queueFull : reader.target(read.full, place, 'full') };
};

export function enterQueue(node: QueueNode, { memory }: Visit): Outcome {
  return { do: 'leave', took: `queue ${node.queue}`, exit: { to: 'queue', queue: node.queue, priority: memory.priority + node.priority } };
}

export function hearQueue(node: QueueNode, visit: Visit, input: Input): Outcome {
  if (input.type === 'turned-away') return go(node.full, 'full');
  return input.type === 'resumed' ? enterQueue(node, visit) : stay;
}
