/** The centre as it is now, for wallboards that do not want a socket. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { liveAgentOf, queueFigures } from '../../cti/figures.ts';
import * as shapes from '../../cti/shapes.ts';
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
}
