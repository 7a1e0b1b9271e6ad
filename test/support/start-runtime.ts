// Servers for tests: processes of this machine, or with REXIAN_TEST_SERVICES=containers the images of docker/.

import { startAsterisk } from '../../runtime/asterisk.ts';
import { startRuntime as start, type Runtime, type RuntimeOptions, type Servers } from '../../runtime/centre.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { startPostgres } from '../../runtime/postgres.ts';
import { startRedis } from '../../runtime/redis.ts';

/** For tests that freeze and kill servers: they must be processes of this machine. */
export const localServers: Servers = { startRedis, startPostgres, startAsterisk };

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  if (readEnvironment().testServices === 'local') return start(options);
  const { containers } = await import('./containers.ts');
  return start({ servers: containers, ...options });
}
