/**
 * How long the service takes from the start of its process until it is ready, with the servers up and the prompts
 * made: after a clean stop, and after kill -9. `node bench/start.ts [starts]` prints a table, and JSON as the last line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig } from '../cli/options.ts';
import { startRuntime } from '../runtime/centre.ts';
import { startService } from '../runtime/service.ts';
import { loadCentre } from '../src/config/load.ts';

const starts = Number(process.argv[2] ?? 10);
const loaded = loadCentre(defaultConfig);
if (!loaded.ok) throw new Error('the sample configuration is faulty');
const stateDir = await mkdtemp(join(tmpdir(), 'rexian-bench-'));
const runtime = await startRuntime({ stateDir, agents: [...loaded.config.agents.keys()] });
const start = async (end: 'stopped' | 'killed'): Promise<number> => {
  const service = await startService({ runtime, configDir: defaultConfig, lang: 'en', supervise: false });
  if (end === 'killed') await service.kill('SIGKILL');
  await service.stop();
  return service.readyMs;
};
const first = await start('stopped');
const measured: Record<'stopped' | 'killed', number[]> = { stopped: [], killed: [] };
for (let n = 0; n < starts; n += 1) {
  measured.stopped.push(await start(n === starts - 1 ? 'killed' : 'stopped'));
}
for (let n = 0; n < starts; n += 1) measured.killed.push(await start('killed'));

const at = (share: number, of: readonly number[]): number => Math.round(of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? 0);
const row = (name: string, of: readonly number[]) => ({ name, starts: of.length, p50Ms: at(0.5, of), maxMs: at(1, of) });
const table = [row('the first, prompts still to be made', [first]), row('after a stop', measured.stopped), row('after kill -9', measured.killed)];
console.table(table);
console.log(JSON.stringify({ table }));

await runtime.stop();
await rm(stateDir, { recursive: true });
