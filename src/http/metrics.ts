/** Figures for Prometheus: the process, the requests by route, the centre as it is when asked. */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Presence } from '../acd/model.ts';
import type { Cti } from '../cti/cti.ts';

export interface Metrics {
  readonly registry: Registry;
  dropped(why: 'slow' | 'silent'): void;
}

const presences: readonly Presence['status'][] = ['offline', 'ready', 'paused', 'offered', 'talking', 'wrap-up'];

export function measure(server: FastifyInstance, cti: Cti): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const requests = new Histogram({ name: 'rexian_http_request_seconds', help: 'HTTP requests by route and status.', labelNames: ['route', 'status'], buckets: [0.005, 0.02, 0.1, 0.5, 2], registers });
  server.addHook('onResponse', (request, reply, done) => {
    requests.observe({ route: request.routeOptions.url ?? 'none', status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });

  const dropped = new Counter({ name: 'rexian_desktops_dropped_total', help: 'Desktops cut off, by why.', labelNames: ['why'], registers });
  new Gauge({ name: 'rexian_desktops', help: 'Desktops connected now.', registers, collect() { this.set(cti.desktops.open); } });
  const { centre } = cti.desk;
  new Gauge({ name: 'rexian_contacts', help: 'Contacts in the centre now.', registers, collect() { this.set(centre.contacts.size); } });
  new Gauge({
    name: 'rexian_waiting', help: 'Contacts waiting, by queue.', labelNames: ['queue'], registers,
    collect() { for (const [queue, line] of centre.lines) this.set({ queue }, line.length); },
  });
  new Gauge({
    name: 'rexian_agents', help: 'Agents by presence.', labelNames: ['presence'], registers,
    collect() {
      for (const presence of presences) this.set({ presence }, 0);
      for (const agent of centre.agents.values()) this.inc({ presence: agent.presence.status });
    },
  });
  server.addHook('onClose', (_instance, done) => {
    registry.clear();
    done();
  });
  return { registry, dropped: (why) => dropped.inc({ why }) };
}
