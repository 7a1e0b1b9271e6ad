/** Recordings: what is known of one, and its sound. Every listening is written down before the first byte. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { FoundRecording, Recordings } from '../../store/recordings.ts';
import { userOf, type User } from '../access.ts';
import { Problem } from '../problem.ts';
import type { ServerParts } from '../server.ts';
import { mayHear, recordingShape, shownRecording } from '../shown.ts';

const params = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/) });
const security = [{ bearer: [] }, { cookie: [] }];

export function recordingRoutes(server: FastifyInstance, { recordings, recordingsDir, audit, cti }: ServerParts): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();

  routes.get('/api/recordings/:id', {
    config: { access: 'agent' },
    schema: { summary: 'One recording', tags: ['recordings'], security, params, response: { 200: recordingShape } },
  }, async (request) => shownRecording(await heardBy(userOf(request), request.params.id, recordings)));

  routes.get('/api/recordings/:id/audio', {
    config: { access: 'agent' },
    schema: { summary: 'Its sound: caller left, agent right. Takes Range.', tags: ['recordings'], security, params },
  }, async (request, reply) => {
    const user = userOf(request);
    const row = await heardBy(user, request.params.id, recordings);
    // A recording still running or not yet finalised has a path too, of a file that is not whole.
    if (row.path === null || (row.status !== 'finalised' && row.status !== 'partial')) throw new Problem('not-ready');
    const file = await below(recordingsDir, row.path);
    const detail = { contact: row.contact, range: request.headers.range ?? null };
    await audit.write({ at: cti.clock.now(), agent: user.agent, action: 'recording-listened', subject: row.recording, detail });
    void reply.header('cache-control', 'private, no-store');
    return reply.sendFile(file, recordingsDir, { cacheControl: false, dotfiles: 'allow' });
  });
}

/** Another agent's recording is not said to exist. */
async function heardBy(user: User, id: string, recordings: Recordings): Promise<FoundRecording> {
  const row = await recordings.find(id);
  if (!row || !mayHear(row, user)) throw new Problem('not-found');
  return row;
}

/** The row's path, links resolved: relative to the recordings folder, and truly below it. */
async function below(folder: string, path: string): Promise<string> {
  const base = await realpath(folder);
  const file = await realpath(resolve(base, path)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ENOTDIR' ? new Problem('not-found') : error;
  });
  const inside = relative(base, file);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) throw new Problem('not-found');
  return inside;
}
