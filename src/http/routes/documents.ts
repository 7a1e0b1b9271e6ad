/** The interfaces' own descriptions. */
import type { FastifyInstance } from 'fastify';
import { asyncApi } from '../../cti/asyncapi.ts';

export function documentRoutes(server: FastifyInstance): void {
  const route = { config: { access: 'anyone' }, schema: { hide: true } } as const;
  const cti = asyncApi();
  server.get('/openapi.json', route, async () => server.swagger());
  server.get('/asyncapi.json', route, async () => cti);
}
