// One Redis, PostgreSQL and Asterisk for the whole run. A test that breaks servers starts its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TestProject } from 'vitest/node';
import type { Runtime } from '../../runtime/centre.ts';
import { langFrom, readEnvironment } from '../../runtime/environment.ts';
import { progressOn } from '../../runtime/progress.ts';
import { startRuntime } from './start-runtime.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    runtime: Omit<Runtime, 'stop' | 'setAgents'>;
  }
}

/** Agents whose phones may register with the shared Asterisk. */
export const testAgents = Array.from({ length: 20 }, (_, index) => String(1001 + index));

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (readEnvironment().testServices === 'containers') await (await import('./containers.ts')).buildImages();
  const stateDir = await mkdtemp(join(tmpdir(), 'rexian-test-'));
  // What is provided goes to other processes: data only.
  const { stop, setAgents: _, ...runtime } = await startRuntime({
    stateDir, agents: testAgents, durable: false, progress: progressOn(process.stderr, langFrom()),
  });
  project.provide('runtime', runtime);
  return async () => {
    await stop();
    await rm(stateDir, { recursive: true, force: true });
  };
}
