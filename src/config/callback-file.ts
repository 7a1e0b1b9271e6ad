/** The `callback` of a queue in queues.yaml. */
import { z } from 'zod';
import type { CallbackRule } from './centre-config.ts';
import { duration } from './duration.ts';
import { unknownName } from './problem.ts';
import type { Finding } from './problem.ts';
import { isRecord, refuse, strict } from './schema.ts';

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
// It is said to callers as a number.
const key = z.union([z.string(), z.number()]).transform(String).pipe(z.enum(digits));
const beginning = z.union([z.string(), z.number()]).transform((written, context) =>
  /^\+?\d{1,15}$/.test(String(written))
    ? String(written)
    : refuse(context, { code: 'bad-number', text: { zh: '这不是号码的开头', en: 'this is not the beginning of a number' }, hint: { zh: '只写数字，前面可加 +；以 0 开头的请加引号', en: 'digits only, with an optional + in front; in quotes where it begins with 0' } }),
);
/** After so long nobody is called back, whatever is written. */
export const expiresHoursMax = 72;
const rest = duration({ min: '5s', max: '24h' });

export const callbackShape = strict({
  dial: z.enum(['customer-first', 'agent-first']).default('customer-first'),
  trunk: z.string().optional(),
  allow: z.array(beginning).min(1).max(200),
  otherNumber: z.boolean().default(false),
  key: key.default('9'),
  offerAfter: duration({ min: '5s', max: '1h' }).optional(),
  accept: z.enum(['key', 'answer']).default('key'),
  near: z.int().min(1).max(100).default(1),
  ring: duration({ min: '10s', max: '2m' }).default(30_000),
  tries: z.int().min(1).max(20).default(3),
  again: strict({ busy: rest.default(120_000), noAnswer: rest.default(600_000), unreachable: rest.default(1_800_000) }).prefault({}),
  expires: duration({ min: '1m', max: `${expiresHoursMax}h` }).default(8 * 3_600_000),
  maxOpen: z.int().min(1).max(10_000).default(100),
});

export const callbackRule = ({ dial, trunk, allow, otherNumber, key: asks, accept, near, ring, tries, again, expires, maxOpen }: z.output<typeof callbackShape>): CallbackRule => ({
  dial, ...(trunk !== undefined && { trunk }), allow, otherNumber, key: asks, accept, near, ringMs: ring, tries, againMs: again, expiresMs: expires, openMax: maxOpen,
});

/** Its trunk is one of the centre's. */
export function trunkFindings(queues: unknown, trunks: readonly string[]): Finding[] {
  return Object.entries(isRecord(queues) ? queues : {}).flatMap(([queue, entry]) => {
    const callback = isRecord(entry) ? entry['callback'] : undefined;
    const trunk = isRecord(callback) ? callback['trunk'] : undefined;
    return typeof trunk !== 'string' || trunks.includes(trunk) ? [] : [{ path: [queue, 'callback', 'trunk'], ...unknownName('trunk', trunk, trunks) }];
  });
}
