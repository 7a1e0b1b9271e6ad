import { z } from 'zod';

/** Epoch milliseconds, by Asterisk's own clock. It writes +0000, which is not quite ISO 8601. */
export const asteriskTime = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});
