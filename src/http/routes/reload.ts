/** The files of the configuration as they are now, taken by a service that runs. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { text } from '../../cti/shapes.ts';
import { userOf } from '../access.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

const fault = z.object({
  file: z.string(), line: z.int(), column: z.int(), severity: z.enum(['error', 'warning']), code: z.string(), text, hint: text.optional(),
});

export function reloadRoutes(server: FastifyInstance, { audit, cti, reload }: ServerParts): void {
  server.withTypeProvider<ZodTypeProvider>().post('/api/reload', {
    config: { access: 'admin', rateLimit: { max: 10, timeWindow: 60_000 } },
    schema: {
      summary: 'Take the configuration’s files as they are now',
      description: 'Checked whole; a faulty set is refused with 422 and `faults`, and nothing changes. Calls, places and log-ins stay.',
      tags: ['configuration'], security: [{ bearer: [] }, { cookie: [] }],
      response: { 200: z.object({ version: z.string(), changed: z.boolean().describe('False where these files hold already.'), warnings: z.array(fault) }) },
    },
  }, async (request) => {
    const { agent } = userOf(request);
    await audit.write({ at: cti.clock.now(), agent, action: 'reload', subject: 'configuration', detail: { from: cti.desk.centre.routing.version } });
    const reloaded = await reload();
    if (!reloaded.ok) throw new Problem('not-taken', undefined, { faults: reloaded.problems.map((problem) => fault.parse(problem)), reasons: reloaded.reasons });
    const { version, changed, warnings } = reloaded;
    return { version, changed, warnings: warnings.map((problem) => fault.parse(problem)) };
  });
}
