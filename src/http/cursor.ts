/** Where a page of contacts ended, as the client carries it: opaque to it, and worth nothing when forged. */
import { z } from 'zod';
import { contactKey, time } from '../cti/shapes.ts';
import { Problem } from './problem.ts';

interface Place {
  readonly arrivedAt: number;
  readonly contact: string;
}

export const cursorOf = ({ arrivedAt, contact }: Place): string => Buffer.from(JSON.stringify([arrivedAt, contact])).toString('base64url');

export function readCursor(cursor: string): Place {
  const parsed = place.safeParse(cursor);
  if (!parsed.success) throw new Problem('bad-request', 'after');
  const [arrivedAt, contact] = parsed.data;
  return { arrivedAt, contact };
}

const place = z.string().transform((cursor, context) => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    context.addIssue('no cursor of ours');
    return z.NEVER;
  }
}).pipe(z.tuple([time, contactKey]));
