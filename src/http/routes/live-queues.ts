/** A queue is closed at once and opened again, by those who have no desktop at hand. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskCards } from '../../base/card-number.ts';
import { queueId } from '../../base/ids.ts';
import { closingRules } from '../../config/centre-config.ts';
import * as shapes from '../../cti/shapes.ts';
import { userOf } from '../access.ts';
import type { ServerParts } from '../server.ts';
import { submit } from '../submit.ts';

const params = z.strictObject({ queue: shapes.name });
const common = { tags: ['live'], security: [{ bearer: [] }, { cookie: [] }], params, response: { 204: z.null() } };

export function liveQueueRoutes(server: FastifyInstance, { cti }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().post('/api/live/queues/:queue/close', {
    config: { access: 'supervisor' },
    schema: {
      ...common,
      summary: 'Close a queue at once',
      description: 'Nobody enters it until it is opened again, restarts of the service included. 409 with a `refusal` where it is closed already. `waiting`: what becomes of those who wait; where it is left out, what the queue’s `atClosing` says.',
      body: z.strictObject({ reason: z.string().max(200).default(''), waiting: z.enum(closingRules).optional() }),
    },
  }, async (request, reply) => {
    const { reason, waiting } = request.body;
    await submit(cti, { type: 'close-queue', at: cti.clock.now(), agent: userOf(request).agent, queue: queueId(request.params.queue), reason: maskCards(reason), ...(waiting && { waiting }) });
    return reply.status(204).send(null);
  });

  server.withTypeProvider<ZodTypeProvider>().post('/api/live/queues/:queue/reopen', {
    config: { access: 'supervisor' },
    schema: { ...common, summary: 'Open a queue again that was closed' },
  }, async (request, reply) => {
    await submit(cti, { type: 'reopen-queue', at: cti.clock.now(), agent: userOf(request).agent, queue: queueId(request.params.queue) });
    return reply.status(204).send(null);
  });
}
