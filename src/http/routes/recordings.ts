/** Recordings: what is known of one, and its sound. Every listening is written down before the first byte. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { time } from '../../cti/shapes.ts';
import { userOf, type User } from '../access.ts';
import { Problem } from '../problem.ts';
import type { RecordingRow, Recordings } from '../reads.ts';
import type { ServerParts } from '../server.ts';

const params = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/) });
const security = [{ bearer: [] }, { cookie: [] }];

const shown = z.object({
  recording: z.string(),
  contact: z.string(),
  agent: z.string().nullable(),
  queue: z.string().nullable(),
  startedAt: time,
  status: z.enum(['recording', 'stopped', 'finalised', 'partial', 'failed']),
  durationMs: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  sha256: z.string().nullable(),
});

export function recordingRoutes(server: FastifyInstance, { recordings, recordingsDir, audit, cti }: ServerParts): void {
  const routes = server.withTypeProvider<ZodTypeProvider>();

  routes.get('/api/recordings/:id', {
    config: { access: 'agent' },
    schema: { summary: 'One recording', tags: ['recordings'], security, params, response: { 200: shown } },
  }, async (request) => allowed(recordings, request.params.id, userOf(request)));

  routes.get('/api/recordings/:id/audio', {
    config: { access: 'agent' },
    schema: { summary: 'Its sound: caller left, agent right. Takes Range.', tags: ['recordings'], security, params },
  }, async (request, reply) => {
    const user = userOf(request);
    const row = await allowed(recordings, request.params.id, user);
    if (row.path === null) throw new Problem('not-ready');
    const file = await insideOf(recordingsDir, row.path);
    await audit.write({ at: cti.clock.now(), agent: user.agent, action: 'recording-listened', subject: row.recording, detail: { contact: row.contact, range: request.headers.range ?? null } });
    void reply.header('cache-control', 'private, no-store').header('content-disposition', `inline; filename="${row.recording}.wav"`);
    return reply.sendFile(file, recordingsDir, { cacheControl: false, dotfiles: 'allow' });
  });
}

async function allowed(recordings: Recordings, id: string, { role, agent }: User): Promise<RecordingRow> {
  const row = await recordings.find(id);
  // Another agent's recording is not said to exist.
  if (!row || (role === 'agent' && row.agent !== agent)) throw new Problem('not-found');
  return row;
}

/** The path as the row has it, links resolved: relative to the recordings folder, and truly below it. */
async function insideOf(folder: string, path: string): Promise<string> {
  const base = await realpath(folder);
  const file = await realpath(resolve(base, path)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ENOTDIR' ? new Problem('not-found') : error;
  });
  const below = relative(base, file);
  if (below === '' || below.startsWith('..') || isAbsolute(below)) throw new Problem('not-found');
  return below;
}
