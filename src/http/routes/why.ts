/** Why a contact of the past was routed as it was, as `./rexian why` tells it. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { asked, rule } from '../../cti/asked-shape.ts';
import { agentNumber, contactKey, time } from '../../cti/shapes.ts';
import { WhyFailure } from '../../store/whys.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';
import { shownFields } from '../shown.ts';

const version = z.string().describe('Of the configuration that held.');
const otherRules = z.literal(true).optional().describe('That configuration is not kept, and another tells the reasons.');
const line = z.string().optional().describe('File and line of what decided.');
const decided = z.object({
  contact: contactKey, over: z.boolean(),
  decisions: z.array(z.object({
    id: z.string(), event: z.looseObject({ type: z.string(), at: time }), reason: z.string().optional().describe('The reason code; docs/routing.md has them.'), rule: rule.optional(), line, asked: asked.optional(), version, otherRules,
    recomputed: z.boolean().optional().describe('Of an offer: the same functions choose the same agent again.'),
  })).readonly(),
  now: asked.optional().describe('Of one who waits.'),
});
const kept = z.object({
  contact: contactKey, agent: agentNumber,
  spans: z.array(z.object({ from: time, to: time.optional().describe('Absent where it is so still.'), verdict: z.looseObject({ code: z.string() }).readonly(), rule: rule.optional(), line, version, otherRules })).readonly(),
});

export function whyRoutes(server: FastifyInstance, { cti, whys }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().get('/api/contacts/:id/why', {
    config: { access: 'supervisor' },
    schema: {
      summary: 'Why a contact was routed as it was, or why an agent did not get it',
      description: 'Worked out anew from the records, by the configuration that held then. With `agent`: what kept this agent from it, from when to when. The reason codes are in docs/routing.md. 429 while others ask; 503 where Postgres is away, or the time was too busy for an answer within a minute.',
      tags: ['contacts'], security: [{ bearer: [] }, { cookie: [] }],
      params: z.strictObject({ id: contactKey }), querystring: z.strictObject({ agent: agentNumber.optional() }),
      response: { 200: z.union([decided, kept]) },
    },
  }, async (request) => {
    const { agent } = request.query;
    const why = await whys.ask({ contact: request.params.id, at: cti.clock.now(), ...(agent === undefined ? {} : { agent }) }).catch((error: unknown) => {
      throw error instanceof WhyFailure ? problemOf(error) : error;
    });
    if (why === undefined) throw new Problem('not-found');
    return 'spans' in why ? why : { ...why, decisions: why.decisions.map(({ event, ...decision }) => ({ ...decision, event: { ...shownFields(event), type: event.type, at: event.at } })) };
  });
}

function problemOf(failure: WhyFailure): Error {
  switch (failure.code) {
    case 'busy':
      return new Problem('too-many');
    case 'away':
    case 'too-long':
      return new Problem('unavailable');
    case 'failed':
      return failure;
  }
}
