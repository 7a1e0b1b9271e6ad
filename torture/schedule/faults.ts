/** What goes wrong, and until when: each is over when the service is ready again with all its parts. */
import process from 'node:process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../runtime/until.ts';
import type { Stage } from '../../stage/stage.ts';
import { elapsed, freeze, killPostgres, restartRedis } from '../actors/stores.ts';
import type { Fault } from './plan.ts';

/** Longer than any of them takes on a loaded machine. */
const readyWithinMs = 20_000;

/** `cut` ends the callers of a dead Asterisk. */
export async function breakIt(stage: Stage, fault: Fault, forMs: number, cut: () => Promise<void>): Promise<void> {
  await does[fault](stage, forMs, cut);
  await isReady(stage, fault);
}

export async function isReady(stage: Stage, after = 'a fault'): Promise<void> {
  await until(async () => ((await fetch(`${stage.service.url}/health/ready`).catch(() => undefined))?.status === 200 || undefined), { limitMs: readyWithinMs, what: `the service ready after ${after}` });
}

const does: { readonly [One in Fault]: (stage: Stage, forMs: number, cut: () => Promise<void>) => Promise<void> } = {
  'service-killed': async (stage) => {
    await stage.service.kill('SIGKILL');
    await stage.startAgain({ httpPort: 0 });
  },
  'service-stopped': (stage, forMs) => freeze(stage.service.pid, forMs),
  'service-followed': (stage) => followed(stage, (owner) => owner.kill('SIGKILL')),
  'service-stopped-and-followed': (stage) => followed(stage, (owner) => owner.kill('SIGSTOP')),
  'service-handed-over': (stage) => followed(stage, (owner) => owner.stop()),
  'redis-stopped': ({ runtime }, forMs) => freeze(runtime.pids.redis, forMs),
  'redis-killed': (stage, forMs) => restartRedis(stage, () => elapsed(forMs)),
  'redis-emptied': (stage, forMs) => restartRedis(stage, async () => {
    await rm(join(stage.runtime.stateDir, 'redis/appendonlydir'), { recursive: true });
    await elapsed(forMs);
  }),
  'postgres-stopped': ({ runtime }, forMs) => freeze(runtime.pids.postgres, forMs),
  'postgres-killed': async (stage, forMs) => {
    const killed = await killPostgres(stage, { durable: true });
    await elapsed(forMs);
    await killed.startAgain();
  },
  'asterisk-stopped': ({ runtime }, forMs) => freeze(runtime.pids.asterisk, forMs),
  'asterisk-killed': async ({ runtime }, _, cut) => {
    const killed = runtime.pids.asterisk ?? 0;
    process.kill(killed, 'SIGKILL');
    await cut();
    await until(() => runtime.pids.asterisk !== killed || undefined, { limitMs: readyWithinMs, what: 'another Asterisk' });
  },
  'ari-reset': async ({ wires: { ari } }) => void ari?.reset(),
  'ari-held-up': async ({ wires: { ari } }, forMs) => {
    ari?.freeze();
    await elapsed(forMs);
    ari?.heal();
  },
  'ari-half-open': async ({ wires: { ari } }, forMs) => {
    ari?.blackhole();
    await elapsed(forMs);
    ari?.heal();
  },
  'ami-reset': async ({ wires: { ami } }) => void ami?.reset(),
  'ami-half-open': async ({ wires: { ami } }, forMs) => {
    ami?.blackhole();
    await elapsed(forMs);
    ami?.heal();
  },
};

/** Another stands by, and takes over from the one to which this is done. */
async function followed(stage: Stage, end: (owner: Stage['service']) => Promise<void>): Promise<void> {
  const owner = stage.service;
  const next = await stage.startAgain({ startedWhen: 'standby', httpPort: 0 });
  await end(owner);
  await until(() => (Number.isNaN(next.readyMs) ? undefined : true), { limitMs: readyWithinMs, what: 'the standby owns the centre' });
  // One that was stopped is ended by its successor.
  await until(async () => ((await owner.live()) === 0 || undefined), { limitMs: 2_000, what: 'the end of the owner before' });
}
