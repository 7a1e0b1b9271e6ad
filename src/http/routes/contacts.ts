/** Contacts of the past and of now, out of Postgres. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agentNumber, contactKey, disposition, time } from '../../cti/shapes.ts';
import { userOf, type User } from '../access.ts';
import { cursorOf, readCursor } from '../cursor.ts';
import { shownStory } from '../event-shown.ts';
import { maskNumber } from '../mask.ts';
import { Problem } from '../problem.ts';
import type { ContactRow } from '../reads.ts';
import type { ServerParts } from '../server.ts';

const eventsMax = 2_000;
const security = [{ bearer: [] }, { cookie: [] }];
const queryTime = z.coerce.number().pipe(time);

const query = z.strictObject({
  ani: z.string().regex(/^\+?[0-9*#]{2,32}$/).optional().describe('The caller’s whole number.'),
  agent: agentNumber.optional(),
  queue: z.string().min(1).max(64).optional(),
  from: queryTime.optional().describe('Arrived at or after, epoch milliseconds.'),
  to: queryTime.optional().describe('Arrived before, epoch milliseconds.'),
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
  after: z.string().max(300).optional().describe('`next` of the page before.'),
});

const row = z.object({
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
  disposition: disposition.extend({ code: z.string(), note: z.string() }).nullable(),
});

const story = row.extend({
  path: z.array(z.object({ node: z.string(), took: z.string(), at: time })),
  data: z.record(z.string(), z.string()),
  recordings: z.array(z.string()),
  events: z.array(z.object({ id: z.string(), event: z.looseObject({ type: z.string(), at: time, n: z.int().optional() }) })),
});

export function contactRoutes(server: FastifyInstance, { contacts }: ServerParts): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();

  routes.get('/api/contacts', {
    config: { access: 'agent' },
    schema: {
      summary: 'Search contacts, newest first', tags: ['contacts'], security, querystring: query,
      response: { 200: z.object({ contacts: z.array(row), next: z.string().nullable() }) },
    },
  }, async (request) => {
    const { after, limit, ...filter } = request.query;
    const before = after === undefined ? undefined : readCursor(after);
    const found = await contacts.search({ ...filter, before, limit });
    const last = found.length === limit ? found.at(-1) : undefined;
    return { contacts: found.map((each) => shownRow(each, userOf(request))), next: last ? cursorOf(last) : null };
  });

  routes.get('/api/contacts/:id', {
    config: { access: 'agent' },
    schema: { summary: 'One contact with its events in order', tags: ['contacts'], security, params: z.strictObject({ id: contactKey }), response: { 200: story } },
  }, async (request) => {
    const found = await contacts.find(request.params.id, eventsMax);
    if (!found) throw new Problem('not-found');
    const user = userOf(request);
    return { ...shownStory(found, maySeeAll(found, user)), ...shownRow(found, user) };
  });
}

function shownRow(contact: ContactRow, user: User) {
  return { ...contact, ani: maySeeAll(contact, user) ? contact.ani : maskNumber(contact.ani) };
}

/** Agents see the whole of the contacts they took. */
const maySeeAll = (contact: ContactRow, { role, agent }: User): boolean => role !== 'agent' || contact.agent === agent;
