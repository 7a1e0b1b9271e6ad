import process, { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { startRuntime, type Runtime } from '../runtime/centre.ts';
import { progressOn } from '../runtime/progress.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({
    args,
    options: {
      state: { type: 'string', default: '.state' },
      agents: { type: 'string', default: '1001,1002' },
      'sip-port': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const ended = interrupted();
  const runtime = await startRuntime({
    stateDir: values.state,
    agents: values.agents.split(',').filter(Boolean),
    ...(values['sip-port'] ? { sipPort: Number(values['sip-port']) } : {}),
    progress: progressOn(stderr, lang),
  });
  stdout.write(values.json ? `${JSON.stringify({ ...runtime, stop: undefined })}\n` : addresses(runtime));
  await ended;
  await runtime.stop();
  return 0;
};

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function addresses(runtime: Runtime): string {
  const { ari, ami, ariListen } = runtime;
  return [
    `DATABASE_URL=${runtime.databaseUrl}`,
    `REDIS_URL=${runtime.redisUrl}`,
    `ASTERISK_ARI_URL=${withLogin(ari.url, ari)}`,
    `ASTERISK_AMI_URL=ami://${ami.user}:${ami.password}@${ami.host}:${ami.port}`,
    `ARI_LISTEN=ws://${ariListen.user}:${ariListen.password}@127.0.0.1:${ariListen.port}/ari`,
    `SIP=${runtime.sipHost}:${runtime.sipPort}`,
    `RECORDINGS=${runtime.recordingsDir}`,
    ...Object.entries(runtime.secrets.agents).map(([id, agent]) => `AGENT ${id} SIP password ${agent.sip}`),
    '',
  ].join('\n');
}

function withLogin(url: string, login: { user: string; password: string }): string {
  return url.replace('://', `://${login.user}:${login.password}@`);
}
