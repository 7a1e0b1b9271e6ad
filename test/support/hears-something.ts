import { stat } from 'node:fs/promises';
import type { Phone } from '../../runtime/phone.ts';
import { until } from '../../runtime/until.ts';

/** Half a second of sound. baresip that is hung up while its audio starts may die of it, about once in 300 calls. */
const bytes = 8_000;

/** The file of what it heard must have been removed before the call, or it is that of the last one. */
export const hearsSomething = (phone: Phone): Promise<true> =>
  until(async () => ((await stat(phone.received()).catch(() => undefined))?.size ?? 0) > bytes || undefined, { limitMs: 10_000, what: `sound at ${phone.user}` });
