/** A flow's memory as it comes back from the journal, and as it is when a call begins. */
import { z } from 'zod';
import { contactId, legId } from '../base/ids.ts';
import type { ContactId, LegId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { Live, Memory } from './visit.ts';

export interface Call {
  readonly contact: ContactId;
  readonly leg: LegId;
  readonly ani: string;
  readonly dnis: string;
}

export const newMemory = ({ contact, leg, ani, dnis }: Call, flow: string, version: string, language: Language): Memory => ({
  flow, version, contact, leg, ani, dnis, node: '', tries: { timeout: 0, invalid: 0 }, moves: 0, plays: 0, language, priority: 0, data: {},
});

export const newLive: Live = { play: null, deadline: null, keys: [], entered: '', swallow: null, secrets: {}, whole: {} };

const schema = z.object({
  flow: z.string(),
  version: z.string(),
  contact: z.string().transform(contactId),
  leg: z.string().transform(legId),
  ani: z.string(),
  dnis: z.string(),
  node: z.string(),
  tries: z.object({ timeout: z.int(), invalid: z.int() }),
  moves: z.int(),
  plays: z.int(),
  language: z.enum(['zh', 'en']),
  priority: z.number(),
  data: z.record(z.string(), z.string()),
  callback: z.object({ queue: z.string(), back: z.string(), number: z.string() }).exactOptional(),
});

/** Null when it is not a flow's memory: the call had not begun, or another release wrote it. */
export function readMemory(json: unknown): Memory | null {
  const read = schema.safeParse(json);
  return read.success ? read.data : null;
}
