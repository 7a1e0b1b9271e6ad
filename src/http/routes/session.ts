/** Signing in over HTTP, and the ticket that opens the CTI socket. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agentId } from '../../base/ids.ts';
import { agentNumber, text, time } from '../../cti/shapes.ts';
import { ticketMs } from '../../cti/tickets.ts';
import { userOf, type Sessions } from '../access.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';

const credentials = z.strictObject({ agent: agentNumber, password: z.string().min(1).max(200) });
const role = z.enum(['agent', 'supervisor', 'admin']);
const person = z.object({ agent: agentNumber, name: text, role });
const security = [{ bearer: [] }, { cookie: [] }];
/** Passwords being checked at once; each costs tens of milliseconds of a core by design. */
const checkingMax = 64;
/** A shift of hundreds signs in from one address within minutes, so attempts count by address and agent together. */
const perPerson = {
  max: 10,
  timeWindow: 60_000,
  hook: 'preHandler',
  keyGenerator: (request: FastifyRequest) => `sign-in ${request.ip} ${credentials.safeParse(request.body).data?.agent ?? ''}`,
} as const;

export function sessionRoutes(server: FastifyInstance, { cti, verify, share }: ServerParts, sessions: Sessions): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();
  let checking = 0;

  routes.post('/api/session', {
    config: { access: 'anyone', rateLimit: perPerson },
    schema: {
      summary: 'Sign in', tags: ['session'], body: credentials,
      response: { 200: person.extend({ token: z.string().describe('For programs; the page uses the cookie.'), expiresAt: time }) },
    },
  }, async (request, reply) => {
    const { agent, password } = request.body;
    if (checking >= checkingMax) throw new Problem('too-many');
    checking += 1;
    const right = await verify(agent, password).finally(() => (checking -= 1));
    const config = cti.desk.centre.routing.agents.get(agentId(agent));
    if (!right || !config) throw new Problem('wrong-password');
    return { agent, name: config.name, role: config.role, ...sessions.open(config.id, reply) };
  });

  routes.get('/api/session', {
    config: { access: 'agent' },
    schema: { summary: 'Who is signed in', tags: ['session'], security, response: { 200: person } },
  }, async (request) => {
    const user = userOf(request);
    const config = cti.desk.centre.routing.agents.get(user.agent);
    if (!config) throw new Problem('sign-in-first');
    return { agent: user.agent, name: config.name, role: config.role };
  });

  routes.delete('/api/session', {
    config: { access: 'agent' },
    schema: { summary: 'Sign out', tags: ['session'], security, response: { 204: z.null() } },
  }, async (request, reply) => {
    sessions.close(userOf(request), reply);
    return reply.status(204).send(null);
  });

  routes.post('/api/cti-ticket', {
    config: { access: 'agent' },
    schema: {
      summary: 'A ticket for the CTI socket: good once, for 30 s', tags: ['session'], security,
      response: { 200: z.object({ ticket: z.string(), expiresAt: time }) },
    },
  }, async (request) => {
    const user = userOf(request);
    if (share !== undefined && cti.desktops.open >= share.desktops && !cti.desktops.isOpen(user.agent)) throw new Problem('too-many-desktops');
    const ticket = cti.tickets.issue({ agent: user.agent, session: user.session, sessionUntil: user.until });
    if (ticket === null) throw new Problem('too-many');
    return { ticket, expiresAt: cti.clock.now() + ticketMs };
  });
}
