/** The centre as it is now, for wallboards that do not want a socket. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { askedOf } from '../../acd/explain.ts';
import { inLine } from '../../acd/ranking.ts';
import { contactId } from '../../base/ids.ts';
import { liveAgentOf, queueFigures } from '../../cti/figures.ts';
import { asked } from '../../cti/asked-shape.ts';
import * as shapes from '../../cti/shapes.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

export function liveRoutes(server: FastifyInstance, { cti }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().get('/api/live', {
    config: { access: 'supervisor' },
    schema: {
      summary: 'Queues and agents now', tags: ['live'], security: [{ bearer: [] }, { cookie: [] }],
      response: { 200: z.object({ at: shapes.time, switchUp: z.boolean(), queues: z.array(shapes.queueFigures), agents: z.array(shapes.liveAgent) }) },
    },
  }, async () => {
    const { centre } = cti.desk;
    return {
      at: cti.clock.now(),
      switchUp: centre.switchUp,
      queues: queueFigures(centre, centre.routing.queues.keys()),
      agents: [...centre.agents.values()].map((agent) => liveAgentOf(agent, centre)),
    };
  });

  server.withTypeProvider<ZodTypeProvider>().get('/api/live/contacts/:id/why', {
    // Worked out on the thread that routes, unlike what is asked of the past.
    config: { access: 'supervisor', rateLimit: { max: 30, timeWindow: 60_000 } },
    schema: {
      summary: 'Why a contact that waits is where it is, and what keeps each agent from it now',
      description: 'The reason codes and what stands beside each are those of `./rexian why`, in docs/routing.md. 404 for a contact that is in no line; 429 past 30 a minute from one person.',
      tags: ['live'], security: [{ bearer: [] }, { cookie: [] }], params: z.strictObject({ id: shapes.contactKey }),
      response: { 200: asked },
    },
  }, async (request) => {
    const { centre } = cti.desk;
    const contact = inLine(centre.contacts.get(contactId(request.params.id)));
    if (contact === undefined) throw new Problem('not-found');
    return { ...askedOf(centre, contact), waitedMs: cti.clock.now() - contact.state.queuedAt };
  });
}
