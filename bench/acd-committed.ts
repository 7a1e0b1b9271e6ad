/** Steps decided and committed in a Redis of the bench's own, with its append-only file as in service; and that state read again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readEnvironment } from '../runtime/environment.ts';
import { findPrograms } from '../runtime/program.ts';
import { silent } from '../runtime/progress.ts';
import { startRedis } from '../runtime/redis.ts';
import { makeCentre } from '../src/acd/centre.ts';
import { Engine } from '../src/acd/engine.ts';
import { steadyClock } from '../src/base/clock.ts';
import { step } from '../src/acd/step.ts';
import { createJournal } from '../src/store/journal.ts';
import { redisKeys } from '../src/store/keys.ts';
import { openRedis } from '../src/store/redis.ts';
import { makeSeal } from '../src/store/seal.ts';
import { idealPhones } from './ideal-phones.ts';
import { largeRouting, waitingContacts } from './large-centre.ts';
import type { Size } from './large-centre.ts';
import { rounded } from './quantile.ts';

const measuredMs = 10_000;
const warmUpMs = 3_000;

export async function committedSteps(size: Size): Promise<Record<string, number>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'rexian-bench-'));
  const log = pino({ level: 'silent' });
  const server = await startRedis({ stateDir, programs: await findPrograms(readEnvironment(), silent), password: 'bench' });
  const redis = await openRedis(server.url, { name: 'bench', log });
  try {
    const centre = 'bench';
    await redis.set(redisKeys(centre).epoch, '1');
    const journal = createJournal({ redis, centre, epoch: 1, seal: makeSeal('bench'.repeat(10)) });
    const routing = largeRouting(size);
    const contacts = waitingContacts(size);
    for (let from = 0; from < contacts.length; from += 1_000) {
      const some = contacts.slice(from, from + 1_000);
      await journal.commit({ firstSeq: 1 + from / 1_000, events: [{ type: 'switch-changed', at: 0, up: false }], changes: { contacts: new Map(some.map((one) => [one.id, one])), agents: new Map(), offers: new Map(), closed: new Map(), left: new Map(), lines: new Map() } });
    }
    const loadFrom = performance.now();
    const stored = await journal.load();
    const state = makeCentre(routing, stored, steadyClock.now());
    const recoveredMs = performance.now() - loadFrom;
    if (stored.contacts.length !== size.waiting) throw new Error(`${stored.contacts.length} of ${size.waiting} contacts came back`);
    return { ...(await engineSteps(state, size, createJournal({ redis, centre, epoch: 1, seal: makeSeal('bench'.repeat(10)) }), Math.ceil(contacts.length / 1_000))), recoveredMs: rounded(recoveredMs) };
  } finally {
    redis.disconnect();
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function engineSteps(centre: ReturnType<typeof makeCentre>, size: Size, journal: ReturnType<typeof createJournal>, committed: number): Promise<Record<string, number>> {
  step(centre, { type: 'switch-seen', at: steadyClock.now(), startedAt: 0, legs: [...centre.contacts.values()].map(({ leg }) => ({ leg, role: 'caller', state: 'up', ani: '', dnis: '4000', since: 0 })), bridges: [], devices: [] });
  const phones = idealPhones(centre.routing, size.waiting, () => steadyClock.now());
  const failed = Promise.withResolvers<never>();
  let [taken, commits] = [0, committed];
  let passing = false;
  /** No more than Redis takes: the engine would go on without it, and its steps would be steps without a commit. */
  const pass = (): void => {
    if (engine.spooled > 0) return void setTimeout(pass, 1);
    passing = false;
    const inputs = phones.inputs.splice(0);
    taken += inputs.length;
    for (const input of inputs) engine.post(input);
  };
  const passSoon = (): void => {
    if (passing) return;
    passing = true;
    // After the orders of the same batch.
    setImmediate(pass);
  };
  const engine: Engine = new Engine({
    centre, clock: steadyClock, epoch: 1,
    // The contacts that stand there already were written outside the engine.
    journal: { load: journal.load, commit: (batch) => ((commits += 1), journal.commit({ ...batch, firstSeq: batch.firstSeq + committed })) },
    send: (orders) => phones.follow([], orders),
    onFatal: failed.reject,
    onForgot: () => failed.reject(new Error('Redis forgot')),
  });
  engine.onCommitted((events) => {
    phones.follow(events.map(({ event }) => event), []);
    passSoon();
  });
  const until = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  for (const agent of centre.routing.agents.keys()) phones.inputs.push({ type: 'sign-in', at: steadyClock.now(), agent }, { type: 'make-ready', at: steadyClock.now(), agent });
  passSoon();
  await Promise.race([until(warmUpMs), failed.promise]);
  const [from, takenFrom, commitsFrom] = [performance.now(), taken, commits];
  await Promise.race([until(measuredMs), failed.promise]);
  const seconds = (performance.now() - from) / 1_000;
  const figures = { committedStepsPerSecond: Math.round((taken - takenFrom) / seconds), commitsPerSecond: Math.round((commits - commitsFrom) / seconds) };
  await engine.stop();
  return figures;
}
