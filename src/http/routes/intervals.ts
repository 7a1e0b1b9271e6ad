/** The first report: each queue by interval. What each figure means is written on its type in reports/intervals.ts. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { name, time } from '../../cti/shapes.ts';
import { total } from '../../reports/intervals.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

const intervalsMax = 3_000;
const queryTime = z.coerce.number().pipe(time);
const lengthsMs = { 15: 900_000, 30: 1_800_000, 60: 3_600_000, day: 86_400_000 } as const;

const query = z.strictObject({
  from: queryTime.describe('Queued at or after.'),
  to: queryTime.describe('Queued before.'),
  length: z.enum(['15', '30', '60', 'day']).default('30').describe('Minutes, or a calendar day of the centre.'),
  queue: name.optional(),
});

const rate = z.number().nullable();
const figures = z.object({
  offered: z.number(), answered: z.number(), abandoned: z.number(), waiting: z.number(), callbacks: z.number(), unreached: z.number(), inTime: z.number(),
  waitMs: z.number(), abandonWaitMs: z.number(), talked: z.number(), talkMs: z.number(),
  answerRate: rate, abandonRate: rate, inTimeRate: rate, averageWaitMs: rate, averageAnswerMs: rate, averageTalkMs: rate,
});

export function intervalRoutes(server: FastifyInstance, { intervals }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().get('/api/reports/intervals', {
    config: { access: 'supervisor' },
    schema: {
      summary: 'Offered, answered, in time and lost by interval and queue', tags: ['reports'], security: [{ bearer: [] }, { cookie: [] }],
      querystring: query, response: { 200: z.object({ intervals: z.array(figures.extend({ queue: z.string(), start: time })), total: figures }) },
    },
  }, async (request) => {
    const { from, to, queue, length } = request.query;
    const everyMs = lengthsMs[length];
    if (to <= from || (to - from) / everyMs > intervalsMax) throw new Problem('bad-request', 'to');
    const rows = await intervals.read({ from, to, everyMs, queue });
    return { intervals: [...rows], total: total(rows) };
  });
}
