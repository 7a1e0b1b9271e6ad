/** Who is to be called back, and what a supervisor does to a contact that waits, without a desktop. Who did it stands in the journal with the event. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { standingIn } from '../../acd/lines.ts';
import { hasLeft } from '../../acd/open-callbacks.ts';
import { maskCards } from '../../base/card-number.ts';
import { contactId, queueId } from '../../base/ids.ts';
import { liveContactOf } from '../../cti/figures.ts';
import * as shapes from '../../cti/shapes.ts';
import { userOf } from '../access.ts';
import type { ServerParts } from '../server.ts';
import { submit } from '../submit.ts';

const params = z.strictObject({ id: shapes.contactKey });
const common = { tags: ['live'], security: [{ bearer: [] }, { cookie: [] }], params, response: { 204: z.null() } };

export function liveContactRoutes(server: FastifyInstance, { cti }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().get('/api/live/callbacks', {
    config: { access: 'supervisor' },
    schema: {
      summary: 'Who is to be called back', description: 'In each queue in the order of its line. `POST /api/live/contacts/{id}/withdraw` ends one.', tags: ['live'], security: common.security,
      querystring: z.strictObject({ queue: shapes.name.optional() }), response: { 200: z.object({ callbacks: z.array(shapes.liveContact) }) },
    },
  }, async (request) => {
    const { centre } = cti.desk;
    const queues = request.query.queue === undefined ? [...centre.lines.keys()] : [queueId(request.query.queue)];
    const open = queues.flatMap((queue) => standingIn(centre, queue)).flatMap((id) => centre.contacts.get(id) ?? []).filter(hasLeft);
    return { callbacks: open.flatMap((contact) => liveContactOf(contact) ?? []) };
  });

  server.withTypeProvider<ZodTypeProvider>().post('/api/live/contacts/:id/withdraw', {
    config: { access: 'supervisor' },
    schema: {
      ...common,
      summary: 'Take a contact out of its line',
      description: 'It goes the `withdrawn` way of its flow, and a phone that rings for it stops; one that is to be called back is over. 409 with a `refusal` for one that does not wait.',
      body: z.strictObject({ reason: z.string().max(200).default('') }),
    },
  }, async (request, reply) => {
    await submit(cti, { type: 'withdraw', at: cti.clock.now(), agent: userOf(request).agent, contact: contactId(request.params.id), reason: maskCards(request.body.reason) });
    return reply.status(204).send(null);
  });

  server.withTypeProvider<ZodTypeProvider>().post('/api/live/contacts/:id/re-prioritise', {
    config: { access: 'supervisor' },
    schema: {
      ...common,
      summary: 'Give a contact that waits another priority',
      description: 'It counts at once, also while a phone rings. 409 with a `refusal` for one that does not wait, or that has this priority already.',
      body: z.strictObject({ priority: z.int().min(-1_000).max(1_000) }),
    },
  }, async (request, reply) => {
    await submit(cti, { type: 're-prioritise', at: cti.clock.now(), agent: userOf(request).agent, contact: contactId(request.params.id), priority: request.body.priority });
    return reply.status(204).send(null);
  });
}
