/**
 * What the service takes while nobody calls: memory and processor, some seconds after it is ready. The first start
 * ever compiles what later ones find compiled, so it is measured apart. `node bench/idle.ts [seconds]` prints a
 * table, and JSON as the last line.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig } from '../cli/options.ts';
import { startRuntime } from '../runtime/centre.ts';
import { startService } from '../runtime/service.ts';
import { loadCentre } from '../src/config/load.ts';

const seconds = Number(process.argv[2] ?? 20);
const loaded = loadCentre(defaultConfig);
if (!loaded.ok) throw new Error('the sample configuration is faulty');
const stateDir = await mkdtemp(join(tmpdir(), 'rexian-bench-'));
const runtime = await startRuntime({ stateDir, agents: [...loaded.config.agents.keys()] });

async function megabytes(pid: number): Promise<{ rssMb: number; ownMb: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024);
  return { rssMb: field('VmRSS'), ownMb: field('RssAnon') };
}

/** User and system time of the process, in the kernel's hundredths of a second. */
async function cpuMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function idle(name: string, env: Readonly<Record<string, string>>) {
  const service = await startService({ runtime, configDir: defaultConfig, lang: 'en', supervise: false, env });
  const [startCpuMs, atReady] = [await cpuMs(service.pid), await megabytes(service.pid)];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const later = await megabytes(service.pid);
  const corePercent = Math.round((await cpuMs(service.pid) - startCpuMs) / seconds) / 10;
  await service.stop();
  return { name, startCpuMs, readyRssMb: atReady.rssMb, ...later, corePercent };
}

const NODE_COMPILE_CACHE = join(stateDir, 'compiled');
const table = [await idle('first start ever', { NODE_COMPILE_CACHE }), await idle('later start', { NODE_COMPILE_CACHE })];
console.table(table);
console.log(JSON.stringify({ seconds, table }));

await runtime.stop();
await rm(stateDir, { recursive: true });
