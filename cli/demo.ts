// The main job, done by real phones and checked on the audio itself.

import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process, { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { loadCentre } from '../src/config/load.ts';
import { formatProblems } from '../src/config/format.ts';
import { startRuntime } from '../runtime/centre.ts';
import { progressOn } from '../runtime/progress.ts';
import { startService } from '../runtime/service.ts';
import { playDemo } from './demo-play.ts';
import { Timeline } from './timeline.ts';
import { defaultConfig } from './options.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({ args, options: { state: { type: 'string', default: '.state/demo' }, json: { type: 'boolean', default: false } } });
  const loaded = loadCentre(defaultConfig);
  if (!loaded.ok) {
    stderr.write(`${formatProblems(loaded.problems, lang)}\n`);
    return 1;
  }
  const stateDir = resolve(values.state);
  const releases: (() => Promise<unknown>)[] = [];
  // Ctrl-C in the middle leaves no phone and no server behind.
  const stopAll = async (): Promise<void> => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopAll().finally(() => process.exit(130)));

  const timeline = new Timeline(stdout, lang);
  try {
    timeline.title({ zh: 'Rexian 热线：一通电话的全过程', en: 'Rexian: one call from beginning to end' });
    const runtime = await startRuntime({ stateDir, agents: [...loaded.config.agents.keys()], progress: progressOn(stderr, lang) });
    releases.push(() => runtime.stop());
    const service = await timeline.check('service-ready', { zh: '服务启动并就绪', en: 'the service starts and is ready' }, async () => {
      const started = await startService({ runtime, configDir: defaultConfig, lang });
      releases.push(() => started.stop());
      return started;
    });
    const phones = join(stateDir, 'phones');
    await rm(phones, { recursive: true, force: true });
    const { contact, recording } = await playDemo({ runtime, service, timeline, lang, phones, config: loaded.config, release: (stop) => releases.push(stop) });
    timeline.verdict();
    if (values.json) stdout.write(`${JSON.stringify({ ok: timeline.ok, checks: timeline.checks, contact, recording })}\n`);
    return timeline.ok ? 0 : 1;
  } catch (error) {
    timeline.verdict(error instanceof Error ? error : new Error(String(error)));
    if (values.json) stdout.write(`${JSON.stringify({ ok: false, checks: timeline.checks, contact: null, recording: null })}\n`);
    return 1;
  } finally {
    await stopAll();
  }
};
