/**
 * Who asks, and whether they may. Every route says who it is for in `config.access`; a route that says nothing is for
 * admins, so that a forgotten line closes a door instead of opening one.
 */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import jwt from '@fastify/jwt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Centre } from '../acd/model.ts';
import type { Clock } from '../base/clock.ts';
import { agentId, type AgentId } from '../base/ids.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { SignOuts } from '../cti/sign-outs.ts';
import type { OriginCheck } from './origin.ts';
import { Problem } from './problem.ts';

export type Access = 'anyone' | 'agent' | 'supervisor' | 'admin';

export interface User {
  readonly agent: AgentId;
  readonly role: AgentConfig['role'];
  readonly session: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Answered also by a process that stands by. */
    standby?: boolean;
  }
  interface FastifyRequest {
    signedIn: User | null;
  }
}

export interface Sessions {
  open(agent: AgentId, reply: FastifyReply): { readonly token: string; readonly expiresAt: number };
  close(user: User, reply: FastifyReply): void;
}

export interface AccessOptions {
  readonly centre: Centre;
  readonly clock: Clock;
  readonly signOuts: SignOuts;
  readonly secret: string;
  readonly originAllowed: OriginCheck;
}

const sessionMs = 12 * 3_600_000;
const cookieName = 'rexian-session';
const rank: { readonly [Each in Access]: number } = { anyone: 0, agent: 1, supervisor: 2, admin: 3 };
const claims = z.object({ sub: z.string(), sid: z.string(), exp: z.number() });

export async function guard(server: FastifyInstance, { centre, clock, signOuts, secret, originAllowed }: AccessOptions): Promise<Sessions> {
  await server.register(cookie);
  await server.register(jwt, { secret, sign: { algorithm: 'HS256' }, verify: { algorithms: ['HS256'] } });

  const identify = (request: FastifyRequest): User | null => {
    const token = bearerOf(request) ?? request.cookies[cookieName];
    const claimed = token === undefined ? undefined : claims.safeParse(verified(server, token)).data;
    const config = claimed && centre.routing.agents.get(agentId(claimed.sub));
    if (!claimed || !config || signOuts.has(claimed.sid)) return null;
    // The role is the configuration's of now, not that of the day of signing in.
    return { agent: config.id, role: config.role, session: claimed.sid, until: claimed.exp * 1000 };
  };

  server.decorateRequest('signedIn', null);
  server.addHook('onRequest', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && !originAllowed(request.headers.origin, request.headers.host)) throw new Problem('foreign-origin');
    request.signedIn = identify(request);
    const access = request.routeOptions.config.access ?? (request.is404 ? 'anyone' : 'admin');
    if (access === 'anyone') return;
    if (!request.signedIn) throw new Problem('sign-in-first');
    if (rank[request.signedIn.role] < rank[access]) throw new Problem('not-allowed');
  });

  return {
    open: (agent, reply) => {
      const expiresAt = clock.now() + sessionMs;
      const token = server.jwt.sign({ sub: agent, sid: randomUUID(), exp: Math.floor(expiresAt / 1000) });
      void reply.setCookie(cookieName, token, { ...cookieOptions(reply.request), maxAge: sessionMs / 1000 });
      return { token, expiresAt };
    },
    close: ({ session, until }, reply) => {
      signOuts.add(session, until);
      void reply.clearCookie(cookieName, cookieOptions(reply.request));
    },
  };
}

/** The user of a route that is for signed-in people only. */
export function userOf(request: FastifyRequest): User {
  if (!request.signedIn) throw new Problem('sign-in-first');
  return request.signedIn;
}

const cookieOptions = (request: FastifyRequest) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' }) as const;

function bearerOf(request: FastifyRequest): string | undefined {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}

function verified(server: FastifyInstance, token: string): unknown {
  try {
    return server.jwt.verify(token);
  } catch {
    // Expired, forged or nonsense: all the same to the caller, who has to sign in.
    return undefined;
  }
}
