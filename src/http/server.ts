/** The HTTP server: the page, the interfaces, the CTI socket. Only here does a problem become a status. */
import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors, jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { WebShare } from '../base/open-files.ts';
import type { Reload } from '../config/reload.ts';
import type { Cti } from '../cti/cti.ts';
import { serveCti, socketsMax } from '../cti/socket.ts';
import type { Intervals } from '../reports/intervals.ts';
import type { Audit } from '../store/audit.ts';
import type { Contacts } from '../store/contacts.ts';
import { isPassing } from '../store/database.ts';
import type { Recordings } from '../store/recordings.ts';
import type { Whys } from '../store/whys.ts';
import { guard } from './access.ts';
import { readJsonOnly } from './body.ts';
import { connectionsMax, connectionsMost, limitOptions } from './limits.ts';
import { measure } from './metrics.ts';
import { originCheck } from './origin.ts';
import { Problem, problemTexts, type ProblemCode } from './problem.ts';
import type { Verify } from './passwords.ts';
import { contactRoutes } from './routes/contacts.ts';
import { documentRoutes } from './routes/documents.ts';
import { healthRoutes, type Health } from './routes/health.ts';
import { intervalRoutes } from './routes/intervals.ts';
import { liveContactRoutes } from './routes/live-contacts.ts';
import { liveQueueRoutes } from './routes/live-queues.ts';
import { liveRoutes } from './routes/live.ts';
import { reloadRoutes } from './routes/reload.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { sessionRoutes } from './routes/session.ts';
import { whyRoutes } from './routes/why.ts';

export interface ServerParts {
  readonly cti: Cti;
  readonly contacts: Contacts;
  readonly whys: Pick<Whys, 'ask'>;
  readonly recordings: Recordings;
  readonly intervals: Intervals;
  readonly audit: Audit;
  /** Takes the configuration's files as they are now. */
  readonly reload: Reload;
  readonly health: () => Health;
  readonly verify: Verify;
  /** Signs the sessions; at least 32 characters. */
  readonly secret: string;
  readonly recordingsDir: string;
  /** Where the page's files are. */
  readonly webDir: string;
  /** Pages elsewhere that may use this server, as origins: https://desk.example.com */
  readonly origins?: readonly string[];
  /** Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks. */
  readonly trustProxy?: readonly string[];
  readonly log: Logger;
  /** What the web port may take of the process's open files. */
  readonly share?: WebShare;
  /** For the figures: lines that the log did not take. */
  readonly lostLogLines?: () => number;
}

const statusOf: { readonly [Code in ProblemCode]: number } = {
  'bad-request': 400,
  'sign-in-first': 401,
  'wrong-password': 401,
  'not-allowed': 403,
  'foreign-origin': 403,
  'not-found': 404,
  'not-ready': 409,
  'not-taken': 422,
  refused: 409,
  'too-large': 413,
  'bad-type': 415,
  'bad-range': 416,
  'too-many': 429,
  failed: 500,
  standby: 503,
  'too-many-desktops': 503,
  unavailable: 503,
};

/** Ready to listen: `server.listen({ host, port })`, and `server.close()` ends it with every socket. */
export async function makeServer(parts: ServerParts): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = parts.log;
  const server = fastify({
    loggerInstance,
    // A URL may hold a caller's number, so requests are logged by their route, below.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    trustProxy: parts.trustProxy === undefined || parts.trustProxy.length === 0 ? false : [...parts.trustProxy],
    ...limitOptions,
  });
  // Before any other hook: whoever stands by knows nothing that a password could open.
  server.addHook('onRequest', async (request) => {
    if (parts.cti.standby() && request.routeOptions.config.standby !== true) throw new Problem('standby');
  });
  server.server.maxConnections = connectionsMax();
  readJsonOnly(server);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  answerProblems(server);
  const originAllowed = originCheck(parts.origins ?? []);

  await server.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: contentSecurity }, strictTransportSecurity: false });
  await server.register(swagger, { openapi: { openapi: '3.1.0', info: { title: 'Rexian 热线', version: '1' }, ...securitySchemes }, transform: jsonSchemaTransform });
  const sessions = await guard(server, { centre: parts.cti.desk.centre, clock: parts.cti.clock, signOuts: parts.cti.signOuts, secret: parts.secret, originAllowed });
  await server.register(rateLimit, {
    max: 600,
    timeWindow: 60_000,
    // Hundreds of desktops may share one address, so a signed-in person counts for itself.
    keyGenerator: (request) => request.signedIn?.agent ?? request.ip,
    errorResponseBuilder: () => new Problem('too-many'),
  });
  const registry = measure(server, parts);
  if (parts.share !== undefined) server.server.maxConnections = Math.min(parts.share.connections, connectionsMost);
  await serveCti(server, { cti: parts.cti, originAllowed, path: '/cti', ...(parts.share && { socketsMax: Math.min(parts.share.desktops, socketsMax) }), onDropped: (why) => registry.dropped(why) });
  await servePage(server, parts.webDir);
  sessionRoutes(server, parts, sessions);
  contactRoutes(server, parts);
  whyRoutes(server, parts);
  recordingRoutes(server, parts);
  intervalRoutes(server, parts);
  liveRoutes(server, parts);
  liveContactRoutes(server, parts);
  liveQueueRoutes(server, parts);
  reloadRoutes(server, parts);
  healthRoutes(server, parts, registry);
  documentRoutes(server);
  return server;
}

/** The page's files, for anyone and as often as a whole shift behind one address reloads them. */
async function servePage(server: FastifyInstance, root: string): Promise<void> {
  // This one only adds `sendFile`, which knows ranges, for the recordings in their own folder.
  await server.register(staticFiles, { root, serve: false });
  await server.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'anyone', standby: true, rateLimit: false };
    });
    await page.register(staticFiles, { root, decorateReply: false, setHeaders: (reply) => void reply.header('cache-control', 'no-cache') });
  });
}

/** The page loads its own files and nothing else; inline script and foreign frames are off. */
const contentSecurity = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  mediaSrc: ["'self'"],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

const securitySchemes = {
  components: {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'rexian-session' },
    },
  },
} as const;

function answerProblems(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const { code, field, more } = problemOf(error);
    if (code === 'failed' || code === 'unavailable') request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return reply.status(statusOf[code]).type('application/json').send(JSON.stringify({ ...more, code, field, text: problemTexts[code], request: request.id }));
  });
  server.setNotFoundHandler({}, () => {
    throw new Problem('not-found');
  });
  server.addHook('onResponse', (request, reply, done) => {
    request.log.info({ method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime), agent: request.signedIn?.agent }, 'request');
    done();
  });
}

/** Fastify's and the database's own errors, told apart by code and never by text. */
function problemOf(error: FastifyError | Problem): { readonly code: ProblemCode; readonly field?: string | undefined; readonly more?: object | undefined } {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return { code: 'bad-request', field: error.validation[0]?.instancePath.slice(1).replaceAll('/', '.') };
  // 403 is what a path that leads out of its folder gets; that there is anything there is not said.
  const byStatus: Readonly<Record<number, ProblemCode>> = { 400: 'bad-request', 403: 'not-found', 404: 'not-found', 413: 'too-large', 414: 'too-large', 415: 'bad-type', 416: 'bad-range', 429: 'too-many' };
  if (error.statusCode !== undefined) return { code: byStatus[error.statusCode] ?? 'failed' };
  return { code: isPassing(error) ? 'unavailable' : 'failed' };
}
