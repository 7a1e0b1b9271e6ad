/** Goes the way of the first condition that holds. */
import { z } from 'zod';
import { strict } from '../../config/schema.ts';
import { holds } from '../conditions.ts';
import { target } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go } from '../visit.ts';
import type { Outcome, Visit } from '../visit.ts';

export interface BranchNode {
  readonly kind: 'branch';
  readonly ways: readonly { readonly if: string; readonly to: string }[];
  readonly else: string;
}

const schema = strict({ branch: z.array(strict({ if: z.string().min(1), to: target })).min(1).max(50), else: target });

export const readBranch: ReadNode<BranchNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  const ways = read.branch.map((way, index) => {
    reader.conditions.push({ text: way.if, path: [...place.path, 'branch', index, 'if'] });
    return { if: way.if, to: reader.target(way.to, place, 'branch', index, 'to') };
  });
  return { kind: 'branch', ways, else: reader.target(read.else, place, 'else') };
};

/** In the contact's path a way is its place in the list, from 1. */
export function enterBranch(node: BranchNode, visit: Visit, variables: readonly string[]): Outcome {
  const index = node.ways.findIndex((way) => holds(way.if, visit, variables));
  return go(node.ways[index]?.to ?? node.else, index < 0 ? 'else' : String(index + 1));
}
