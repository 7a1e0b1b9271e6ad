import type { Contact } from './contact.ts';

/** How long a caller has waited on the phone: of one who was called back, without the time that he was away from it. */
export function waitedMs({ callback }: Pick<Contact, 'callback'>, queuedAt: number, at: number): number {
  if (callback === undefined) return at - queuedAt;
  const away = (callback.reachedAt ?? at) - callback.askedAt;
  return Math.max(0, at - queuedAt - away);
}
