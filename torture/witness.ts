/**
 * Looks at the centre several times a second while a case plays, and keeps what no later look can show: whom Asterisk
 * had joined, and what the service said of itself while its parts were up or down.
 */
import { readFile } from 'node:fs/promises';
import type { Stage } from '../stage/stage.ts';
import { redisKeys } from '../src/store/keys.ts';
import { pairsInSwitch } from './promises/pairs.ts';
import type { Bridge, Channel } from './seen.ts';
import type { HealthSample } from './promises/health.ts';

export interface Witness {
  /**
   * What was wrong in Asterisk in two looks in a row: a phone that hung up may take its next call some milliseconds
   * before Asterisk has taken the last one out of its bridge. How long that talk was is in the rows.
   */
  readonly pairs: string[];
  readonly health: HealthSample[];
  /** Looks at Asterisk that were answered. */
  looks(): number;
  stop(): Promise<void>;
}

const everyMs = 200;
/** Longer than any case; a witness that nobody stops must not fill the memory. */
const samplesMax = 100_000;

export function startWitness(stage: Stage): Witness {
  const pairs: string[] = [];
  const health: HealthSample[] = [];
  let looks = 0;
  let last = new Set<string>();
  const ended = new AbortController();
  const switchLoop = repeat(ended.signal, async () => {
    const seen = await Promise.all([stage.ask<Channel>('channels'), stage.ask<Bridge>('bridges')]).catch(() => undefined);
    // Asterisk is away, which is what the case is about.
    if (seen === undefined) return;
    const [channels, bridges] = seen;
    if (!Array.isArray(channels) || !Array.isArray(bridges)) return;
    looks += 1;
    const found = pairsInSwitch(channels, bridges, stage.config.agents);
    if (pairs.length < samplesMax) pairs.push(...found.filter((one) => last.has(one)));
    last = new Set(found);
  });
  const healthLoop = repeat(ended.signal, async () => {
    if (health.length < samplesMax) health.push(await sample(stage));
  });
  return {
    pairs, health,
    looks: () => looks,
    stop: async () => {
      ended.abort();
      await Promise.all([switchLoop, healthLoop]);
    },
  };
}

async function repeat(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    await work();
    // A look that takes long is repeated less often, or the witness would be the load.
    const pauseMs = Math.max(everyMs, 4 * (performance.now() - startedAt));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

async function sample(stage: Stage): Promise<HealthSample> {
  const { asterisk } = stage.runtime.pids;
  const around = async (): Promise<Truth> => {
    const [service, switched, owner] = await Promise.all([stateOf(stage.service.pid), asterisk === undefined ? ('up' as const) : stateOf(asterisk), ownerOf(stage)]);
    return { service, asterisk: switched, owner };
  };
  const before = await around();
  const [live, ready] = await Promise.all([status(`${stage.service.url}/health/live`), status(`${stage.service.url}/health/ready`)]);
  const after = await around();
  return { at: performance.now(), live, ready, service: same(before.service, after.service), asterisk: same(before.asterisk, after.asterisk), owner: same(before.owner, after.owner) };
}

interface Truth {
  readonly service: 'up' | 'stopped' | 'dead';
  readonly asterisk: 'up' | 'stopped' | 'dead';
  readonly owner: 'somebody' | 'nobody' | 'unknown';
}

/** What changed while we looked is nobody's lie. */
const same = <Value extends string>(before: Value, after: Value): Value | 'changing' => (before === after ? before : 'changing');

async function status(url: string): Promise<number | undefined> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(async (response) => (await response.body?.cancel(), response.status), () => undefined);
}

/** The kernel's word. A zombie is dead. */
async function stateOf(pid: number): Promise<Truth['service']> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const state = text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
  if (state === 'T' || state === 't') return 'stopped';
  return state === '' || state === 'Z' || state === 'X' ? 'dead' : 'up';
}

/** A Redis that is a replica takes no renewal and gives the lease to nobody: its word is worth nothing. */
async function ownerOf({ redis, config }: Stage): Promise<Truth['owner']> {
  if (redis.status !== 'ready') return 'unknown';
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, 1_000, undefined).unref());
  const asked = Promise.all([redis.exists(redisKeys(config.centre.id).lease), redis.role()]).catch(() => undefined);
  const [exists, role] = (await Promise.race([asked, late])) ?? [];
  if (exists === undefined || role?.[0] !== 'master') return 'unknown';
  return exists === 1 ? 'somebody' : 'nobody';
}
