/** Figures for Prometheus: the process, the requests by route, the centre as it is when asked. */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Presence } from '../acd/agent.ts';
import type { AlarmCode } from '../acd/model.ts';
import { recorderFaults } from '../telephony/port.ts';
import type { ServerParts } from './server.ts';

export interface Metrics {
  readonly registry: Registry;
  dropped(why: 'slow' | 'silent'): void;
}

const alarmCodes: readonly AlarmCode[] = ['overload', 'trunk-limit', 'caller-limit', 'late', 'recordings-low', ...recorderFaults];
const presences: readonly Presence['status'][] = ['offline', 'ready', 'paused', 'offered', 'talking', 'wrap-up'];

export function measure(server: FastifyInstance, { cti, lostLogLines = () => 0 }: Pick<ServerParts, 'cti' | 'lostLogLines'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const requests = new Histogram({ name: 'rexian_http_request_seconds', help: 'HTTP requests by route and status.', labelNames: ['route', 'status'], buckets: [0.005, 0.02, 0.1, 0.5, 2], registers });
  server.addHook('onResponse', (request, reply, done) => {
    requests.observe({ route: request.routeOptions.url ?? 'none', status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });

  const dropped = new Counter({ name: 'rexian_desktops_dropped_total', help: 'Desktops cut off, by why.', labelNames: ['why'], registers });
  const refused = new Counter({ name: 'rexian_web_connections_refused_total', help: 'Connections to the web port past what the open files allow.', registers });
  server.server.on('drop', () => refused.inc());
  new Gauge({ name: 'rexian_desktops', help: 'Desktops connected now.', registers, collect() { this.set(cti.desktops.open); } });
  new Gauge({ name: 'rexian_log_lines_lost', help: 'Log lines that could not be written anywhere.', registers, collect() { this.set(lostLogLines()); } });
  new Gauge({ name: 'rexian_clock_set_seconds', help: 'By how much the machine’s clock was set since the start; stored times go on by the old one.', registers, collect() { this.set((Date.now() - cti.clock.now()) / 1000); } });
  const { centre } = cti.desk;
  new Gauge({ name: 'rexian_contacts', help: 'Contacts in the centre now.', registers, collect() { this.set(centre.contacts.size); } });
  new Gauge({
    name: 'rexian_waiting', help: 'Contacts waiting, by queue.', labelNames: ['queue'], registers,
    collect() { for (const [queue, line] of centre.lines) this.set({ queue }, line.all.size); },
  });
  new Gauge({
    name: 'rexian_agents', help: 'Agents by presence.', labelNames: ['presence'], registers,
    collect() {
      for (const presence of presences) this.set({ presence }, 0);
      for (const agent of centre.agents.values()) this.inc({ presence: agent.presence.status });
    },
  });
  new Gauge({ name: 'rexian_pace', help: 'Part of the usual rate of calls that is let in; less than 1 while the service is late.', registers, collect() { this.set(centre.doors.pace); } });
  new Gauge({
    name: 'rexian_alarms', help: 'Alarms that are raised now, by code.', labelNames: ['code'], registers,
    collect() {
      for (const code of alarmCodes) this.set({ code }, 0);
      for (const { code } of centre.alarms.values()) this.inc({ code });
    },
  });
  new Gauge({ name: 'rexian_queues_closed', help: 'Queues that a supervisor has closed.', registers, collect() { this.set(centre.closed.size); } });
  const turnedAway = new Counter({ name: 'rexian_turned_away_total', help: 'Calls that were not let in, by why.', labelNames: ['why'], registers });
  const failed = new Counter({ name: 'rexian_recordings_failed_total', help: 'Recordings that could not be made, or not to their end.', registers });
  const release = cti.desk.onCommitted((events) => {
    for (const { event } of events) {
      if (event.type === 'contact-arrived' && event.turnedAway !== undefined) turnedAway.inc({ why: event.turnedAway });
      else if (event.type === 'recording-failed') failed.inc();
    }
  });
  server.addHook('onClose', (_instance, done) => {
    release();
    registry.clear();
    done();
  });
  return { registry, dropped: (why) => dropped.inc({ why }) };
}
