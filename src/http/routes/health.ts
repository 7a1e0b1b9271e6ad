/** For supervisors of processes: alive, ready, and figures. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

/** How the parts under us are. `lagMs`: age of the oldest event that Postgres does not hold yet. */
export interface Health {
  readonly owner: boolean;
  /** What it does instead, where it does not own the centre. */
  readonly role: 'owner' | 'starting' | 'standby' | 'taking-over' | 'stopping';
  readonly switchUp: boolean;
  readonly redis: boolean;
  readonly postgres: { readonly up: boolean; readonly lagMs: number };
}

const facts = z.object({
  ready: z.boolean(),
  reason: z.enum(['starting', 'standby', 'taking-over', 'stopping', 'lease-lost', 'switch-away']).nullable().describe('Why it is not ready.'),
  owner: z.boolean(),
  switchUp: z.boolean(),
  redis: z.boolean(),
  postgres: z.object({ up: z.boolean(), lagMs: z.number() }),
});

export function healthRoutes(server: FastifyInstance, { health }: ServerParts, { registry }: Metrics): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();
  const config = { access: 'anyone', standby: true, rateLimit: false } as const;

  routes.get('/health/live', {
    config,
    schema: { summary: 'The process turns', tags: ['health'], response: { 200: z.object({ live: z.literal(true) }) } },
  }, async () => ({ live: true as const }));

  routes.get('/health/ready', {
    config,
    schema: { summary: 'Calls can be taken: 200 when ready, 503 when not', tags: ['health'], response: { 200: facts, 503: facts } },
  }, async (_request, reply) => {
    const { role, ...now } = health();
    const reason = reasonOf(role, now);
    return reply.status(reason === null ? 200 : 503).send({ ready: reason === null, reason, ...now });
  });

  routes.get('/metrics', {
    config,
    schema: { summary: 'Figures for Prometheus: to this machine itself and not through a proxy, or with a supervisor’s token', tags: ['health'] },
  }, async (request, reply) => {
    const role = request.signedIn?.role;
    if (!isNear(request) && role !== 'supervisor' && role !== 'admin') throw new Problem('not-allowed');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Reports late are no reason to take a centre out of service, and Redis away is bridged by the engine. */
function reasonOf(role: Health['role'], { owner, switchUp }: Pick<Health, 'owner' | 'switchUp'>): z.infer<typeof facts>['reason'] {
  if (role !== 'owner') return role;
  if (!owner) return 'lease-lost';
  return switchUp ? null : 'switch-away';
}

/**
 * A proxy on this machine makes everyone look near. One that says for whom it asks is believed when it is among
 * REXIAN_TRUST_PROXY (then `ip` is the client's), and otherwise makes its client a stranger.
 */
function isNear({ ip, ips, headers }: FastifyRequest): boolean {
  const forwarded = ips === undefined && forwardingHeaders.some((name) => headers[name] !== undefined);
  return !forwarded && (ip === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(ip));
}
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;
