/**
 * Rows of Postgres → what a person may read of them. An agent reads the whole of the contacts it took; of others' the
 * caller's number is masked, and what the caller pressed or gave is left out.
 */
import { z } from 'zod';
import { contactKey, time } from '../cti/shapes.ts';
import type { ContactStory } from '../store/contacts.ts';
import type { CallEventRow, ContactRow, RecordingRow } from '../store/tables.ts';
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
  disposition: z.object({ code: z.string(), note: z.string() }).nullable(),
});

export const recordingShape = z.object({
  recording: z.string(),
  contact: z.string(),
  agent: z.string().nullable(),
  queue: z.string().nullable(),
  startedAt: time,
  status: z.enum(['recording', 'stopped', 'finalised', 'partial', 'failed']),
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
  recordings: z.array(recordingShape),
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), at: time, n: z.int().nullable() })).describe('In order.'),
});

export function shownContact(row: ContactRow, user: User): z.infer<typeof contactShape> {
  return {
    contact: row.id,
    ani: maySeeAll(row, user) ? row.ani : maskNumber(row.ani),
    dnis: row.dnis,
    language: row.language,
    arrivedAt: row.arrived_at.getTime(),
    queuedAt: row.queued_at?.getTime() ?? null,
    connectedAt: row.connected_at?.getTime() ?? null,
    endedAt: row.ended_at?.getTime() ?? null,
    queue: row.queue,
    agent: row.agent,
    reason: row.reason,
    during: row.during,
    waitMs: row.wait_ms,
    talkMs: row.talk_ms,
    inTime: row.in_time,
    disposition: row.disposition_code === null ? null : { code: row.disposition_code, note: row.disposition_note ?? '' },
  };
}

export function shownStory({ contact, events, offers, recordings }: ContactStory, user: User): z.infer<typeof storyShape> {
  const all = maySeeAll(contact, user);
  return {
    ...shownContact(contact, user),
    path: contact.path.map(({ node, took, at }) => ({ node, took: all ? took : '', at })),
    data: all ? contact.data : {},
    offers: offers.map((offer) => ({
      agent: offer.agent, queue: offer.queue, madeAt: offer.made_at.getTime(), endedAt: offer.ended_at?.getTime() ?? null, outcome: offer.outcome, ringMs: offer.ring_ms,
    })),
    recordings: recordings.filter((recording) => mayHear(recording, user)).map(shownRecording),
    events: events.map((event) => shownEvent(event, all)),
  };
}

export const shownRecording = (row: RecordingRow): z.infer<typeof recordingShape> => ({
  recording: row.id,
  contact: row.contact,
  agent: row.agent,
  queue: row.queue,
  startedAt: row.started_at.getTime(),
  status: row.status,
  durationMs: row.duration_ms,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
});

export const mayHear = ({ agent }: Pick<RecordingRow, 'agent'>, user: User): boolean => user.role !== 'agent' || agent === user.agent;

const maySeeAll = ({ agent }: Pick<ContactRow, 'agent'>, user: User): boolean => user.role !== 'agent' || agent === user.agent;

/** Nobody reads a flow's memory or its orders here: they may hold what the flow marks secret. */
const never = new Set(['memory', 'orders']);
/** What a caller gave, and where it was sent on to. */
const ofTheCaller = new Set(['ani', 'path', 'data', 'to']);

function shownEvent({ epoch, seq, at, n, type, body }: CallEventRow, all: boolean) {
  const fields = Object.entries(body).filter(([name]) => !never.has(name) && (all || !ofTheCaller.has(name)));
  return { ...Object.fromEntries(fields), id: `${epoch}-${seq}`, type, at: at.getTime(), n };
}
