// 64 file descriptors: calls have theirs, desktops the rest; with fewer the service says so and does not start.

import { access, constants } from 'node:fs/promises';
import type { Desktop } from '../../runtime/desktop.ts';
import { startService } from '../../runtime/service.ts';
import { SetupError } from '../../runtime/setup-error.ts';
import { until } from '../../runtime/until.ts';
import type { Stage } from '../../stage/stage.ts';
import type { Case } from '../case.ts';

const prlimit = '/usr/bin/prlimit';
const through = (files: number): readonly string[] => [prlimit, `--nofile=${files}:${files}`, '--'];
const agents = 10;

export const resourcesOpenFiles: Case = {
  name: 'resources-open-files',
  says: { en: 'a service that may hold 64 files and sockets', zh: '服务只有 64 个文件描述符' },
  stage: { agents, service: { through: through(64) } },
  cannot: async () => access(prlimit, constants.X_OK).then(() => undefined, () => ({ en: `${prlimit} is not here (util-linux)`, zh: `缺少 ${prlimit}（util-linux）` })),
  async run({ stage, size }) {
    const phones = await stage.phones(stage.agents, { ringMs: 100, talkMs: 500, speaking: true });
    for (const agent of stage.agents) for (const desktop of await stage.ready([agent])) await desktop.close();
    const { open, refused } = await openMany(stage);
    if (refused.length === 0 || !refused.every((reason) => reason.includes('too-many-desktops'))) throw new Error(`desktops past the limit were told: ${refused[0] ?? 'nothing'}`);

    const calls = size === 'short' ? 30 : 300;
    const run = await stage.callers({ calls, callsPerSecond: 10, limitSeconds: 120 });
    // Asterisk loses its connection while no socket is left for anybody else, and has one for its new one.
    await reload(stage);
    const { successful, errors } = await run.outcome;
    if (successful !== calls) throw new Error(`${successful} of ${calls} callers were served: ${errors.slice(0, 400)}`);

    for (const desktop of open) await desktop.close();
    for (const agent of stage.agents) {
      const desktop = await stage.desktop(agent);
      await desktop.command({ type: 'sign-out' });
      await desktop.close();
    }
    await phones.stop();
    await refusedWith(stage, 60);
    return { placed: calls, figures: { desktops: open.length, refused: refused.length } };
  },
};

async function openMany(stage: Stage): Promise<{ readonly open: readonly Desktop[]; readonly refused: readonly string[] }> {
  const open: Desktop[] = [];
  const refused: string[] = [];
  for (const agent of stage.agents) {
    await stage.desktop(agent).then((desktop) => open.push(desktop), (error: unknown) => refused.push(String(error)));
  }
  return { open, refused };
}

async function reload(stage: Stage): Promise<void> {
  const { url, user, password } = stage.runtime.ari;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(`${url}/ari/asterisk/modules/res_ari.so`, { method: 'PUT', headers: { authorization } });
  if (!answer.ok && answer.status !== 204) throw new Error(`res_ari.so was not loaded anew: ${answer.status}`);
  await until(async () => ((await fetch(`${stage.service.url}/health/ready`).then(({ ok }) => ok, () => false)) ? true : undefined), { limitMs: 10_000, what: 'the service ready after Asterisk came anew' });
}

/** A second service beside the first: it must go before it touches anything. */
async function refusedWith({ runtime, configDir }: Stage, files: number): Promise<void> {
  const started = await startService({ runtime, configDir, lang: 'en', supervise: false, name: 'service-too-few', through: through(files) }).catch((error: unknown) => error);
  if (!(started instanceof SetupError)) throw new Error(`with ${files} open files the service was not refused`);
  if (!started.text.en.includes('ulimit -n')) throw new Error(`the refusal does not say why: ${started.text.en.slice(-300)}`);
}
