// Servers for tests: processes of this machine, or with REXIAN_TEST_SERVICES=containers the images of docker/.

import { startRuntime as start, type Runtime, type RuntimeOptions } from '../../runtime/centre.ts';
import { readEnvironment } from '../../runtime/environment.ts';

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  if (readEnvironment().testServices === 'local') return start(options);
  const { containers } = await import('./containers.ts');
  return start({ servers: containers, ...options });
}
