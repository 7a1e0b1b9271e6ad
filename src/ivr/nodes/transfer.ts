/** Leaves the flow for a number outside, through a trunk, or for one of our own phones. */
import { z } from 'zod';
import { duration } from '../../config/duration.ts';
import { quoted } from '../../config/problem.ts';
import { refuse, strict } from '../../config/schema.ts';
import { target } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go, stay } from '../visit.ts';
import type { Input, Outcome } from '../visit.ts';
import { builtIn } from './built-in.ts';

export interface TransferNode {
  readonly kind: 'transfer';
  readonly number: string;
  readonly trunk?: string;
  readonly timeoutMs: number;
  /** Where to when nobody answers there. */
  readonly failed: string;
}

const number = z.union([z.string(), z.number()]).transform((written, context) =>
  /^\+?\d{2,20}$/.test(String(written))
    ? String(written)
    : refuse(context, { code: 'bad-number', text: { zh: `${quoted(written)} 不是号码`, en: `${quoted(written)} is not a number one can dial` }, hint: { zh: '只写数字，前面可加 +', en: 'digits only, with an optional + in front' } }),
);
const schema = strict({ transfer: number, trunk: z.string().optional(), timeout: duration({ min: '5s', max: '3m' }).default(30_000), failed: target.optional() });

export const readTransfer: ReadNode<TransferNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  if (read.trunk === undefined) reader.check('agent', read.transfer, [...place.path, 'transfer']);
  else reader.check('trunk', read.trunk, [...place.path, 'trunk']);
  return {
    kind: 'transfer',
    number: read.transfer,
    ...(read.trunk !== undefined && { trunk: read.trunk }),
    timeoutMs: read.timeout,
    failed: read.failed === undefined ? builtIn.transferFailed : reader.target(read.failed, place, 'failed'),
  };
};

export function enterTransfer({ number, trunk, timeoutMs }: TransferNode): Outcome {
  return { do: 'leave', took: 'transfer', exit: { to: 'number', target: { number, ...(trunk !== undefined && { trunk }) }, timeoutMs } };
}

export function hearTransfer(node: TransferNode, input: Input): Outcome {
  if (input.type === 'transfer-failed') return go(node.failed, 'failed');
  return input.type === 'resumed' ? enterTransfer(node) : stay;
}
