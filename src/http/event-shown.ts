/** What of a contact's events a person may read. The flow's memory may hold secrets, so nobody reads it here. */
import type { Event } from '../acd/messages.ts';
import { maskNumber } from './mask.ts';
import type { ContactStory } from './reads.ts';

export function shownStory(story: ContactStory, all: boolean) {
  return {
    path: story.path.map(({ node, took, at }) => ({ node, took: all ? took : '', at })),
    data: all ? { ...story.data } : {},
    recordings: [...story.recordings],
    events: story.events.map(({ id, event }) => ({ id, event: shownEvent(event, all) })),
  };
}

/** Without memory and orders; for other agents' contacts also without numbers, keys pressed and data. */
export function shownEvent(event: Event, all: boolean): ShownEvent {
  const { memory: _memory, orders: _orders, ...shown } = { memory: null, orders: null, ...event };
  if (all) return shown;
  switch (shown.type) {
    case 'contact-arrived':
      return { ...shown, ani: maskNumber(shown.ani) };
    case 'flow-moved':
      return { ...shown, data: {}, path: shown.path.map((step) => ({ ...step, took: '' })) };
    case 'transfer-started':
    case 'transfer-connected':
    case 'transfer-failed':
      return { ...shown, to: { ...shown.to, number: maskNumber(shown.to.number) } };
    default:
      return shown;
  }
}

type ShownEvent = { readonly type: string; readonly at: number; readonly [field: string]: unknown };
