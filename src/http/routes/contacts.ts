/** Contacts of the past and of now, out of Postgres. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agentNumber, contactKey, name, time } from '../../cti/shapes.ts';
import { pageMax } from '../../store/contacts.ts';
import { userOf } from '../access.ts';
import { cursorOf, readCursor } from '../cursor.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';
import { contactShape, shownContact, shownStory, storyShape } from '../shown.ts';

const eventsMax = 2_000;
const security = [{ bearer: [] }, { cookie: [] }];
const queryTime = z.coerce.number().pipe(time);

const query = z.strictObject({
  ani: z.string().regex(/^\+?[0-9*#]{2,32}$/).optional().describe('The caller’s whole number.'),
  agent: agentNumber.optional(),
  queue: name.optional(),
  outcome: z.enum(['answered', 'abandoned', 'open']).optional(),
  disposition: name.optional(),
  recordingFailed: z.stringbool().optional(),
  from: queryTime.optional().describe('Arrived at or after, epoch milliseconds.'),
  to: queryTime.optional().describe('Arrived before, epoch milliseconds.'),
  limit: z.coerce.number().pipe(z.int().min(1).max(pageMax)).default(50),
  after: z.string().max(300).optional().describe('`next` of the page before.'),
});

export function contactRoutes(server: FastifyInstance, { contacts }: ServerParts): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();

  routes.get('/api/contacts', {
    config: { access: 'agent' },
    schema: {
      summary: 'Search contacts, newest first', tags: ['contacts'], security, querystring: query,
      response: { 200: z.object({ contacts: z.array(contactShape), next: z.string().nullable() }) },
    },
  }, async (request) => {
    const { after, ...filter } = request.query;
    const found = await contacts.search({ ...filter, before: after === undefined ? undefined : readCursor(after) });
    const last = found.length === filter.limit ? found.at(-1) : undefined;
    return { contacts: found.map((contact) => shownContact(contact, userOf(request))), next: last ? cursorOf(last) : null };
  });

  routes.get('/api/contacts/:id', {
    config: { access: 'agent' },
    schema: { summary: 'One contact with its events in order', tags: ['contacts'], security, params: z.strictObject({ id: contactKey }), response: { 200: storyShape } },
  }, async (request) => {
    const story = await contacts.find(request.params.id, eventsMax);
    if (!story) throw new Problem('not-found');
    return shownStory(story, userOf(request));
  });
}
