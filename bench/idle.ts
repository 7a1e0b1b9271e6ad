/**
 * What the service takes while nobody calls: memory and processor, some seconds after it is ready, beside the servers
 * that it uses. The first start ever compiles what later ones find compiled, so it is measured apart.
 */
import { stderr, stdout } from 'node:process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Invocation } from '../cli/main.ts';
import { defaultConfig } from '../cli/options.ts';
import type { Runtime } from '../runtime/centre.ts';
import { startService } from '../runtime/service.ts';
import { coreShare, memoryOf } from './process-use.ts';
import { rounded } from './quantile.ts';
import { withServers } from './servers.ts';

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '20' } } });
  const seconds = Number(values.seconds);
  stderr.write(words.begin[lang](seconds));
  const { first, later, asterisk, redis } = await withServers(async (runtime) => {
    const NODE_COMPILE_CACHE = join(runtime.stateDir, 'compiled');
    return { first: await idle(runtime, seconds, { NODE_COMPILE_CACHE }), later: await idle(runtime, seconds, { NODE_COMPILE_CACHE }), ...(await servers(runtime)) };
  });
  console.table({ [words.first[lang]]: first, [words.later[lang]]: later, Asterisk: { rssMb: asterisk }, Redis: { rssMb: redis } });
  const figures = { rssMb: later.rssMb, ownMb: later.ownMb, corePercent: later.corePercent, firstStartRssMb: first.rssMb, asteriskRssMb: asterisk, redisRssMb: redis };
  if (values.json) stdout.write(`${JSON.stringify({ figures })}\n`);
  return 0;
}

async function idle(runtime: Runtime, seconds: number, env: Readonly<Record<string, string>>) {
  const service = await startService({ runtime, configDir: defaultConfig, lang: 'en', supervise: false, env });
  const share = await coreShare(service.pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const used = { ...(await memoryOf(service.pid)), corePercent: rounded(await share()) };
  await service.stop();
  return used;
}

/** Undefined where they are not processes of ours. */
async function servers({ pids }: Runtime): Promise<{ asterisk: number | undefined; redis: number | undefined }> {
  const of = async (pid: number | undefined): Promise<number | undefined> => (pid === undefined ? undefined : (await memoryOf(pid)).rssMb);
  return { asterisk: await of(pids.asterisk), redis: await of(pids.redis) };
}

const words = {
  begin: { en: (seconds: number) => `Two starts, ${seconds} s of nothing after each …\n`, zh: (seconds: number) => `启动两次，每次空闲 ${seconds} 秒 …\n` },
  first: { en: 'first start ever', zh: '首次启动' },
  later: { en: 'later start', zh: '再次启动' },
} as const;
