/** The first report: each queue by interval. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { time } from '../../cti/shapes.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

const intervalsMax = 3_000;
const queryTime = z.coerce.number().pipe(time);
const query = z.strictObject({
  from: queryTime,
  to: queryTime.describe('Exclusive.'),
  minutes: z.enum(['15', '30', '60', '1440']).default('30'),
  queue: z.string().min(1).max(64).optional(),
});

const interval = z.object({
  start: time,
  queue: z.string(),
  offered: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  inTime: z.number().describe('Answered within the queue’s service level.'),
  waitMs: z.number().describe('Sum over the answered.'),
  talkMs: z.number().describe('Sum.'),
});

export function intervalRoutes(server: FastifyInstance, { intervals }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().get('/api/reports/intervals', {
    config: { access: 'supervisor' },
    schema: {
      summary: 'Offered, answered, in time and lost by interval and queue', tags: ['reports'], security: [{ bearer: [] }, { cookie: [] }],
      querystring: query, response: { 200: z.object({ intervals: z.array(interval) }) },
    },
  }, async (request) => {
    const { from, to, minutes, queue } = request.query;
    const everyMs = Number(minutes) * 60_000;
    if (to <= from || (to - from) / everyMs > intervalsMax) throw new Problem('bad-request', 'to');
    return { intervals: [...(await intervals.read({ from, to, everyMs, queue }))] };
  });
}
