/** Contacts of the past and of now, out of Postgres. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agentNumber, contactKey, time } from '../../cti/shapes.ts';
import { pageMax, type ContactFilter } from '../../store/contacts.ts';
import { userOf } from '../access.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';
import { contactShape, shownContact, shownStory, storyShape } from '../shown.ts';

const security = [{ bearer: [] }, { cookie: [] }];
const queryTime = z.coerce.number().pipe(time);
const name = z.string().min(1).max(64);

const query = z.strictObject({
  ani: z.string().regex(/^\+?[0-9*#]{2,32}$/).optional().describe('The caller’s whole number.'),
  agent: agentNumber.optional(),
  queue: name.optional(),
  outcome: z.enum(['answered', 'abandoned', 'open']).optional(),
  disposition: name.optional(),
  from: queryTime.optional().describe('Arrived at or after, epoch milliseconds.'),
  to: queryTime.optional().describe('Arrived before, epoch milliseconds.'),
  limit: z.coerce.number().pipe(z.int().min(1).max(pageMax)).default(50),
  after: z.string().max(300).optional().describe('`next` of the page before.'),
});

export function contactRoutes(server: FastifyInstance, { records }: ServerParts): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();

  routes.get('/api/contacts', {
    config: { access: 'agent' },
    schema: {
      summary: 'Search contacts, newest first', tags: ['contacts'], security, querystring: query,
      response: { 200: z.object({ contacts: z.array(contactShape), next: z.string().nullable() }) },
    },
  }, async (request) => {
    const { after, limit } = request.query;
    const page = await records.search(filterOf(request.query), { limit, ...(after === undefined ? {} : { after }) });
    if (!page) throw new Problem('bad-request', 'after');
    return { contacts: page.contacts.map((row) => shownContact(row, userOf(request))), next: page.next };
  });

  routes.get('/api/contacts/:id', {
    config: { access: 'agent' },
    schema: { summary: 'One contact with its events in order', tags: ['contacts'], security, params: z.strictObject({ id: contactKey }), response: { 200: storyShape } },
  }, async (request) => {
    const story = await records.story(request.params.id);
    if (!story) throw new Problem('not-found');
    return shownStory(story, userOf(request));
  });
}

function filterOf({ ani, agent, queue, outcome, disposition, from, to }: z.infer<typeof query>): ContactFilter {
  return {
    ...(ani === undefined ? {} : { number: ani }),
    ...(agent === undefined ? {} : { agent }),
    ...(queue === undefined ? {} : { queue }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}
