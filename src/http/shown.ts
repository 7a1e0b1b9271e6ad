/**
 * Rows of Postgres → what a person may read of them. An agent reads the whole of the contacts it took; of others' the
 * caller's number is masked, and what the caller pressed or gave is left out.
 */
import { z } from 'zod';
import type { JournalEvent } from '../acd/messages.ts';
import { contactKey, time } from '../cti/shapes.ts';
import type { ContactStory, FoundContact } from '../store/contacts.ts';
import type { FoundRecording } from '../store/recordings.ts';
import type { User } from './access.ts';
import { maskNumber } from './mask.ts';

export const contactShape = z.object({
  contact: contactKey,
  ani: z.string().describe('Masked for agents who did not take the contact.'),
  dnis: z.string(),
  language: z.string(),
  arrivedAt: time,
  queuedAt: time.nullable(),
  connectedAt: time.nullable(),
  endedAt: time.nullable(),
  queue: z.string().nullable(),
  agent: z.string().nullable(),
  reason: z.string().nullable(),
  during: z.string().nullable(),
  waitMs: z.number().nullable(),
  talkMs: z.number().nullable(),
  inTime: z.boolean().nullable(),
  callbackAt: time.nullable().describe('When the caller was promised to be called back.'),
  disposition: z.object({ code: z.string(), note: z.string() }).nullable(),
  recordingFailed: z.boolean().describe('A recording of it could not be made, or not to its end.'),
});

export const recordingShape = z.object({
  recording: z.string(),
  contact: z.string(),
  agent: z.string().nullable(),
  queue: z.string().nullable(),
  startedAt: time,
  status: z.enum(['recording', 'stopped', 'finalised', 'partial', 'failed']),
  reason: z.string().nullable().describe('Why it is partial or failed.'),
  durationMs: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  sha256: z.string().nullable(),
});

const offerShape = z.object({
  agent: z.string(), queue: z.string(), madeAt: time, endedAt: time.nullable(), outcome: z.string().nullable(), ringMs: z.number().nullable(),
});

export const storyShape = contactShape.extend({
  path: z.array(z.object({ node: z.string(), took: z.string(), at: time })),
  data: z.record(z.string(), z.string()),
  offers: z.array(offerShape),
  recordings: z.array(z.string()),
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), at: time, n: z.int().optional() })).describe('In order.'),
});

export function shownContact(contact: FoundContact, user: User): z.infer<typeof contactShape> {
  return { ...contact, ani: maySeeAll(contact, user) ? contact.ani : maskNumber(contact.ani) };
}

export function shownStory(story: ContactStory, user: User): z.infer<typeof storyShape> {
  const all = maySeeAll(story, user);
  return {
    ...shownContact(story, user),
    path: story.path.map(({ node, took, at }) => ({ node, took: all ? took : '', at })),
    data: all ? { ...story.data } : {},
    offers: story.offers.map((offer) => ({
      agent: offer.agent, queue: offer.queue, madeAt: offer.made_at.getTime(), endedAt: offer.ended_at?.getTime() ?? null, outcome: offer.outcome, ringMs: offer.ring_ms,
    })),
    recordings: all ? [...story.recordings] : [],
    events: story.events.map((event) => shownEvent(event, all)),
  };
}

export const shownRecording = ({ path: _path, ...recording }: FoundRecording): z.infer<typeof recordingShape> => recording;

export const mayHear = ({ agent }: Pick<FoundRecording, 'agent'>, user: User): boolean => user.role !== 'agent' || agent === user.agent;

const maySeeAll = ({ agent }: Pick<FoundContact, 'agent'>, user: User): boolean => user.role !== 'agent' || agent === user.agent;

/** Nobody reads a flow's memory or its orders here: they may hold what the flow marks secret. */
const never = new Set(['memory', 'orders']);
/** What a caller gave, and where it was sent on to. */
const ofTheCaller = new Set(['ani', 'number', 'path', 'data', 'to']);

function shownEvent({ id, event }: JournalEvent, all: boolean) {
  return { ...shownFields(event, all), id, type: event.type, at: event.at };
}

export const shownFields = (event: JournalEvent['event'], all = true): Record<string, unknown> => Object.fromEntries(Object.entries(event).filter(([name]) => !never.has(name) && (all || !ofTheCaller.has(name))));
