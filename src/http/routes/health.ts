/** For supervisors of processes: alive, ready, and figures. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

/** How the parts under us are. `lagMs`: age of the oldest event that Postgres does not hold yet. */
export interface Health {
  readonly owner: boolean;
  readonly switchUp: boolean;
  readonly redis: boolean;
  readonly postgres: { readonly up: boolean; readonly lagMs: number };
}

const facts = z.object({
  ready: z.boolean(),
  owner: z.boolean(),
  switchUp: z.boolean(),
  redis: z.boolean(),
  postgres: z.object({ up: z.boolean(), lagMs: z.number() }),
});

export function healthRoutes(server: FastifyInstance, { health }: ServerParts, { registry }: Metrics): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();
  const config = { access: 'anyone', rateLimit: false } as const;

  routes.get('/health/live', {
    config,
    schema: { summary: 'The process turns', tags: ['health'], response: { 200: z.object({ live: z.literal(true) }) } },
  }, async () => ({ live: true as const }));

  routes.get('/health/ready', {
    config,
    schema: { summary: 'Calls can be taken: 200 when ready, 503 when not', tags: ['health'], response: { 200: facts, 503: facts } },
  }, async (_request, reply) => {
    const now = health();
    // Reports late are no reason to take a centre out of service, and Redis away is bridged by the engine.
    const ready = now.owner && now.switchUp;
    return reply.status(ready ? 200 : 503).send({ ready, ...now });
  });

  routes.get('/metrics', {
    config,
    schema: { summary: 'Figures for Prometheus: to this machine itself, or with a supervisor’s token', tags: ['health'] },
  }, async (request, reply) => {
    const near = request.ip === '127.0.0.1' || request.ip === '::1' || request.ip === '::ffff:127.0.0.1';
    const role = request.signedIn?.role;
    if (!near && role !== 'supervisor' && role !== 'admin') throw new Problem('not-allowed');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
