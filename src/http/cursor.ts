/** Where a page of contacts ended, as the client carries it: opaque to it, and worth nothing when forged. */
import { z } from 'zod';
import { contactKey, time } from '../cti/shapes.ts';
import { Problem } from './problem.ts';

const place = z.tuple([time, contactKey]);

export const cursorOf = ({ arrivedAt, contact }: { readonly arrivedAt: number; readonly contact: string }): string =>
  Buffer.from(JSON.stringify([arrivedAt, contact])).toString('base64url');

export function readCursor(cursor: string): { readonly arrivedAt: number; readonly contact: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new Problem('bad-request', 'after');
  }
  const parsed = place.safeParse(raw);
  if (!parsed.success) throw new Problem('bad-request', 'after');
  const [arrivedAt, contact] = parsed.data;
  return { arrivedAt, contact };
}
