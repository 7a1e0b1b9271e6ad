// The whole centre until Ctrl-C: servers, service, and what a person needs to know to use it.

import process, { stderr, stdout } from 'node:process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCentre } from '../src/config/load.ts';
import { formatProblems } from '../src/config/format.ts';
import type { CentreConfig } from '../src/config/centre-config.ts';
import type { Reloaded } from '../src/config/reload.ts';
import { startRuntime, type Runtime } from '../runtime/centre.ts';
import type { Lang } from '../runtime/environment.ts';
import { openControl } from '../runtime/control.ts';
import { claimPort } from '../runtime/ports.ts';
import { progressOn } from '../runtime/progress.ts';
import { startService, type Service } from '../runtime/service.ts';
import { defaultConfig, portOption } from './options.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string', default: defaultConfig },
      state: { type: 'string', default: '.state' },
      'http-host': { type: 'string', default: '127.0.0.1' },
      'http-port': { type: 'string', default: '0' },
      'sip-host': { type: 'string', default: '127.0.0.1' },
      'sip-port': { type: 'string', default: '0' },
    },
  });
  const configDir = resolve(values.config);
  const loaded = loadCentre(configDir);
  if (!loaded.ok) {
    stderr.write(`${formatProblems(loaded.problems, lang)}\n`);
    return 1;
  }
  const [sipPort, httpPort] = [portOption('--sip-port', values['sip-port']), portOption('--http-port', values['http-port'])];
  if (httpPort > 0) await claimPort(httpPort, 'tcp', '--http-port', values['http-host']);
  const runtime = await startRuntime({
    stateDir: values.state, agents: [...loaded.config.agents.keys()], sipHost: values['sip-host'], ...(sipPort > 0 ? { sipPort } : {}),
    progress: progressOn(stderr, lang),
    onAsteriskDeath: (why) => stderr.write(lang === 'zh' ? `! Asterisk 意外退出（${why}），正在重新启动；当时的通话已中断\n` : `! Asterisk died (${why}) and is started again; the calls in it are lost\n`),
  });
  try {
    const service = await startService({
      runtime, configDir, lang, httpHost: values['http-host'], httpPort, standby: true,
      onConfigured: (agents) => void runtime.setAgents(agents).catch((error: unknown) => stderr.write(`! ${String(error)}\n`)),
      onDeath: (why, whose) => stderr.write(`${deathOf(whose, why, lang)}\n`),
    });
    const control = await openControl(values.state, {
      reload: () => reload(service),
      store: async () => ({ databaseUrl: runtime.databaseUrl, storeKey: runtime.secrets.storeKey, configDir }),
    });
    stdout.write(howTo(runtime, service, loaded.config, lang));
    await untilToldToStop(service, lang);
    await control.close();
    await service.stop();
  } finally {
    await runtime.stop();
  }
  return 0;
};

/** Also when no service came back in time, which is told and not the end of what runs. */
function reload(service: Service): Promise<Reloaded> {
  return service.reload().catch((error: unknown): Reloaded => ({ ok: false, problems: [], reasons: [{ zh: String(error), en: String(error) }] }));
}

function deathOf(whose: 'owner' | 'standby', why: string, lang: Lang): string {
  if (whose === 'owner') return lang === 'zh' ? `! 服务意外退出（${why}），备用进程已接手，通话不受影响` : `! The service died (${why}); the process that stood by goes on, and calls with it`;
  return lang === 'zh' ? `! 备用进程意外退出（${why}），正在重新启动` : `! The process that stands by died (${why}) and is started again`;
}

/** The first Ctrl-C lets everybody finish; the second ends it. */
async function untilToldToStop(service: Service, lang: Lang): Promise<void> {
  const signals = signalQueue();
  await signals.next();
  service.closeDoor();
  const hurry = signals.next().then(() => true);
  let told = -1;
  for (let live = await service.live(); live > 0; live = await service.live()) {
    if (live !== told) stdout.write(lang === 'zh' ? `等待 ${live} 通电话结束（再按一次 Ctrl-C 立即停止）…\n` : `Waiting for ${live} ${live === 1 ? 'call' : 'calls'} to end (Ctrl-C again stops at once)…\n`);
    told = live;
    if (await Promise.race([hurry, new Promise<false>((resolve) => setTimeout(resolve, 250, false))])) return;
  }
}

function signalQueue(): { next(): Promise<void> } {
  let waiting: (() => void)[] = [];
  let seen = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const one = waiting.shift();
      if (one) one();
      else seen += 1;
    });
  }
  return {
    next: () =>
      new Promise((resolve) => {
        if (seen > 0) {
          seen -= 1;
          resolve();
        } else waiting.push(resolve);
      }),
  };
}

function howTo(runtime: Runtime, service: Service, { centre, agents }: CentreConfig, lang: Lang): string {
  const zh = lang === 'zh';
  const sip = `${runtime.sipHost}:${runtime.sipPort}`;
  const secret = (id: string) => runtime.secrets.agents[id];
  const rows = [...agents.values()].map((agent) => `  ${agent.id.padEnd(6)} ${agent.role.padEnd(10)} ${(secret(agent.id)?.web ?? '').padEnd(16)} ${(secret(agent.id)?.sip ?? '').padEnd(18)} ${agent.name[lang]}`);
  return [
    '',
    zh ? `${centre.name.zh} 已就绪（服务启动用时 ${(service.readyMs / 1000).toFixed(1)} 秒）` : `${centre.name.en} is ready (the service took ${(service.readyMs / 1000).toFixed(1)} s)`,
    '',
    ...(runtime.pids.asterisk === undefined
      ? [zh ? '话机        在您自己的 Asterisk 上（./rexian asterisk-conf 可生成配置）' : 'Phones      at your own Asterisk (./rexian asterisk-conf writes its files)']
      : [zh ? `拨打热线    ${[...centre.numbers.keys()].map((number) => `sip:${number}@${sip}`).join('  ')}` : `Dial        ${[...centre.numbers.keys()].map((number) => `sip:${number}@${sip}`).join('  ')}`,
        zh ? `注册话机    服务器 ${sip}（UDP），用户名为工号，密码见下表` : `Phones      register at ${sip} (UDP), user = agent number, password below`]),
    zh ? `网页        ${service.url}` : `Web         ${service.url}`,
    zh ? `接口        ${service.url}/openapi.json  ${service.url}/asyncapi.json` : `Interfaces  ${service.url}/openapi.json  ${service.url}/asyncapi.json`,
    zh ? `状态目录    ${runtime.stateDir}（日志在 log/，录音在 recordings/）` : `State       ${runtime.stateDir} (logs in log/, recordings in recordings/)`,
    '',
    zh ? '  工号   角色       网页密码         话机密码           姓名' : '  agent  role       web password     phone password     name',
    ...rows,
    '',
    zh ? '按 Ctrl-C 停止：等通话结束后退出；再按一次立即停止。' : 'Ctrl-C stops once the calls are over; Ctrl-C again stops at once.',
    '',
  ].join('\n');
}
