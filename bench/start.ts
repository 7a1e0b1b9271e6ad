/**
 * How long the service takes from the start of its process until it is ready, with the servers up and the prompts
 * made: after a clean stop, and after kill -9. Its peer is an empty program of the same Node.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process, { execPath, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { Invocation } from '../cli/main.ts';
import { defaultConfig } from '../cli/options.ts';
import { progressOn } from '../runtime/progress.ts';
import { startService } from '../runtime/service.ts';
import { withServers } from './servers.ts';
import { quantile, rounded } from './quantile.ts';

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, starts: { type: 'string', default: '10' } } });
  const starts = Number(values.starts);
  const progress = progressOn(stderr, lang);
  const measured: Record<'stopped' | 'killed' | 'node', number[]> = { stopped: [], killed: [], node: [] };
  await withServers(async (runtime) => {
    const start = async (end: 'stopped' | 'killed'): Promise<number> => {
      const service = await startService({ runtime, configDir: defaultConfig, lang, supervise: false });
      if (end === 'killed') await service.kill('SIGKILL');
      await service.stop();
      return service.readyMs;
    };
    progress.step({ en: 'The first start, prompts still to be made', zh: '首次启动（需生成提示音）' });
    await start('stopped');
    progress.done();
    progress.step({ en: `${starts} starts after a stop and after kill -9 each`, zh: `正常停止后与 kill -9 后各启动 ${starts} 次` });
    for (let n = 0; n < starts; n += 1) {
      measured.stopped.push(await start(n === starts - 1 ? 'killed' : 'stopped'));
      measured.node.push(await emptyProgram());
      progress.fraction((n + 1) / (2 * starts));
    }
    for (let n = 0; n < starts; n += 1) {
      measured.killed.push(await start('killed'));
      progress.fraction((starts + n + 1) / (2 * starts));
    }
    progress.done();
  });
  const figures = Object.fromEntries(Object.entries(measured).flatMap(([name, of]) => [[`${name}P50Ms`, rounded(quantile(of, 0.5))], [`${name}MaxMs`, rounded(quantile(of, 1))]]));
  console.table(Object.fromEntries(Object.entries(measured).map(([name, of]) => [words[name as keyof typeof words][lang], { 'p50 ms': rounded(quantile(of, 0.5)), 'max ms': rounded(quantile(of, 1)) }])));
  if (values.json) stdout.write(`${JSON.stringify({ figures })}\n`);
  return 0;
}

async function emptyProgram(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(execPath, ['--eval', ''], { stdio: 'ignore', env: process.env });
  await once(child, 'exit');
  return performance.now() - startedAt;
}

const words = {
  stopped: { en: 'after a stop', zh: '正常停止后' },
  killed: { en: 'after kill -9', zh: 'kill -9 后' },
  node: { en: 'Node with an empty program', zh: 'Node 空程序' },
} as const;
