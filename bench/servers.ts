/** Servers alone, for benches that start the service themselves; gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig } from '../cli/options.ts';
import { startRuntime, type Runtime } from '../runtime/centre.ts';
import { loadCentre } from '../src/config/load.ts';

export async function withServers<Result>(work: (runtime: Runtime) => Promise<Result>): Promise<Result> {
  const loaded = loadCentre(defaultConfig);
  if (!loaded.ok) throw new Error('the sample configuration is faulty');
  const stateDir = await mkdtemp(join(tmpdir(), 'rexian-bench-'));
  try {
    const runtime = await startRuntime({ stateDir, agents: [...loaded.config.agents.keys()] });
    return await work(runtime).finally(() => runtime.stop());
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
}
