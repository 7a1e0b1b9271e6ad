/** The first report: each queue by interval. What each figure means is written on its type in reports/intervals.ts. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { time } from '../../cti/shapes.ts';
import type { IntervalLength, IntervalRow } from '../../reports/intervals.ts';
import { total } from '../../reports/intervals.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

const intervalsMax = 3_000;
const queryTime = z.coerce.number().pipe(time);
const lengths: Readonly<Record<'15' | '30' | '60' | 'day', { readonly length: IntervalLength; readonly ms: number }>> = {
  15: { length: 15, ms: 900_000 },
  30: { length: 30, ms: 1_800_000 },
  60: { length: 60, ms: 3_600_000 },
  day: { length: 'day', ms: 86_400_000 },
};

const query = z.strictObject({
  from: queryTime.describe('Queued at or after.'),
  to: queryTime.describe('Queued before.'),
  length: z.enum(['15', '30', '60', 'day']).default('30').describe('Minutes, or a calendar day of the centre.'),
  queue: z.string().min(1).max(64).optional(),
});

const rate = z.number().nullable();
const figures = z.object({
  offered: z.number(), answered: z.number(), abandoned: z.number(), waiting: z.number(), inTime: z.number(),
  answerWaitMs: z.number(), abandonWaitMs: z.number(), talked: z.number(), talkMs: z.number(),
  answerRate: rate, abandonRate: rate, inTimeRate: rate, averageWaitMs: rate, averageAnswerMs: rate, averageTalkMs: rate,
});

export function intervalRoutes(server: FastifyInstance, { records }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().get('/api/reports/intervals', {
    config: { access: 'supervisor' },
    schema: {
      summary: 'Offered, answered, in time and lost by interval and queue', tags: ['reports'], security: [{ bearer: [] }, { cookie: [] }],
      querystring: query, response: { 200: z.object({ intervals: z.array(figures.extend({ queue: z.string(), from: time })), total: figures }) },
    },
  }, async (request) => {
    const { from, to, queue } = request.query;
    const { length, ms } = lengths[request.query.length];
    if (to <= from || (to - from) / ms > intervalsMax) throw new Problem('bad-request', 'to');
    const rows = await records.intervals({ from: new Date(from), to: new Date(to), length, ...(queue === undefined ? {} : { queues: [queue] }) });
    return { intervals: rows.map(shownInterval), total: total(rows) };
  });
}

const shownInterval = (row: IntervalRow) => ({ ...row, from: row.from.getTime() });
