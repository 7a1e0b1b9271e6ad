import { expect } from 'vitest';
import type { ContactStory } from '../../src/store/contacts.ts';

/** One beginning, one end, and every event between them numbered without a gap, in the journal's order. */
export function expectWhole(story: ContactStory): void {
  const types = story.events.map(({ event }) => event.type);
  const numbers = story.events.flatMap(({ event }) => event.n ?? []);
  expect(numbers, `${story.contact}: ${types.join(' ')}`).toEqual(numbers.map((_, index) => index + 1));
  expect(types.filter((type) => type === 'contact-arrived'), story.contact).toHaveLength(1);
  expect(types.filter((type) => type === 'contact-ended'), story.contact).toHaveLength(1);
}
